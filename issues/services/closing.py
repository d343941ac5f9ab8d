"""Close: verify, send back, rate, uphold, lapse, reopen, and what a promise asks for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from common import clock
from common.errors import Conflict, ValidationError
from deadlines import calendar
from deadlines.models import Clock
from deadlines.services import clocks, rules
from deadlines.states import ClockKind, Side
from issues import policy, windows
from issues.models import Issue, Rating
from issues.services.handle import raise_layer
from issues.services.handover import into_living_hands
from issues.services.step import Problems, Step, begin, facts, text_of, word_of, wrong_state
from issues.states import Action, Outcome, Solved, State


@transaction.atomic
def send_back(*, issue_id: int, actor: Actor, reason: str, version: int | None = None) -> Issue:
    """退回重办: the same resolution clock runs on, moved by the working days since the proposal; a new round begins."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.SEND_BACK, version=version)
    issue, reason = step.issue, text_of(reason, "reason")
    step.meet(ClockKind.VERIFICATION)
    issue.round += 1
    met = _last_resolution(issue)
    if met is not None and met.met_at is not None:
        clocks.reopen_met(clock_id=met.pk, at=step.at)
    step.start(ClockKind.PROGRESS, holder_unit_id=issue.lead_unit_id)
    issue.state, issue.outcome, issue.promised_on = State.HANDLING, "", None
    return step.finish(data={"reason": reason}, fields=("round", "outcome", "promised_on"))


def _last_resolution(issue: Issue) -> Clock | None:
    return (
        Clock.objects.of("issue", issue.pk)
        .filter(kind=ClockKind.RESOLUTION, part="", stopped_at__isnull=True)
        .order_by("-started_at", "-id")
        .first()
    )


@transaction.atomic
def verify(*, issue_id: int, actor: Actor, text: str, cause: str | None = None, version: int | None = None) -> Issue:
    """核实: how it was checked. The system itself invites the submitter to rate; the unit never sees the link."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.VERIFY, version=version)
    from issues.states import Cause

    issue, text = step.issue, text_of(text, "text")
    if cause:
        issue.cause = word_of(cause, Cause, "cause")
    step.meet(ClockKind.VERIFICATION)
    issue.state, issue.verified_at = State.RATING, step.at
    if issue.promised_on and issue.outcome == Outcome.PROMISED:
        due_at = max(calendar.close_of_business(issue.promised_on), step.at + timedelta(minutes=1))
        step.start(ClockKind.PROMISE, holder_unit_id=issue.lead_unit_id, due_at=due_at)
    _invite(step)
    step.finish(data={"text": text, "cause": issue.cause}, public=True, fields=("verified_at", "cause", "invitations"))
    _invite_merged(issue)
    return issue


def _invite(step: Step) -> None:
    step.issue.invitations += 1
    started = step.start(ClockKind.RATING, side=Side.SUBMITTER)
    step.told = {"due_at": started.due_at}


def _invite_merged(issue: Issue) -> None:
    """Who joined is asked about the own number; their answer comes through ``rate``."""
    from issues import messages

    for joined in issue.merged.filter(state=State.MERGED, solved=""):
        joined.invitations += 1
        joined.save(update_fields=["invitations"])
        messages.invite(joined, key=f"merged:{issue.pk}:{issue.round}")


@transaction.atomic
def rate(
    *,
    issue_id: int,
    actor: Actor,
    solved: str,
    satisfaction: Any,
    text: str = "",
    version: int | None = None,
) -> Issue:
    """评价: closed when satisfied (≥ 3) and solved at least partly, or when it could not be done; else disputed. A late
    answer counts until day 30, and one that arrives at the lapse instant wins."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.RATE, version=version)
    if not windows.rating_open(step.issue, step.at):
        raise wrong_state(step.issue, _("This issue can no longer be rated."))
    problems = Problems()
    solved = problems.take(word_of, solved, Solved, "solved")
    stars = problems.take(_stars, satisfaction)
    text = problems.take(text_of, text, "text", limit=2_000, needed=bool(stars) and stars <= 2)
    problems.check()
    issue, merged, promise = step.issue, step.before == State.MERGED, windows.promise_asked(step.issue)
    Rating.objects.create(
        issue=issue,
        round=issue.round,
        at=step.at,
        unit_id=issue.lead_unit_id or (issue.merged_into.lead_unit_id if issue.merged_into else None),
        solved=solved,
        satisfaction=stars,
        text=text,
        address=actor.address,
    )
    step.meet(ClockKind.RATING)
    issue.solved, issue.satisfaction = solved, stars
    data = {"solved": solved, "satisfaction": stars, "text": text}
    content = stars >= 3 and (solved != Solved.NO or issue.outcome == Outcome.IMPOSSIBLE)
    if content and not (promise and solved != Solved.YES):
        return _rated_well(step, data, merged)
    if promise:
        issue.promise_asked_at = None
        return _again(step, data | {"why": "promise_unkept"}, fields=("solved", "satisfaction", "promise_asked_at"))
    if merged:
        _own_again(step)
    issue.state, issue.closed_at = State.DISPUTED, None
    step.start(ClockKind.DISPUTE)
    return step.finish(
        data=data,
        fields=("solved", "satisfaction", "closed_at", "lead_unit", "merged_into", "leader", "line", "office", "layer",
                "leader_why", "category", "urgency", "difficulty", "assigned_at"),
    )  # fmt: skip


