"""Assign: assign, refuse, sign, reassign, release."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Post, Unit
from common import clock
from common.errors import ValidationError
from deadlines import calendar
from deadlines.models import Clock
from deadlines.services import clocks
from deadlines.states import ClockKind
from issues import desks, policy
from issues.linescopes import category_names
from issues.models import Assignment, Issue
from issues.services import search
from issues.services.step import (
    Problems,
    Step,
    begin,
    category_by,
    desk_post,
    text_of,
    unit_by,
    units_by,
    word_of,
    wrong_state,
)
from issues.states import Action, Difficulty, State, Urgency
from projects.finding import find_leader

Kind, End, Verdict = Assignment.Kind, Assignment.End, Assignment.Verdict


@transaction.atomic
def assign(
    *,
    issue_id: int,
    actor: Actor,
    category: str,
    urgency: str,
    difficulty: str,
    unit: str,
    co_units: list[str] | None = None,
    leader: str | None = None,
    text: str = "",
    version: int | None = None,
) -> Issue:
    """交办. Signing, feedback and resolution start. After a refusal another unit gets new clocks (the refusal was
    right); the same unit keeps its first ones and may not refuse again."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.ASSIGN, version=version)
    issue = step.issue
    problems = Problems()
    found = problems.take(category_by, category)
    urgency = problems.take(word_of, urgency, Urgency, "urgency")
    difficulty = problems.take(word_of, difficulty, Difficulty, "difficulty")
    lead = problems.take(unit_by, unit)
    co = problems.take(units_by, co_units, but=lead) or []
    chosen = problems.take(_leader_by, leader) if leader else None
    text = problems.take(text_of, text, "text", needed=False)
    for one in [lead, *co]:
        if one and issue.about_unit_id and issue.about_unit_id in one.path:
            problems.add("unit", _("The unit complained of cannot handle the complaint."))
    problems.check()

    issue.category, issue.urgency, issue.difficulty = found, urgency, difficulty
    step.meet(ClockKind.ACCEPTANCE)
    same = _rule_on_refusal(step, lead)
    _give(step, lead, co, keeps_clocks=same)
    _find_leader(step, chosen)
    _start_assignment_clocks(step, co, keeps_clocks=same)
    issue.state, issue.assigned_at = State.ASSIGNED, issue.assigned_at if same else step.at
    issue.category_word = ""
    issue = step.finish(
        data={"unit": lead.code, "co_units": [one.code for one in co], "text": text, "final": issue.assignment_final},
        public=True,
        fields=(
            "category", "category_word", "urgency", "difficulty", "assigned_at", "lead_unit", "assignment_final",
            "leader", "line", "office", "leader_why",
        ),
    )  # fmt: skip
    search.index(issue)
    return issue


def _leader_by(username: str) -> Post:
    post = Post.objects.current().filter(user__username=username or "", role="leader").first()
    if post is None:
        raise ValidationError({"leader": [_("There is no leader of this user name.")]})
    return post


def _rule_on_refusal(step: Step, lead: Unit) -> bool:
    """The assignment after a refusal rules on it. Returns whether the same unit gets it back with its first clocks."""
    refused = step.issue.assignments.filter(kind=Kind.LEAD, end=End.REFUSED).order_by("-ended_at", "-id").first()
    if refused is None or refused.verdict:
        return False
    same = refused.unit_id == lead.pk
    refused.verdict = Verdict.REJECTED if same else Verdict.UPHELD
    refused.save(update_fields=["verdict"])
    if not same:
        step.stop("refused", ClockKind.FEEDBACK, ClockKind.RESOLUTION, part="")
    return same


def _give(step: Step, lead: Unit, co: list[Unit], *, keeps_clocks: bool) -> None:
    issue = step.issue
    # Parts of other co-units that still run belonged to the refused plan.
    dropped = issue.assignments.filter(kind=Kind.CO, ended_at__isnull=True).exclude(unit__in=co)
    for part in dropped:
        step.stop("released", part=f"co:{part.unit_id}")
    dropped.update(ended_at=step.at, end=End.RELEASED)
    kept = set(issue.assignments.filter(kind=Kind.CO, ended_at__isnull=True).values_list("unit_id", flat=True))
    before = issue.assignments.filter(unit=lead, kind=Kind.LEAD, end=End.REFUSED)
    issue.lead_unit, issue.assignment_final = lead, keeps_clocks or before.exists()
    Assignment.objects.create(
        issue=issue, unit=lead, kind=Kind.LEAD, round=issue.round, final=issue.assignment_final, started_at=step.at
    )
    Assignment.objects.bulk_create(
        Assignment(issue=issue, unit=one, kind=Kind.CO, round=issue.round, started_at=step.at)
        for one in co
        if one.pk not in kept
    )


