"""What the sweep finds due and the verbs carry out: deemed signing, rising a layer, lapse, withdrawal, resuming."""

from __future__ import annotations

from datetime import datetime

from accounts.actors import SYSTEM
from deadlines import registry
from deadlines.models import Clock
from deadlines.states import ClockKind, Rung
from issues import desks, messages
from issues.models import Issue
from issues.services import closing, dispatch, handle, intake, lights, requests
from issues.states import State

SUBJECT = "issue"


def register() -> None:
    registry.subject(SUBJECT, path="/app/issues/{ref}/")
    registry.on_rung(ClockKind.SIGNING, Rung.BREACH, deem_signed)
    for kind in (ClockKind.FEEDBACK, ClockKind.PROGRESS, ClockKind.RESOLUTION, ClockKind.COORDINATION):
        registry.on_rung(kind, Rung.ESCALATE, rise)
    registry.on_rung(ClockKind.SUPPLEMENT, Rung.BREACH, withdraw)
    registry.on_rung(ClockKind.RATING, Rung.BREACH, lapse)
    registry.on_rung(ClockKind.PROMISE, Rung.BREACH, ask)
    for kind in (ClockKind.RATING, ClockKind.SUPPLEMENT):
        for rung in (Rung.DAY_BEFORE, Rung.DUE_DAY):
            registry.on_rung(kind, rung, remind_submitter)
    registry.on_private(SUBJECT, desks.private)
    registry.on_wake(SUBJECT, wake)
    registry.on_moved(SUBJECT, lights.refresh_many)


def _clock(clock_id: int) -> Clock | None:
    """The clock if it still runs: what was met or stopped meanwhile has no effect any more."""
    return Clock.objects.running().filter(pk=clock_id, subject_kind=SUBJECT).first()


def deem_signed(clock_id: int, reminder_id: int, now: datetime) -> None:
    if found := _clock(clock_id):
        dispatch.sign(issue_id=found.subject_id, actor=SYSTEM)


def rise(clock_id: int, reminder_id: int, now: datetime) -> None:
    """Late by three working days: one layer up, once per clock, at most to the third. Only the issue's own clocks do;
    resolution only from handling, coordination only from coordinating."""
    found = _clock(clock_id)
    if found is None or found.part:
        return
    state = Issue.objects.filter(pk=found.subject_id).values_list("state", flat=True).first()
    if found.kind == ClockKind.RESOLUTION and state != State.HANDLING:
        return
    if found.kind == ClockKind.COORDINATION and state != State.COORDINATING:
        return
    handle.escalate(issue_id=found.subject_id, actor=SYSTEM)


def withdraw(clock_id: int, reminder_id: int, now: datetime) -> None:
    if found := _clock(clock_id):
        intake.withdraw_unsupplemented(issue_id=found.subject_id, actor=SYSTEM)


class NotYetError(Exception):
    """The limit's own instant still belongs to the submitter: the next sweep does it."""


def lapse(clock_id: int, reminder_id: int, now: datetime) -> None:
    found = _clock(clock_id)
    if found is None:
        return
    if now <= found.due_at:
        raise NotYetError
    closing.lapse(issue_id=found.subject_id, actor=SYSTEM)


def ask(clock_id: int, reminder_id: int, now: datetime) -> None:
    if found := _clock(clock_id):
        closing.ask_about_promise(issue_id=found.subject_id, actor=SYSTEM)


def remind_submitter(clock_id: int, reminder_id: int, now: datetime) -> None:
    if found := _clock(clock_id):
        issue = Issue.objects.select_related("body").get(pk=found.subject_id)
        messages.remind_submitter(issue, found.kind, found.due_at, key=f"rung:{reminder_id}")


def wake(subject_id: int, now: datetime) -> None:
    """暂缓 ends at its review date."""
    state = Issue.objects.filter(pk=subject_id).values_list("state", flat=True).first()
    if state == State.SUSPENDED:
        requests.resume(issue_id=subject_id, actor=SYSTEM)
