"""Who manages a project and who stands behind the manager. Rows are ended, never changed: they are the history."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Post
from accounts.roles import Role
from common import clock
from common.errors import Conflict, NotVisible, ValidationError, require
from deadlines.services import clocks
from projects.models import Project, ProjectManager, TeamMember
from projects.services._steps import bump, check, entered, not_future, note, take_project
from projects.states import SUBJECT, Duty

LEADING = (Role.LEADER, Role.CHIEF)
# Who may manage a project, serve it, or be its first contact: not those who watch, count, audit or administer.
SERVING = (*LEADING, Role.UNIT_HEAD, Role.UNIT_OFFICER, Role.SPECIALIST, Role.SERVICE_OFFICE, Role.COORDINATOR)
R = TypeVar("R", ProjectManager, TeamMember)


@transaction.atomic
def name_manager(
    *,
    actor: Actor,
    code: str,
    post: Post,
    leader: Post | None = None,
    reason: str = "",
    on: date | None = None,
    version: int | None = None,
) -> ProjectManager:
    """``post`` manages the project from ``on`` (today): a leader's, or a cadre's with the ``leader`` above who answers.
    A second one from 10 亿元 is asked for, never demanded. 404, 409, 403, 400."""
    project = take_project(actor, "name_manager", code, version)
    day = on or clock.today()
    not_future("on", day)
    above = leader_of(post, leader)
    if project.managers.filter(post=post, ends_on__isnull=True).exists():
        raise ValidationError({"post": [_("This person manages the project already.")]})
    row = add_manager(project, post=post, leader=above, actor=actor, on=day, reason=reason)
    note(actor, "name_manager", project, project.code, holder=post.pk, leader=above.pk, reason=row.reason)
    return row


def add_manager(
    project: Project, *, post: Post, leader: Post, actor: Actor, on: date, reason: str, order: int | None = None
) -> ProjectManager:
    """The row itself, behind those that are there, and the project's first manager kept."""
    last = project.managers.filter(ends_on__isnull=True).order_by("-order").values_list("order", flat=True).first()
    row = ProjectManager(
        project=project,
        post=post,
        leader=leader,
        order=order or (last or 0) + 1,
        starts_on=on,
        reason=reason.strip(),
        named_by=actor.user,
    )
    entered(row)
    keep_first(project)
    return row


@transaction.atomic
def end_manager(
    *, actor: Actor, code: str, manager_id: int, reason: str, on: date | None = None, version: int | None = None
) -> ProjectManager:
    """The last day of a manager is ``on`` (today). 404, 409, 403, 400."""
    project = take_project(actor, "end_manager", code, version)
    row = _found(project.managers.filter(pk=manager_id).first())
    row.end_reason = _ended(row, reason)
    row.ends_on = _last_day(row, on)
    check(row)
    row.save(update_fields=["ends_on", "end_reason"])
    keep_first(project)
    note(actor, "end_manager", project, project.code, holder=row.post_id, reason=row.end_reason)
    return row


@transaction.atomic
def name_member(
    *, actor: Actor, code: str, post: Post, duty: str, on: date | None = None, version: int | None = None
) -> TeamMember:
    """``post`` is of the service team from ``on`` (today): specialist, agent for errands, or member. 404, 409, 403,
    400."""
    project = take_project(actor, "name_member", code, version)
    day = on or clock.today()
    not_future("on", day)
    in_post(post)
    if duty not in Duty.values:
        raise ValidationError({"duty": [_("Choose one of the list.")]})
    if project.team.filter(post=post, duty=duty, ends_on__isnull=True).exists():
        raise ValidationError({"post": [_("This person does this for the project already.")]})
    row = TeamMember.objects.create(project=project, post=post, duty=duty, starts_on=day, named_by=actor.user)
    bump(project)
    note(actor, "name_member", project, project.code, holder=post.pk, duty=duty)
    return row


@transaction.atomic
def end_member(
    *, actor: Actor, code: str, member_id: int, reason: str, on: date | None = None, version: int | None = None
) -> TeamMember:
    """404, 409, 403, 400."""
    project = take_project(actor, "end_member", code, version)
    row = _found(project.team.filter(pk=member_id).first())
    row.end_reason = _ended(row, reason)
    row.ends_on = _last_day(row, on)
    check(row)
    row.save(update_fields=["ends_on", "end_reason"])
    bump(project)
    note(actor, "end_member", project, project.code, holder=row.post_id, duty=row.duty, reason=row.end_reason)
    return row


def keep_first(project: Project) -> None:
    """``Project.manager`` is the leader of the first manager in charge: finding a leader asks that alone."""
    first = project.managers.filter(ends_on__isnull=True).order_by("order", "id").first()
    project.manager_id = first.leader_id if first else None
    bump(project, "manager")
    # The upper rungs of its deadlines tell the leader.
    clocks.hold(subject_kind=SUBJECT, subject_id=project.pk, leader_id=project.manager_id)


def leader_of(post: Post, leader: Post | None, field: str = "post") -> Post:
    """Who answers for what ``post`` manages: the leader's post itself, or the ``leader`` above a cadre. 400."""
    in_post(post, field)
    if post.role in LEADING:
        return post
    if leader is None or leader.role not in LEADING:
        raise ValidationError({"leader": [_("A cadre manages under a leader: choose the leader above.")]})
    in_post(leader, "leader")
    return leader


def in_post(post: Post, field: str = "post") -> None:
    if post.role not in SERVING or not Post.objects.current().filter(pk=post.pk).exists():
        raise ValidationError({field: [_("Nobody of the district holds this post now.")]})


def _found(row: R | None) -> R:
    if row is None:
        raise NotVisible
    return row


def _ended(row: ProjectManager | TeamMember, reason: str) -> str:
    if row.ends_on is not None:
        raise Conflict(_("This has ended already."), code="ended")
    require(reason=(reason.strip(), _("Say why.")))
    return reason.strip()


def _last_day(row: ProjectManager | TeamMember, on: date | None) -> date:
    day = on or clock.today()
    not_future("on", day)
    if day < row.starts_on:
        raise ValidationError({"on": [_("The last day lies before the first one.")]})
    return day
