"""How long a closed issue can still be rated or reopened (PRODUCT.md §2, §3): asked by the policy, so that nothing is
offered in vain, and by the verbs."""

from __future__ import annotations

from datetime import datetime, timedelta

from common import clock
from deadlines import calendar
from issues.models import Issue
from issues.states import State

# A rating that comes after the lapse still counts until this many days after the invitation.
LATE_RATING_DAYS = 30
REOPEN_DAYS = 30
LOOK_BACK_DAYS = 365


def promise_asked(issue: Issue) -> bool:
    return issue.state == State.CLOSED and issue.promise_asked_at is not None


def rating_open(issue: Issue, at: datetime) -> bool:
    """In rating, or asked about a promise. Closed unrated: until day 30. Merged: once, when invited."""
    if issue.state == State.RATING or promise_asked(issue):
        return True
    if issue.state == State.MERGED:
        return bool(issue.invitations) and not issue.solved
    if issue.state != State.CLOSED or issue.solved or issue.closed_over or issue.verified_at is None:
        return False
    last = clock.local(issue.verified_at).date() + timedelta(days=LATE_RATING_DAYS)
    return at <= calendar.close_of_business(last)


def reopening_open(issue: Issue, at: datetime, *, by_submitter: bool) -> bool:
    days = REOPEN_DAYS if by_submitter else LOOK_BACK_DAYS
    return issue.closed_at is None or at <= issue.closed_at + timedelta(days=days)
