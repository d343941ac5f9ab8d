"""Coordinate: feed back, escalate, decide and the feedback on decisions, propose."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts import policy as engine
from accounts.actors import Actor
from accounts.roles import UNIT_ROLES
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from deadlines import calendar
from deadlines.services import clocks
from deadlines.states import ClockKind
from documents.models import Attachment
from issues import desks, policy
from issues.models import Assignment, Decision, DecisionFeedback, Issue
from issues.services.step import Problems, Step, begin, text_of, unit_by, units_by, word_of, wrong_state
from issues.states import FINAL, Action, Cause, Outcome, State

Kind, End = Assignment.Kind, Assignment.End


@transaction.atomic
def feed_back(
    *, issue_id: int, actor: Actor, text: str, public: bool = False, done: bool = False, version: int | None = None
) -> Issue:
    """反馈: what was done; ``public`` shows it to the enterprise. Feedback is met, progress begins anew. With ``done``
    a co-unit ends its part."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.FEED_BACK, version=version)
    problems = Problems()
    text = problems.take(text_of, text, "text")
    public, done = problems.take(flag, public, "public"), problems.take(flag, done, "done")
    if done and step.right.party != "co":
        problems.add("done", _("Only a co-unit ends its part; the lead unit proposes closing."))
    problems.check()
    data: dict[str, Any] = {"text": text, "done": done}
    if step.right.party == "co":
        _feed_back_part(step, done, data)
    else:
        restart_progress(step)
    if step.issue.first_feedback_at is None and step.right.party != "co":
        step.issue.first_feedback_at = step.at
    return step.finish(data=data, public=public, fields=("first_feedback_at",))


def flag(value: Any, name: str) -> bool:
    if value in (None, "", False, "false", "0"):
        return False
    if value in (True, "true", "on", "1"):
        return True
    raise ValidationError({name: [_("Yes or no is expected.")]})


def _feed_back_part(step: Step, done: bool, data: dict[str, Any]) -> None:
    parts = policy.open_parts(step.issue)
    part = next(p for p in parts if p.kind == Kind.CO and p.unit_id in engine.subtree_of(step.actor))
    step.meet(ClockKind.FEEDBACK, part=f"co:{part.unit_id}")
    part.answered_at = part.answered_at or step.at
    if done:
        part.ended_at, part.end = step.at, End.DONE
    part.save(update_fields=["answered_at", "ended_at", "end"])
    data["unit"] = part.unit.code


def restart_progress(step: Step) -> None:
    """First feedback is met; the next report is due a full interval from now. While suspended all stand still."""
    step.meet(ClockKind.FEEDBACK)
    if step.issue.state == State.SUSPENDED:
        return
    step.meet(ClockKind.PROGRESS)
    step.start(ClockKind.PROGRESS, holder_unit_id=step.issue.lead_unit_id)


