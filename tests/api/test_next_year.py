"""A start in December 2026: a complex issue runs into a year that is not announced yet.

Its due date is shown, marked provisional, and moved by a confirmed what-if once the calendar of 2027 is entered."""

from datetime import date

from accounts.roles import Role
from common import clock
from deadlines.models import Clock, ClockChange
from deadlines.services import editions
from deadlines.services.editions import Override
from issues.models import Issue
from notices.models import Notice
from tests.api.test_issues import ASSIGN, FORM

SUNDAY = "2026-12-20T10:00"


def test_a_complex_issue_of_20_december_2026(api, d):
    admin = d.person("system_admin", Role.SYSTEM_ADMIN, d.watch_unit)
    with clock.at(clock.parse(SUNDAY)):
        number = api.as_().post("/issues/", FORM).data["number"]
        done = api.as_("coordinator").post(
            f"/issues/{number}/actions/assign/", ASSIGN | {"version": 1, "difficulty": "complex"}
        )
        assert done.status_code == 200, done.data
        resolution = next(one for one in done.data["clocks"] if one["kind"] == "resolution")
        # 30 working days from Monday 21 December: nine until New Year's Eve, 1 January off, 21 more until 1 February
        assert resolution["due_at"] == "2027-02-01T18:00:00+08:00"
        assert resolution["provisional"]
        signing = next(one for one in done.data["clocks"] if one["kind"] == "signing")
        assert not signing["provisional"]

        announced = [
            Override(date(2027, 1, 1), False, "元旦"),
            Override(date(2027, 1, 9), True, "元旦"),  # a Saturday that is worked
            *(Override(date(2027, 2, day), False, "春节") for day in range(5, 12)),
            Override(date(2027, 4, 5), False, "清明节"),
            *(Override(date(2027, 5, day), False, "劳动节") for day in (1, 2, 3)),
            Override(date(2027, 6, 9), False, "端午节"),
            Override(date(2027, 9, 15), False, "中秋节"),
            *(Override(date(2027, 10, day), False, "国庆节") for day in range(1, 8)),
        ]
        draft = editions.propose_calendar(actor=admin, overrides=announced, years=[2027])
        moves = editions.what_if(draft)
        # nothing moves before it is confirmed
        assert Clock.objects.get(kind="resolution").due_at == clock.parse("2027-02-01T18:00")
        assert [(move.before, move.after) for move in moves] == [
            (clock.parse("2027-02-01T18:00"), clock.parse("2027-01-29T18:00"))
        ]
        assert editions.apply_calendar(actor=admin, version_id=draft.pk) == 1
        after = api.as_("coordinator").get(f"/issues/{number}/clocks/").data["results"]
    resolution = next(one for one in after if one["kind"] == "resolution")
    assert resolution["due_at"] == "2027-01-29T18:00:00+08:00"
    assert resolution["first_due_at"] == "2027-02-01T18:00:00+08:00"
    assert not resolution["provisional"]
    assert ClockChange.objects.get().why == "calendar"
    assert Notice.objects.filter(kind="calendar", ref=number).exists()
    # the list's lights follow
    issue = Issue.objects.get(number=number)
    assert issue.due_at == Clock.objects.filter(met_at__isnull=True).order_by("due_at").first().due_at
