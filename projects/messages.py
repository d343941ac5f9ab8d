"""Who hears of what happens to a project, in which words. A notice carries number, kind, due and link, never a name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import conflicts
from accounts.models import Post, Unit
from accounts.roles import UNIT_ROLES, Role
from common import clock
from deadlines import calendar
from notices import messages as words
from notices.models import Kind
from notices.services import notify
from projects.chains import Beat
from projects.finding import lines_reaching
from projects.models import Lead, Line, PlanReturn, PlanRevision, Project
from projects.states import ChainMeetingKind


def tell_of_revision(revision: PlanRevision) -> None:
    """A later date waits for the coordinators' consent; for the supervisors', where it is their own unit's."""
    project, unit_id = revision.item.project, revision.item.unit_id or revision.item.project.unit_id
    unit = Unit.objects.filter(pk=unit_id).first()
    own = conflicts.people({unit.pk: unit.path})[unit.pk] if unit else set()
    desk = _posts(Role.COORDINATOR).exclude(user__in=own)
    posts = desk if desk.exists() else _posts(Role.SUPERVISOR).exclude(user__in=own)
    notify(
        key=f"revision:{revision.pk}",
        posts=posts.values_list("pk", flat=True),
        kind=Kind.TODO,
        word="revise_item",
        ref=project.code,
        path=_path("projects:plan", project),
        at=revision.asked_at,
    )


def tell_of_ruling(revision: PlanRevision) -> None:
    """Who asked hears what was ruled."""
    project = revision.item.project
    assert revision.ruled_at
    notify(
        key=f"ruling:{revision.pk}",
        users=[revision.asked_by_id] if revision.asked_by_id else [],
        kind=Kind.CHANGE,
        word="grant_revision" if revision.granted else "deny_revision",
        ref=project.code,
        path=_path("projects:plan", project),
        at=revision.ruled_at,
    )


def tell_of_park(lead: Lead) -> None:
    """A leader is asked for consent to a park; the service office answers in the leader's name as well."""
    assert lead.park_asked_at
    offices = Line.objects.living(clock.local(lead.park_asked_at).date()).filter(leader=lead.park_asked_of_id)
    office = Q(role=Role.SERVICE_OFFICE, unit__in=offices.values("office"))
    posts = Post.objects.current().filter(Q(pk=lead.park_asked_of_id) | office)
    notify(
        key=f"park:{lead.pk}:{lead.park_asked_at.timestamp()}",
        posts=posts.values_list("pk", flat=True),
        kind=Kind.TODO,
        word="answer_park",
        ref=lead.project.code,
        path=_path("projects:answer_park", lead.project),
        at=lead.park_asked_at,
    )


def tell_of_park_answer(lead: Lead) -> None:
    """The coordinators hear the leader's word."""
    assert lead.park_answered_at
    notify(
        key=f"park.answer:{lead.pk}:{lead.park_answered_at.timestamp()}",
        posts=_posts(Role.COORDINATOR).values_list("pk", flat=True),
        kind=Kind.CHANGE,
        word="park.consent" if lead.park_consent else "park.refused",
        ref=lead.project.code,
        path=_path("projects:lead", lead.project),
        at=lead.park_answered_at,
    )


def tell_of_brief(lead: Lead) -> None:
    """A brief is out: its addressees who have a word to say on it."""
    assert lead.briefed_at
    leading = Post.objects.current().filter(
        pk__in=addressees(lead, lead.briefed_at), role__in=[Role.LEADER, Role.CHIEF]
    )
    notify(
        key=f"brief:{lead.pk}",
        posts=leading.values_list("pk", flat=True),
        kind=Kind.TODO,
        word="give_opinion",
        ref=lead.project.code,
        path=_path("projects:lead", lead.project),
        at=lead.briefed_at,
    )


def addressees(lead: Lead, at: datetime) -> list[int]:
    """Of a brief: the chiefs, and the leaders whose project, park or line it is; another line's leader is none. The
    coordinators keep the list from being empty: a paper without readers is for all staff."""
    project = lead.project
    reached = [line.leader_id for line in lines_reaching(project, clock.local(at).date())]
    managers = project.managers.in_charge(at)
    mine = Q(pk=lead.park_asked_of_id) | Q(pk__in=reached) | Q(pk__in=managers.values("leader"))
    found = Post.objects.current(at).filter(mine | Q(role__in=[Role.CHIEF, Role.COORDINATOR]))
    return sorted(set(found.values_list("pk", flat=True)))


def tell_of_return_over(found: PlanReturn, *, at: datetime) -> None:
    """The days for completing are over and the limit runs again: the officers and head of the unit that answers."""
    item = found.item
    posts = Post.objects.current().filter(unit=item.unit_id or item.project.unit_id, role__in=UNIT_ROLES)
    notify(
        key=f"return:{found.pk}",
        posts=posts.values_list("pk", flat=True),
        kind=Kind.REMINDER,
        word="return.over",
        ref=item.project.code,
        path=_path("projects:plan", item.project),
        at=at,
    )