@transaction.atomic
def escalate(*, issue_id: int, actor: Actor, text: str = "", version: int | None = None) -> Issue:
    """提请协调: what is needed from whom; one layer up, the coordination clock runs. The ladder needs no words."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.ESCALATE, version=version)
    if step.issue.layer >= 3:
        raise wrong_state(step.issue, _("The issue is already at the third layer."))
    text = text_of(text, "text", needed=not actor.system)
    raise_layer(step)
    return step.finish(data={"text": text}, fields=("layer",))


def raise_layer(step: Step) -> None:
    """One layer up, at most the third, and a coordination clock for the leader there."""
    issue = step.issue
    step.stop("escalated", ClockKind.COORDINATION, part="")
    issue.layer, issue.state = min(issue.layer + 1, 3), State.COORDINATING
    holder = {"holder_post_id": issue.leader_id} if issue.layer == 2 else {"holder_post_id": desks.chief(issue)}
    started = step.start(ClockKind.COORDINATION, case=f"layer{issue.layer}", **holder)
    # What is asked for is a decision by this instant; the case's own due may be long over.
    step.told = {"due_at": started.due_at}


@transaction.atomic
def decide(
    *,
    issue_id: int,
    actor: Actor,
    text: str,
    unit: str,
    co_units: list[str] | None = None,
    due: date | str | None = None,
    meeting: str | None = None,
    lead_unit: str | None = None,
    version: int | None = None,
) -> Issue:
    """作出决定: by the layer's leader, or recorded by the service office in the leader's name. Coordination is met; the
    decision runs on clocks of its own. ``lead_unit`` only proposes another lead: reassigning stays the desk's."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.DECIDE, version=version)
    issue = step.issue
    problems = Problems()
    text = problems.take(text_of, text, "text")
    responsible = problems.take(unit_by, unit)
    co = problems.take(units_by, co_units, but=responsible) or []
    due_on = problems.take(day_of, due, "due", step.at)
    meeting = problems.take(text_of, meeting, "meeting", limit=64, needed=False)
    proposed = problems.take(unit_by, lead_unit, "lead_unit") if lead_unit else None
    if responsible and issue.about_unit_id and issue.about_unit_id in responsible.path:
        problems.add("unit", _("The unit complained of cannot handle the complaint."))
    problems.check()
    step.meet(ClockKind.COORDINATION)
    in_name_of = _in_whose_name(step)
    decision = Decision.objects.create(
        issue=issue,
        layer=issue.layer,
        text=text,
        unit=responsible,
        due_on=due_on,
        meeting=meeting,
        proposed_lead=proposed,
        decided_at=step.at,
        decided_by_id=step.post.pk if step.post else 0,
        in_name_of_id=in_name_of,
    )
    decision.co_units.set(co)
    part = f"decision:{decision.pk}"
    step.start(ClockKind.FEEDBACK, part=part, holder_unit_id=responsible.pk)
    if due_on:
        due_at = calendar.close_of_business(due_on)
        step.start(ClockKind.DECISION, part=part, holder_unit_id=responsible.pk, due_at=due_at)
    issue.state = State.HANDLING
    step.told = {"unit_id": responsible.pk, "co_unit_ids": [one.pk for one in co]}
    return step.finish(
        data={
            "decision": decision.pk,
            "text": text,
            "unit": responsible.code,
            "due": due_on.isoformat() if due_on else None,
            "in_name_of": in_name_of,
            "lead_unit": proposed.code if proposed else None,
        }
    )


def _in_whose_name(step: Step) -> int | None:
    if step.right.party == "office":
        return step.issue.leader_id
    return desks.chief(step.issue) if step.right.party == "desk" else None


def day_of(value: date | str | None, name: str, at: datetime, *, needed: bool = False) -> date | None:
    """A date from today on."""
    if value in (None, ""):
        if needed:
            raise ValidationError({name: [_("Please give a date.")]})
        return None
    try:
        day = value if isinstance(value, date) else parse_date(str(value))
    except ValueError:
        day = None
    if day is None:
        raise ValidationError({name: [_("This is not a date; write it as 2026-11-20.")]})
    today = clock.local(at).date()
    if day < today:
        raise ValidationError({name: [_("This day is over.")]})
    if day.year > today.year + 5:
        raise ValidationError({name: [_("This day is too far away.")]})
    return day


DECISION_FEEDBACK = "decision_feedback"


@transaction.atomic
def feed_back_decision(*, decision_id: int, actor: Actor, text: str, done: bool = False) -> Decision:
    """事事有回音: the responsible unit's feedback on a decision, then every five working days until it is ``done``."""
    decision = Decision.objects.visible_to(actor).filter(pk=decision_id).select_related("unit").first()
    if decision is None or decision.issue_id is None:
        raise NotVisible
    issue = Issue.objects.select_for_update(of=("self",), no_key=True).get(pk=decision.issue_id)
    decision.refresh_from_db()
    post = actor.in_role(*UNIT_ROLES) if decision.unit_id in engine.subtree_of(actor) else None
    if post is None:
        raise PermissionDenied(_("Only the responsible unit feeds back on a decision."))
    if decision.done_at or issue.state in FINAL:
        raise Conflict(_("This decision is done."), state=issue.state, version=issue.version)
    problems = Problems()
    text, done = problems.take(text_of, text, "text"), problems.take(flag, done, "done")
    problems.check()
    step = Step(
        issue=issue,
        actor=actor,
        action=DECISION_FEEDBACK,
        at=clock.now(),
        right=policy.Right("responsible", post),
        before=issue.state,
    )
    part = f"decision:{decision.pk}"
    DecisionFeedback.objects.create(decision=decision, at=step.at, post=post, text=text, done=done)
    step.meet(ClockKind.FEEDBACK, ClockKind.PROGRESS, part=part)
    if done:
        step.meet(ClockKind.DECISION, part=part)
        decision.done_at = step.at
        decision.save(update_fields=["done_at"])
    elif issue.state != State.SUSPENDED:
        step.start(ClockKind.PROGRESS, part=part, holder_unit_id=decision.unit_id)
    step.finish(data={"decision": decision.pk, "text": text, "done": done})
    return decision


