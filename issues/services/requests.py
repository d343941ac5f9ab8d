"""Requests that wait for a ruling: extend, suspend, close_over; grant, deny; resume."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from common import clock
from common.errors import ValidationError
from deadlines import calendar
from deadlines.models import Clock
from deadlines.services import clocks
from deadlines.states import ClockKind
from issues import policy
from issues.models import Issue, Request
from issues.services.closing import close
from issues.services.handle import day_of
from issues.services.step import Problems, Step, begin, text_of, word_of, wrong_state
from issues.states import Action, RequestKind, RequestState, State, SuspendReason

MOST_EXTENSIONS = 2
# A suspension of more than this many working days needs the supervisor as well.
LONG_SUSPENSION = 20


@transaction.atomic
def extend(*, issue_id: int, actor: Actor, days: Any, reason: str, version: int | None = None) -> Issue:
    """延期: asked by the lead unit before due; at most two granted, together no longer than the first limit."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.EXTEND, version=version)
    _no_open_request(step)
    running = _resolution(step.issue)
    if running is None or step.at > running.due_at:
        raise wrong_state(step.issue, _("The limit is over: an extension must be asked for before it."))
    if step.issue.extensions >= MOST_EXTENSIONS:
        raise wrong_state(step.issue, _("It has been extended twice: no further extension is possible."))
    problems = Problems()
    days = problems.take(_days, days)
    reason = problems.take(text_of, reason, "reason")
    left = (running.amount or 0) - running.extended
    if days and days > left:
        problems.add(
            "days", _("All extensions together may not exceed the first limit; %(n)d days are left.") % {"n": left}
        )
    problems.check()
    return _ask(step, RequestKind.EXTEND, {"days": days, "reason": reason}, days=days, text=reason)


def _days(value: Any) -> int:
    if isinstance(value, bool) or not str(value).isdecimal() or not 1 <= int(value) <= 365:
        raise ValidationError({"days": [_("Please give a number of working days from 1 to 365.")]})
    return int(value)


@transaction.atomic
def suspend(
    *, issue_id: int, actor: Actor, reason: str, text: str, until: date | str, version: int | None = None
) -> Issue:
    """暂缓: a reason from the list and a review date."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.SUSPEND, version=version)
    _no_open_request(step)
    problems = Problems()
    reason = problems.take(word_of, reason, SuspendReason, "reason")
    text = problems.take(text_of, text, "text")
    day = problems.take(day_of, until, "until", step.at, needed=True)
    today = clock.local(step.at).date()
    if day and day <= today:
        problems.add("until", _("The review date must lie in the future."))
    problems.check()
    long = calendar.current().working_days_between(today, day) > LONG_SUSPENSION
    data = {"reason": reason, "text": text, "until": day.isoformat()}
    return _ask(step, RequestKind.SUSPEND, data, reason=reason, text=text, until=day, needs_supervisor=long)


@transaction.atomic
def close_over(*, issue_id: int, actor: Actor, reason: str, version: int | None = None) -> Issue:
    """异议销号: proposed by the desk, approved by the supervisor: two persons."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.CLOSE_OVER, version=version)
    _no_open_request(step)
    reason = text_of(reason, "reason")
    return _ask(step, RequestKind.CLOSE_OVER, {"reason": reason}, text=reason)


def _no_open_request(step: Step) -> None:
    if policy.open_request(step.issue) is not None:
        raise wrong_state(step.issue, _("A request is already waiting for its ruling."))


def _ask(step: Step, kind: str, data: dict[str, Any], **fields: Any) -> Issue:
    request = Request.objects.create(
        issue=step.issue, kind=kind, asked_at=step.at, asked_by_id=step.post.pk if step.post else 0, **fields
    )
    step.start(ClockKind.RULING, part=f"request:{request.pk}")
    return step.finish(data={"request": request.pk, **data})


@transaction.atomic
def grant(*, issue_id: int, actor: Actor, text: str = "", version: int | None = None) -> Issue:
    """The request is granted and takes effect. A long suspension waits for the supervisor after the desk."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.GRANT, version=version)
    request = _request(step)
    text = text_of(text, "text", needed=False)
    data: dict[str, Any] = {"request": request.pk, "kind": request.kind, "text": text}
    if request.needs_supervisor and request.first_grant_by_id is None:
        request.first_grant_by = step.post
        request.save(update_fields=["first_grant_by"])
        return step.finish(data=data | {"first": True})
    _rule(step, request, RequestState.GRANTED, text)
    if request.kind == RequestKind.EXTEND:
        running = _resolution(step.issue)
        if running is None:
            raise wrong_state(step.issue)
        clocks.extend(
            clock_id=running.pk,
            days=request.days or 0,
            reason=request.text,
            post_id=step.post.pk if step.post else None,
            at=step.at,
        )
        step.issue.extensions += 1
        return step.finish(data=data | {"days": request.days}, public=True, fields=("extensions",))
    if request.kind == RequestKind.SUSPEND:
        return _suspend(step, request, data)
    return close(step, data, over=True)


def _suspend(step: Step, request: Request, data: dict[str, Any]) -> Issue:
    issue = step.issue
    awaited = SuspendReason(request.reason).label
    clocks.pause(
        subject_kind="issue",
        subject_id=issue.pk,
        reason=request.text[:200],
        awaited=str(awaited)[:100],
        wakes_on=request.until,
        at=step.at,
    )
    issue.suspended_from, issue.state = issue.state, State.SUSPENDED
    step.told = {"due_at": calendar.close_of_business(request.until) if request.until else None}
    return step.finish(
        data=data | {"until": request.until.isoformat() if request.until else None},
        public=True,
        fields=("suspended_from",),
    )


@transaction.atomic
def deny(*, issue_id: int, actor: Actor, reason: str, version: int | None = None) -> Issue:
    step = begin(issue_id=issue_id, actor=actor, action=Action.DENY, version=version)
    request = _request(step)
    reason = text_of(reason, "reason")
    _rule(step, request, RequestState.DENIED, reason)
    return step.finish(data={"request": request.pk, "kind": request.kind, "reason": reason})


def _request(step: Step) -> Request:
    request = policy.open_request(step.issue)
    if request is None:
        raise wrong_state(step.issue, _("No request is waiting for a ruling."))
    return request


def _rule(step: Step, request: Request, state: str, text: str) -> None:
    step.meet(ClockKind.RULING, part=f"request:{request.pk}")
    request.state, request.ruled_at, request.ruled_by, request.ruling = state, step.at, step.post, text
    request.save(update_fields=["state", "ruled_at", "ruled_by", "ruling"])


def _resolution(issue: Issue) -> Clock | None:
    return Clock.objects.of("issue", issue.pk).open().filter(kind=ClockKind.RESOLUTION, part="").first()


@transaction.atomic
def resume(*, issue_id: int, actor: Actor, version: int | None = None) -> Issue:
    """恢复: by the desk, the lead unit, or the system at the review date; back to the state that was left."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.RESUME, version=version)
    issue = step.issue
    clocks.resume(subject_kind="issue", subject_id=issue.pk, at=step.at)
    issue.state, issue.suspended_from = issue.suspended_from or State.HANDLING, ""
    return step.finish(public=True, fields=("suspended_from",))