def _find_leader(step: Step, chosen: Post | None) -> None:
    """The leader by rule; the desk may choose another one. None found is allowed, and shown."""
    issue = step.issue
    found = find_leader(
        project=issue.project,
        enterprise=issue.enterprise,
        unit_id=issue.lead_unit_id,
        town_id=issue.town_id,
        categories=category_names(issue.category),
        at=step.at,
    )
    issue.leader_id, issue.line_id, issue.office_id = found.leader_post_id, found.line_id, found.office_unit_id
    issue.leader_why = found.why
    if chosen and chosen.pk != found.leader_post_id:
        line = chosen.lines.living(clock.local(step.at).date()).order_by("order", "id").first()
        issue.leader, issue.line, issue.leader_why = chosen, line, "chosen"
        issue.office_id = line.office_id if line else None
    spare_the_accused(issue)


def spare_the_accused(issue: Issue) -> None:
    """No leader and no service office of the unit complained of: where none is left the chiefs decide."""
    accused = desks.barred(issue)
    if issue.leader and issue.leader.user_id in accused:
        issue.leader, issue.line, issue.leader_why = None, None, "none"
        issue.office_id = None
    if issue.office_id and issue.office_id == issue.about_unit_id:
        issue.office_id = None


def _start_assignment_clocks(step: Step, co: list[Unit], *, keeps_clocks: bool) -> None:
    issue = step.issue
    urgent = issue.urgency == Urgency.URGENT
    holder = {"holder_unit_id": issue.lead_unit_id}
    step.start(ClockKind.SIGNING, case="urgent" if urgent else "", **holder)
    if not keeps_clocks:
        step.start(ClockKind.FEEDBACK, **holder)
        step.start(ClockKind.RESOLUTION, case="urgent" if urgent else issue.difficulty, **holder)
    told = issue.leader_id or desk_post(issue)
    clocks.hold(subject_kind="issue", subject_id=issue.pk, leader_id=told, office_id=issue.office_id)
    running = set(
        Clock.objects.of("issue", issue.pk).open().filter(kind=ClockKind.FEEDBACK).values_list("part", flat=True)
    )
    for one in co:
        if f"co:{one.pk}" not in running:
            step.start(ClockKind.FEEDBACK, part=f"co:{one.pk}", holder_unit_id=one.pk)


@transaction.atomic
def refuse(
    *, issue_id: int, actor: Actor, reason: str, clause: str = "", unit: str | None = None, version: int | None = None
) -> Issue:
    """退单: the lead unit once, before the signing limit, never after a final assignment; the desk decides the same
    day. A co-unit's refusal returns only its part."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.REFUSE, version=version)
    issue = step.issue
    as_lead = step.right.party == "lead" and issue.state == State.ASSIGNED
    if not as_lead:
        found = policy.party(actor, "co", issue)
        if found is None:
            raise wrong_state(issue)
        step.right = found
    limit = _signing_limit(issue)
    if as_lead and issue.assignment_final:
        raise wrong_state(issue, _("The assignment is final: it cannot be refused again."))
    if limit is not None and step.at > limit:
        raise wrong_state(issue, _("The limit for signing is over: refusing is no longer possible."))
    problems = Problems()
    reason = problems.take(text_of, reason, "reason")
    clause = problems.take(text_of, clause, "clause", limit=500, needed=False)
    right = problems.take(unit_by, unit) if unit else None
    problems.check()
    return (_refuse_lead if as_lead else _refuse_part)(step, reason, clause, right)


def _signing_limit(issue: Issue) -> datetime | None:
    return (
        Clock.objects.of("issue", issue.pk)
        .filter(kind=ClockKind.SIGNING, part="", stopped_at__isnull=True)
        .order_by("-started_at", "-id")
        .values_list("due_at", flat=True)
        .first()
    )


def _refuse_lead(step: Step, reason: str, clause: str, right: Unit | None) -> Issue:
    issue = step.issue
    step.meet(ClockKind.SIGNING)
    part = issue.assignments.get(kind=Kind.LEAD, ended_at__isnull=True)
    part.ended_at, part.end, part.reason, part.clause, part.right_unit = step.at, End.REFUSED, reason, clause, right
    part.save(update_fields=["ended_at", "end", "reason", "clause", "right_unit"])
    issue.state = State.SUBMITTED
    step.start(ClockKind.ACCEPTANCE, due_at=same_day(step.at))
    step.told = {"unit_id": part.unit_id}
    return step.finish(data={"reason": reason, "clause": clause, "unit": right.code if right else None})


def same_day(at: datetime) -> datetime:
    """Close of business of the day itself, of the next working day when it is over or none."""
    table = calendar.current()
    due = calendar.close_of_business(clock.local(at).date())
    if table.is_working(clock.local(at).date()) and at < due:
        return due
    return calendar.close_of_business(table.add_working_days(clock.local(at).date(), 1))


def _refuse_part(step: Step, reason: str, clause: str, right: Unit | None) -> Issue:
    issue = step.issue
    part = next(p for p in policy.open_parts(issue) if p.kind == Kind.CO and _holds(step.actor, p.unit_id))
    part.ended_at, part.end, part.reason, part.clause, part.right_unit = step.at, End.REFUSED, reason, clause, right
    part.save(update_fields=["ended_at", "end", "reason", "clause", "right_unit"])
    step.stop("refused", part=f"co:{part.unit_id}")
    step.told = {"unit_id": part.unit_id}
    return step.finish(
        data={"reason": reason, "clause": clause, "unit": right.code if right else None, "part": part.unit.code}
    )


def _holds(actor: Actor, unit_id: int) -> bool:
    from accounts.policy import subtree_of

    return unit_id in subtree_of(actor)


@transaction.atomic
def sign(*, issue_id: int, actor: Actor, handler: str = "", version: int | None = None) -> Issue:
    """签收: by the lead unit; by the system when the limit is over (视同签收), which counts as late."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.SIGN, version=version)
    issue = step.issue
    handler = text_of(handler, "handler", limit=100, needed=False)
    met_at = step.at
    if actor.system:
        limit = _signing_limit(issue)
        if limit is not None and met_at <= limit:
            # The limit's own instant still belongs to the unit.
            met_at = limit + timedelta(seconds=1)
    step.meet(ClockKind.SIGNING, at=met_at)
    issue.state, issue.signed_at, issue.deemed_signed = State.HANDLING, met_at, actor.system
    issue.handler = handler or issue.handler
    return step.finish(
        data={"handler": handler, "deemed": actor.system}, public=True, fields=("signed_at", "deemed_signed", "handler")
    )