def _stars(value: Any) -> int:
    if isinstance(value, bool) or str(value) not in {"1", "2", "3", "4", "5"}:
        raise ValidationError({"satisfaction": [_("Please choose from 1 to 5.")]})
    return int(value)


def _rated_well(step: Step, data: dict[str, Any], merged: bool) -> Issue:
    if merged:
        return step.finish(data=data, fields=("solved", "satisfaction"))
    step.issue.promise_asked_at = None
    step.issue.closed_at = step.issue.closed_at or step.at
    step.issue.state = State.CLOSED
    return step.finish(data=data, fields=("solved", "satisfaction", "closed_at", "promise_asked_at"))


def _own_again(step: Step) -> None:
    """A dissatisfied one goes on as its own issue, with the unit and leader of the one that it had joined."""
    from issues.models import Assignment

    issue, other = step.issue, step.issue.merged_into
    if other is None:
        raise wrong_state(issue)
    for name in ("lead_unit_id", "leader_id", "line_id", "office_id", "leader_why", "layer"):
        setattr(issue, name, getattr(other, name))
    for name in ("category_id", "urgency", "difficulty"):
        setattr(issue, name, getattr(issue, name) or getattr(other, name))
    issue.assigned_at = issue.assigned_at or step.at
    issue.merged_into = None
    Assignment.objects.create(
        issue=issue,
        unit_id=issue.lead_unit_id,
        kind=Assignment.Kind.LEAD,
        round=issue.round,
        final=True,
        started_at=step.at,
    )


def close(step: Step, data: dict[str, Any], *, over: bool) -> Issue:
    """The end of the loop. Closed over a dispute counts as unsolved, and only the supervisor can reopen it."""
    issue = step.issue
    if over:
        issue.closed_over = True
        Rating.objects.create(
            issue=issue, round=issue.round, at=step.at, unit_id=issue.lead_unit_id, solved=Solved.NO, close_over=True
        )
    step.meet(ClockKind.DISPUTE)
    issue.state, issue.closed_at = State.CLOSED, step.at
    return step.finish(data=data, public=True, fields=("closed_at", "closed_over"))