@transaction.atomic
def propose(
    *,
    issue_id: int,
    actor: Actor,
    outcome: str,
    account: str,
    cause: str | None = None,
    promised_on: date | str | None = None,
    clause: str | None = None,
    version: int | None = None,
) -> Issue:
    """申请销号: solved, partly, promised by a date, or cannot be done by a named clause. Not while a decision or a
    co-unit's part is open; solved needs one file of the lead unit since the assignment, of any round."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.PROPOSE, version=version)
    issue = step.issue
    if why := unfinished(issue):
        raise wrong_state(issue, why)
    problems = Problems()
    outcome = problems.take(word_of, outcome, Outcome, "outcome")
    account = problems.take(text_of, account, "account")
    cause = problems.take(word_of, cause, Cause, "cause") if cause else ""
    needs = {"promised_on": outcome == Outcome.PROMISED, "clause": outcome == Outcome.IMPOSSIBLE}
    promised = problems.take(day_of, promised_on, "promised_on", step.at, needed=needs["promised_on"])
    clause = problems.take(text_of, clause, "clause", limit=500, needed=needs["clause"])
    if outcome == Outcome.SOLVED and not _has_evidence(issue):
        problems.add("outcome", _("Solved needs at least one file of the lead unit as evidence."))
    problems.check()
    # What stood still runs again before it ends, so that the days lost are given back.
    clocks.resume(subject_kind="issue", subject_id=issue.pk, at=step.at)
    step.meet(ClockKind.FEEDBACK, ClockKind.RESOLUTION)
    step.stop("proposed", ClockKind.PROGRESS, ClockKind.COORDINATION, part="")
    issue.state, issue.proposed_at, issue.suspended_from = State.PROPOSED, step.at, ""
    issue.outcome, issue.cause = outcome, cause
    issue.promised_on = promised if outcome == Outcome.PROMISED else None
    issue.body.account, issue.body.clause = account, clause
    issue.body.save(update_fields=["account", "clause"])
    step.start(ClockKind.VERIFICATION)
    return step.finish(
        data={
            "outcome": outcome,
            "account": account,
            "cause": cause,
            "clause": clause,
            "promised_on": str(promised_on or ""),
        },
        fields=("proposed_at", "suspended_from", "outcome", "cause", "promised_on"),
    )


def unfinished(issue: Issue) -> str:
    """Why closing cannot be proposed yet, though the state would allow it: whose part is open. Empty if nothing is."""
    if policy.has_open_decision(issue):
        return _("Decisions are not carried out yet: closing cannot be proposed for now.")
    names = [part.unit.label for part in policy.open_parts(issue) if part.kind == Kind.CO]
    if names:
        told = {"units": _(", ").join(names)}
        return _("Co-units have not finished their part (%(units)s): closing cannot be proposed for now.") % told
    return ""


def _has_evidence(issue: Issue) -> bool:
    since = issue.assignments.filter(unit=issue.lead_unit, kind=Kind.LEAD).order_by("started_at").first()
    return (
        since is not None
        and Attachment.objects.of("issue", issue.pk)
        .filter(by=Attachment.By.STAFF, unit__path__contains=[issue.lead_unit_id], created_at__gte=since.started_at)
        .exists()
    )