@transaction.atomic
def reassign(*, issue_id: int, actor: Actor, unit: str, reason: str, version: int | None = None) -> Issue:
    """改派: the old unit's clocks stop and its days stay in the ledger; the new one gets new clocks."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.REASSIGN, version=version)
    issue = step.issue
    problems = Problems()
    lead = problems.take(unit_by, unit)
    reason = problems.take(text_of, reason, "reason")
    if lead and lead.pk == issue.lead_unit_id:
        problems.add("unit", _("This unit already has the lead."))
    if lead and issue.about_unit_id and issue.about_unit_id in lead.path:
        problems.add("unit", _("The unit complained of cannot handle the complaint."))
    problems.check()
    clocks.resume(subject_kind="issue", subject_id=issue.pk, at=step.at)
    step.stop("reassigned", part="")
    step.stop("reassigned", part=f"co:{lead.pk}")
    issue.assignments.filter(kind=Kind.LEAD, ended_at__isnull=True).update(ended_at=step.at, end=End.REASSIGNED)
    issue.assignments.filter(unit=lead, ended_at__isnull=True).update(ended_at=step.at, end=End.RELEASED)
    co = [part.unit for part in issue.assignments.filter(kind=Kind.CO, ended_at__isnull=True).select_related("unit")]
    _give(step, lead, co, keeps_clocks=False)
    _find_leader(step, None)
    issue.state, issue.assigned_at, issue.suspended_from, issue.handler = State.ASSIGNED, step.at, "", ""
    issue.extensions = 0
    _start_assignment_clocks(step, co, keeps_clocks=False)
    return step.finish(
        data={"unit": lead.code, "reason": reason},
        public=True,
        fields=(
            "assigned_at", "lead_unit", "assignment_final", "suspended_from", "handler", "leader", "line", "office",
            "leader_why", "extensions",
        ),
    )  # fmt: skip


@transaction.atomic
def release(*, issue_id: int, actor: Actor, unit: str, reason: str, version: int | None = None) -> Issue:
    """The desk ends a silent co-unit's part, with a reason."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.RELEASE, version=version)
    problems = Problems()
    reason = problems.take(text_of, reason, "reason")
    part = next((p for p in policy.open_parts(step.issue) if p.kind == Kind.CO and p.unit.code == unit), None)
    if part is None:
        problems.add("unit", _("This unit has no open part in the issue."))
    problems.check()
    assert part is not None
    part.ended_at, part.end, part.reason = step.at, End.RELEASED, reason
    part.save(update_fields=["ended_at", "end", "reason"])
    step.stop("released", part=f"co:{part.unit_id}")
    step.told = {"unit_id": part.unit_id}
    return step.finish(data={"unit": part.unit.code, "reason": reason})
