"""服务记录: who was in touch with a project, and who is reminded when nobody was for thirty days.

Only human contact counts, on the day it happened: neither a reminder nor an edit nor the typing in is contact.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.services._steps import authorise, take
from common import clock
from common.errors import PermissionDenied, ValidationError
from notices.models import Notice
from projects import messages
from projects.models import Enterprise, LogEntry, Project, ProjectManager, TeamMember
from projects.policy import post_for
from projects.services._steps import check, not_future, note, still_going
from projects.states import Duty, Stage

SILENCE = timedelta(days=30)
EARLIEST = date(2000, 1, 1)


@transaction.atomic
def log_contact(
    *,
    actor: Actor,
    kind: str,
    on: date,
    text: str,
    project_id: int | None = None,
    enterprise_id: int | None = None,
) -> LogEntry:
    """A visit, call, talk or work on site ``on`` that day, whenever it is typed in; with a project, or with an
    enterprise as a whole. 404, 403, 400."""
    about: Project | Enterprise = (
        take(Enterprise, actor, pk=enterprise_id) if project_id is None else take(Project, actor, pk=project_id)
    )
    authorise(actor, "log_contact", about)
    if isinstance(about, Project):
        still_going(about, {Stage.STRUCK_OFF})
    if actor.user is None:
        raise PermissionDenied  # only people are in touch
    not_future("on", on)
    if on < EARLIEST:
        raise ValidationError({"on": [_("This day is too long ago.")]})
    project = about if isinstance(about, Project) else None
    entry = LogEntry(
        project=project,
        enterprise_id=project.enterprise_id if project else enterprise_id,
        kind=kind,
        on=on,
        text=text.strip(),
        by=actor.user,
        post=post_for(actor, "log_contact", type(about)),
        entered_at=clock.now(),
    )
    check(entry)
    entry.save()
    ref: object = project.code if project else enterprise_id
    note(actor, "log_contact", about, ref, kind=kind, on=on.isoformat())
    return entry


def remind_of_silence(*, now: datetime) -> int:
    """Each project that somebody looks after and with which nobody was in touch for thirty days: one reminder to its
    manager and specialists per silence, named by the day since when it lasts. Any number of runs tell once; contact
    that is typed in after the reminder, about a day before it, brings no second one within thirty days. Returns the
    number of notices."""
    today = clock.local(now).date()
    recent = Notice.objects.filter(word="silence", created_at__gt=now - SILENCE).values("ref")
    rows = Project.objects.living().with_contact().filter(last_contact__lte=today - SILENCE)
    silent = list(rows.exclude(code__in=recent).order_by("pk"))
    readers = _looking_after([project.pk for project in silent], now)
    return sum(
        messages.tell_of_silence(project, readers[project.pk], since=project.last_contact, at=now)
        for project in silent
        if project.pk in readers
    )


def _looking_after(projects: list[int], now: datetime) -> dict[int, list[int]]:
    """Project → posts of its managers, with the leaders above, and of its specialists."""
    found: dict[int, list[int]] = {}
    managers = ProjectManager.objects.in_charge(now).filter(project__in=projects)
    for project, post, leader in managers.values_list("project", "post", "leader"):
        found.setdefault(project, []).extend({post, leader})
    team = TeamMember.objects.in_charge(now).filter(project__in=projects, duty=Duty.SPECIALIST)
    rows = [*team.values_list("project", "post")]
    rows += Project.objects.filter(pk__in=projects, manager__isnull=False).values_list("pk", "manager")
    rows += Project.objects.filter(pk__in=projects, enterprise__specialist__isnull=False).values_list(
        "pk", "enterprise__specialist"
    )
    for project, post in rows:
        found.setdefault(project, []).append(post)
    return found
