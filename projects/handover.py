"""What of this app hangs on a post, and how it goes to an heir: when the post ends, all of it; when duties move, what
was chosen. Managers and members of a team are ended and named anew, so that the history stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts import audit, hooks
from accounts.actors import Actor
from accounts.hooks import Work
from accounts.models import Post
from common import clock
from deadlines.services import clocks
from projects.models import Enterprise, Lead, Line, Project, ProjectManager, TeamMember
from projects.querysets import LineQuerySet
from projects.services.managers import add_manager, keep_first
from projects.states import SUBJECT

CARE = ("liaison_leader", "specialist", "partner", "resident")


def hand_over(*, post: Post, heir: Post, actor: Actor, at: datetime) -> None:
    """Lines that still run, liaison, enterprises in care, projects, leads. Lines of the past keep their leader."""
    lines(post).update(leader=heir)
    for field in CARE:
        Enterprise.objects.filter(**{field: post}).update(**{field: heir})
    reason = _("Handed over when the post of %(name)s ended") % {"name": post.user.name}
    replace_managers(managed(post), post, heir, actor, reason)
    _replace_members(TeamMember.objects.filter(post=post, ends_on__isnull=True), heir, actor, reason)
    without_rows = list(Project.objects.filter(manager=post).values_list("pk", flat=True))
    clocks.hand_over(from_post_id=post.pk, to_post_id=heir.pk, subject_kind=SUBJECT, subject_ids=without_rows)
    Project.objects.filter(manager=post).update(manager=heir)  # of projects whose managers were never named one by one
    Lead.objects.filter(owner=post).update(owner=heir)
    Lead.objects.filter(park_asked_of=post, park_answered_at__isnull=True).update(park_asked_of=heir)


def managed(post: Post) -> QuerySet[ProjectManager]:
    """Where the post manages now, itself or as the leader above a cadre."""
    return ProjectManager.objects.filter(Q(post=post) | Q(leader=post), ends_on__isnull=True)


def replace_managers(rows: QuerySet[ProjectManager], post: Post, heir: Post, actor: Actor, reason: str) -> None:
    """End each row and name the heir in its place; a cadre stays and answers to the heir."""
    today = clock.today()
    _hold(rows)
    for row in rows.select_related("project", "post", "leader").order_by("project_id", "id"):
        row.ends_on, row.end_reason = max(today, row.starts_on), reason
        row.save(update_fields=["ends_on", "end_reason"])
        who = heir if row.post_id == post.pk else row.post
        leader = heir if row.leader_id == post.pk else row.leader
        if row.project.managers.filter(post=who, ends_on__isnull=True).exists():
            keep_first(row.project)
        else:
            add_manager(
                row.project, post=who, leader=leader, actor=actor, on=row.ends_on, reason=reason, order=row.order
            )
        audit.record(actor, "hand_over", "project", row.project.code, heir=heir.pk, reason=reason)


def _hold(rows: QuerySet[ProjectManager] | QuerySet[TeamMember]) -> None:
    """Lock the projects, always in one order: their versions count on while nobody else changes them."""
    projects = Project.objects.filter(pk__in=rows.values("project")).order_by("pk")
    list(projects.select_for_update(no_key=True).values_list("pk"))


def _replace_members(rows: QuerySet[TeamMember], heir: Post, actor: Actor, reason: str) -> None:
    today = clock.today()
    _hold(rows)
    for row in rows.select_related("project"):
        row.ends_on, row.end_reason = max(today, row.starts_on), reason
        row.save(update_fields=["ends_on", "end_reason"])
        if not row.project.team.filter(post=heir, duty=row.duty, ends_on__isnull=True).exists():
            TeamMember.objects.create(
                project=row.project, post=heir, duty=row.duty, starts_on=row.ends_on, named_by=actor.user
            )
        audit.record(actor, "hand_over", "project", row.project.code, heir=heir.pk, duty=row.duty, reason=reason)


def work(post: Post) -> Iterable[Work]:
    yield _work(_("Service lines"), [str(line) for line in lines(post)])
    care = Enterprise.objects.filter(in_care(post))
    yield _work(_("Enterprises"), care.values_list("name", flat=True))
    yield _work(_("Projects"), projects_of(post).values_list("name", flat=True))
    served = Project.objects.filter(team__post=post, team__ends_on__isnull=True).distinct()
    yield _work(_("Projects served"), served.values_list("name", flat=True))
    leads = Project.objects.filter(Q(lead__owner=post) | Q(lead__park_asked_of=post, lead__park_answered_at=None))
    yield _work(_("Leads"), leads.values_list("name", flat=True))


def _work(label: str, names: Iterable[str]) -> Work:
    found = list(names)
    return Work(label, len(found), tuple(found))


def projects_of(post: Post) -> QuerySet[Project]:
    return Project.objects.filter(Q(manager=post) | Q(pk__in=managed(post).values("project")))


def in_care(post: Post) -> Q:
    condition = Q()
    for field in CARE:
        condition |= Q(**{field: post})
    return condition


def lines(post: Post) -> LineQuerySet:
    today = clock.today()
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    return Line.objects.filter(still, leader=post, year__gte=today.year)


def register() -> None:
    hooks.on_post_end(hand_over, work=work)