@transaction.atomic
def uphold(*, issue_id: int, actor: Actor, text: str, version: int | None = None) -> Issue:
    """责成续办: one layer up, a new round with half the limit, and the leader coordinates."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.UPHOLD, version=version)
    text = text_of(text, "text")
    step.meet(ClockKind.DISPUTE)
    _new_round(step)
    raise_layer(step)
    return step.finish(data={"text": text}, public=True, fields=("layer", "round", "outcome", "promised_on"))


def _new_round(step: Step) -> None:
    """A clock of the round: half the limit that the issue had."""
    issue = step.issue
    issue.round += 1
    issue.outcome, issue.promised_on = "", None
    step.stop("new_round", ClockKind.PROMISE)
    first = _last_resolution(issue)
    case = "urgent" if issue.urgency == "urgent" else (issue.difficulty or "normal")
    amount = rules.half(first.amount) if first and first.amount and first.round == 1 else None
    holder = {"holder_unit_id": issue.lead_unit_id}
    if amount:
        step.start(ClockKind.RESOLUTION, amount=amount, **holder)
    else:
        step.start(ClockKind.RESOLUTION, case=case, half=True, **holder)
    step.start(ClockKind.PROGRESS, **holder)


@transaction.atomic
def reopen(*, issue_id: int, actor: Actor, reason: str, version: int | None = None) -> Issue:
    """重启办理: by the submitter once within 30 days, by the supervisor's look-back within a year."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.REOPEN, version=version)
    issue, reason = step.issue, text_of(reason, "reason")
    by_submitter = step.right.party == "submitter"
    if by_submitter and issue.closed_over:
        raise wrong_state(issue, _("Closed over a dispute: only the supervision office can reopen it."))
    if by_submitter and issue.reopened_by_submitter:
        raise wrong_state(issue, _("It has been reopened once already."))
    if not windows.reopening_open(issue, step.at, by_submitter=by_submitter):
        days = windows.REOPEN_DAYS if by_submitter else windows.LOOK_BACK_DAYS
        raise wrong_state(issue, _("It can be reopened only within %(n)d days after closing.") % {"n": days})
    issue.reopened_by_submitter = issue.reopened_by_submitter or by_submitter
    return _again(step, {"reason": reason}, fields=("reopened_by_submitter",))


def _again(step: Step, data: dict[str, Any], fields: tuple[str, ...] = ()) -> Issue:
    issue = step.issue
    if step.action != Action.REOPEN:
        data = data | {"reopened": True}
    into_living_hands(issue, step.at)
    _new_round(step)
    issue.state, issue.closed_at, issue.invitations = State.HANDLING, None, 0
    issue.solved, issue.satisfaction, issue.closed_over = "", None, False
    return step.finish(
        data=data,
        public=True,
        fields=(
            *fields,
            "lead_unit",
            "round",
            "closed_at",
            "invitations",
            "solved",
            "satisfaction",
            "closed_over",
            "outcome",
            "promised_on",
        ),
    )


@transaction.atomic
def lapse(*, issue_id: int, actor: Actor) -> Issue:
    """逾期未评: after the first five days one more invitation, after the second the issue closes unrated; that never
    counts as satisfied."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.LAPSE, version=None)
    issue = step.issue
    if issue.state != State.RATING:
        raise wrong_state(issue)
    running = Clock.objects.of("issue", issue.pk).open().filter(kind=ClockKind.RATING).first()
    if running is None or step.at <= running.due_at:
        raise Conflict(_("The submitter still has time to rate."), code="too_early", **facts(issue))
    step.stop("unrated", ClockKind.RATING)
    if issue.invitations < 2:
        _invite(step)
        return step.finish(data={"invitation": issue.invitations}, fields=("invitations",))
    issue.state, issue.closed_at = State.CLOSED, step.at
    return step.finish(data={"unrated": True}, public=True, fields=("closed_at",))


@transaction.atomic
def ask_about_promise(*, issue_id: int, actor: Actor) -> Issue:
    """The promised date is over: the submitter is asked again; an unkept promise reopens the issue."""
    issue = Issue.objects.select_for_update(of=("self",), no_key=True).get(pk=issue_id)
    step = Step(
        issue=issue,
        actor=actor,
        action="promise_due",
        at=clock.now(),
        right=policy.Right("system"),
        before=issue.state,
    )
    step.stop("asked", ClockKind.PROMISE)
    if issue.state == State.CLOSED:
        issue.promise_asked_at = step.at
        issue.invitations += 1
    return step.finish(public=True, fields=("promise_asked_at", "invitations"))