def tell_of_silence(project: Project, posts: Iterable[int], *, since: date, at: datetime) -> int:
    """Nobody was in touch since then: the manager and the specialists, once per silence."""
    return notify(
        key=f"silence:project:{project.pk}:{since}",
        posts=posts,
        kind=Kind.REMINDER,
        word="silence",
        ref=project.code,
        path=_path("projects:log", project),
        at=at,
    )


def tell_of_missing_month(unit_id: int, month: date, *, at: datetime) -> int:
    """The figures of a unit's projects are missing: its officers and head, once per unit and month."""
    posts = Post.objects.current().filter(unit=unit_id, role__in=UNIT_ROLES)
    return notify(
        key=f"months:{month:%Y-%m}:{unit_id}",
        posts=posts.values_list("pk", flat=True),
        kind=Kind.REMINDER,
        word="enter_months",
        ref=f"{month:%Y-%m}",
        path=f"{reverse('projects:investment')}?month={month:%Y-%m}",
        due_at=calendar.close_of_business(entered_by(month)),
        at=at,
    )


def tell_of_missing_answers(month: date, *, at: datetime) -> int:
    """Statistics still owes its word on entered figures: once per month."""
    return notify(
        key=f"answers:{month:%Y-%m}",
        posts=_posts(Role.STATISTICS).values_list("pk", flat=True),
        kind=Kind.REMINDER,
        word="answer_months",
        ref=f"{month:%Y-%m}",
        path=f"{reverse('projects:investment')}?month={month:%Y-%m}",
        due_at=calendar.close_of_business(answered_by(month)),
        at=at,
    )


def tell_of_friday(day: date, *, at: datetime) -> int:
    """The week's report on approvals is there: coordinators and discipline office, once per week."""
    return notify(
        key=f"friday:{day}",
        posts=_posts(Role.COORDINATOR, Role.DISCIPLINE).values_list("pk", flat=True),
        kind=Kind.CHANGE,
        word="friday",
        ref=f"{day}",
        path=f"{reverse('projects:friday')}?day={day}",
        at=at,
    )


def tell_of_missed_meeting(beat: Beat, *, at: datetime) -> int:
    """A meeting of a chain that was missed: its leader, the heads of its task force, the coordinators; once per day on
    which it was due."""
    heads = Q(role=Role.UNIT_HEAD, unit__in=[unit.pk for unit in beat.chain.units.all()])
    wanted = Q(role=Role.COORDINATOR) | Q(pk=beat.chain.leader_id)
    if beat.kind == ChainMeetingKind.FORCE:
        wanted |= heads
    return notify(
        key=f"chain:{beat.chain.pk}:{beat.kind}:{beat.due}",
        posts=Post.objects.current().filter(wanted).values_list("pk", flat=True),
        kind=Kind.REMINDER,
        word=f"chain.{beat.kind}",
        ref=beat.chain.name[:60],
        path=reverse("projects:chain", args=[beat.chain.pk]),
        due_at=calendar.close_of_business(beat.due),
        at=at,
    )


def entered_by(month: date) -> date:
    """The last day on which a unit enters ``month``: the 25th of the next one."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 25)


def answered_by(month: date) -> date:
    """The last day on which statistics answers ``month``: the 28th of the next one."""
    return entered_by(month).replace(day=28)


def _posts(*roles: str) -> QuerySet[Post]:
    return Post.objects.current().filter(role__in=roles)


def _path(name: str, project: Project) -> str:
    return reverse(name, args=[project.code])


def register() -> None:
    words.register("revise_item", _("%(ref)s: a later date in the plan waits for consent"))
    words.register("grant_revision", _("%(ref)s: the later date in the plan was consented to"))
    words.register("deny_revision", _("%(ref)s: the later date in the plan was not consented to"))
    words.register("answer_park", _("%(ref)s: your consent to the park is asked for"))
    words.register("park.consent", _("%(ref)s: the leader has consented to the park"))
    words.register("park.refused", _("%(ref)s: the leader has not consented to the park"))
    words.register("give_opinion", _("%(ref)s: the brief waits for your opinion"))
    words.register("return.over", _("%(ref)s: the days for completing the papers are over, the limit runs again"))
    words.register("silence", _("%(ref)s: nobody has been in touch for 30 days"))
    words.register("enter_months", _("Investment of %(ref)s: figures of your projects are missing, due %(due)s"))
    words.register("answer_months", _("Investment of %(ref)s: figures wait for the word of statistics, due %(due)s"))
    words.register("chain.chief", _("Industry chain %(ref)s: the leader's meeting was missed, due %(due)s"))
    words.register("chain.force", _("Industry chain %(ref)s: the task force's meeting was missed, due %(due)s"))
    words.register("friday", _("Approvals: the report of the week up to %(ref)s"))
