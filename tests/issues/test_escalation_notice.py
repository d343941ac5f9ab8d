"""Who is asked to decide is told by when: the instant of the coordination clock, never the case's own due."""

from __future__ import annotations

from datetime import UTC, datetime

from common import clock
from deadlines.models import Clock
from deadlines.services.sweep import sweep
from issues.models import Issue
from notices.models import Notice
from tests.cast import District

LATE = datetime(2026, 3, 31, 2, tzinfo=UTC)  # the case was due on 23 March


def coordination(issue: Issue) -> Clock:
    return Clock.objects.open().get(subject_id=issue.pk, kind="coordination")


def test_a_raise_by_hand_asks_for_a_decision_by_a_day_to_come(d: District) -> None:
    issue = d.signed()
    due = issue.due_at
    with clock.at(LATE):
        d.do("escalate", issue, d.officer, text="请区领导定")
        notice = Notice.objects.filter(user=d.leader.user, word="escalate").get()
        assert due < LATE < notice.due_at == coordination(issue).due_at


def test_a_raise_by_the_ladder_too(d: District) -> None:
    issue = d.signed()
    d.do("feed_back", issue, d.officer, text="已踏勘")
    with clock.at(LATE):
        sweep(LATE)
        notice = Notice.objects.filter(user=d.leader.user, word="escalate").get()
        assert Issue.objects.get(pk=issue.pk).layer == 2
        assert notice.due_at == coordination(issue).due_at > LATE


def test_upholding_asks_the_leader_by_the_new_clock(d: District) -> None:
    issue = d.disputed()
    with clock.at(LATE):
        d.do("uphold", issue, d.coordinator, text="继续整改")
        notice = Notice.objects.filter(user=d.leader.user, word="uphold").get()
        assert notice.due_at == coordination(issue).due_at > LATE
