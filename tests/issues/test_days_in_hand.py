"""Days in hand: lateness belongs to whoever lost the days, also when the case is taken away (PRODUCT.md §2)."""

from __future__ import annotations

from datetime import datetime

from common import clock
from deadlines.models import Clock
from issues import casefile, clockviews

NAMES = ("区水务局", "临江供电公司")


def at(day: int, time: str = "10:00") -> datetime:
    return datetime.fromisoformat(f"2026-03-{day:02}T{time}:00+08:00")


def held(d, issue, now: datetime) -> dict[str, tuple[int, int]]:
    rows = clockviews.ledger(casefile.load(d.coordinator, issue.number), now)["rows"]
    return {row["holder"]: (row["days"], row["late"]) for row in rows if row["holder"] in NAMES}


def fed_back(d):
    return d.do("feed_back", d.signed(), d.officer, text="已到现场")


def test_a_reassignment_leaves_the_late_days_with_the_unit_that_lost_them(d):
    issue = fed_back(d)
    due = Clock.objects.of("issue", issue.pk).get(kind="resolution").due_at
    assert due == at(23, "18:00")
    with clock.at(at(31)):
        issue = d.do("reassign", issue, d.coordinator, unit="GDJ", reason="长期未办")
        assert Clock.objects.of("issue", issue.pk).filter(kind="resolution", stopped_at__isnull=False).count() == 1
    with clock.at(at(31, "19:00")):
        # 24, 25, 26, 27, 30 March closed in the hands of the first; on the 31st the second had it
        assert held(d, issue, clock.now()) == {"区水务局": (20, 5), "临江供电公司": (1, 0)}


def test_a_case_taken_away_in_time_has_no_late_day(d):
    issue = fed_back(d)
    with clock.at(at(20)):
        issue = d.do("reassign", issue, d.coordinator, unit="GDJ", reason="职责调整")
        d.do("sign", issue, d.power_officer)
        d.do("feed_back", issue, d.power_officer, text="已接手")
    with clock.at(at(31, "19:00")):
        assert held(d, issue, clock.now()) == {"区水务局": (13, 0), "临江供电公司": (8, 0)}


def test_nobody_loses_a_day_while_the_case_is_suspended(d):
    issue = d.do("suspend", fed_back(d), d.officer, reason="season", text="汛期", until="2026-04-03")
    with clock.at(at(24)):  # due on the 23rd: one close behind it would be late, were the clocks not paused
        issue = d.do("grant", issue, d.coordinator)
        assert issue.state == "suspended" or d.do("grant", issue, d.supervisor).state == "suspended"
    with clock.at(at(30, "19:00")):
        assert held(d, issue, clock.now())["区水务局"] == (20, 0)


def test_control_without_the_suspension_the_days_would_be_late(d):
    issue = fed_back(d)
    with clock.at(at(30, "19:00")):
        assert held(d, issue, clock.now())["区水务局"] == (20, 5)
