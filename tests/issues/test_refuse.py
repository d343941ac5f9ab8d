"""退单: the lead unit once, before the signing limit; what becomes of the clocks depends on who gets it next."""

from datetime import timedelta

import pytest

from common import clock
from common.errors import Conflict, PermissionDenied
from deadlines.models import Clock
from issues.models import Assignment
from issues.services import dispatch


def clocks(issue, kind):
    return list(Clock.objects.of("issue", issue.pk).filter(kind=kind, part="").order_by("id"))


def test_another_unit_gets_new_clocks_and_the_refusal_was_right(d):
    issue = d.assign(d.submit(), unit="CGJ")
    with d.later(hours=1):
        issue = d.do("refuse", issue, d.city_officer, reason="不属本单位", unit="SWJ")
        assert [c.met_at for c in clocks(issue, "signing")] == [clock.now()]
        # until somebody rules on it, the refused assignment's clocks run on
        assert all(c.stopped_at is None for c in clocks(issue, "resolution"))
    with d.later(hours=3):
        issue = d.assign(issue, unit="SWJ")
        old, new = clocks(issue, "resolution")
        assert old.stop_reason == "refused"
        assert new.started_at == clock.now()
    refused = Assignment.objects.get(issue=issue, unit=d.city)
    assert refused.verdict == "upheld"
    assert d.city.pk in issue.readers  # a unit that refused keeps reading


def test_the_same_unit_keeps_its_first_clocks_and_cannot_refuse_again(d):
    issue = d.assign(d.submit(), unit="CGJ")
    first = clocks(issue, "resolution")[0]
    with d.later(hours=1):
        issue = d.do("refuse", issue, d.city_officer, reason="不属本单位")
        issue = d.assign(issue, unit="CGJ")
        assert [c.pk for c in clocks(issue, "resolution")] == [first.pk]
        assert issue.assignment_final
        with pytest.raises(Conflict):
            d.do("refuse", issue, d.city_officer, reason="再退一次")
    assert Assignment.objects.get(issue=issue, end="refused").verdict == "rejected"


def test_a_unit_that_refused_once_cannot_refuse_again_after_a_detour(d):
    issue = d.assign(d.submit(), unit="CGJ")
    issue = d.do("refuse", issue, d.city_officer, reason="不属本单位")
    issue = d.do("refuse", d.assign(issue, unit="SWJ"), d.officer, reason="也不属我局")
    issue = d.assign(issue, unit="CGJ")
    with pytest.raises(Conflict):
        d.do("refuse", issue, d.city_officer, reason="再退一次")


def test_after_the_limit_it_is_a_conflict_even_before_the_sweep(d):
    issue = d.assign(d.submit())
    limit = clocks(issue, "signing")[0].due_at
    with clock.at(limit), d.later(seconds=0):
        pass
    with clock.at(limit + timedelta(seconds=1)), pytest.raises(Conflict):
        d.do("refuse", issue, d.officer, reason="晚了")
    with clock.at(limit):
        assert d.do("refuse", issue, d.officer, reason="正好").state == "submitted"


def test_a_co_units_refusal_returns_only_its_part(d):
    issue = d.assign(d.submit(), co_units=["GDJ"])
    issue = d.do("refuse", issue, d.power_officer, reason="与供电无关")
    assert issue.state == "assigned"
    assert Assignment.objects.get(issue=issue, unit=d.power).end == "refused"
    assert Clock.objects.get(part=f"co:{d.power.pk}").stop_reason == "refused"
    assert d.power.pk in issue.readers


def test_a_stranger_does_not_see_it_and_a_reader_without_right_is_refused(d):
    from common.errors import NotVisible

    issue = d.assign(d.submit())
    with pytest.raises(NotVisible):
        d.do("refuse", issue, d.city_officer, reason="x")
    with pytest.raises(PermissionDenied):
        d.do("refuse", issue, d.coordinator, reason="x")


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-03-02T10:00+08:00", "2026-03-02T18:00+08:00"),
        ("2026-03-02T19:00+08:00", "2026-03-03T18:00+08:00"),
        ("2026-02-14T10:00+08:00", "2026-02-14T18:00+08:00"),  # a Saturday that is worked
        ("2026-10-03T10:00+08:00", "2026-10-08T18:00+08:00"),  # the national holiday
    ],
)
def test_the_desk_decides_the_same_day(db, at, due):
    assert dispatch.same_day(clock.parse(at)) == clock.parse(due)
