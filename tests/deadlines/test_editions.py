"""Editions of the calendar: built, proposed, their what-if, applied."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actors import actor_for
from common import clock as wall
from common.errors import Conflict, NotVisible
from deadlines import calendar, ladder, registry
from deadlines.models import CalendarVersion, Clock, ClockChange, WorkingDay
from deadlines.services import clocks, editions
from deadlines.services.editions import Override
from deadlines.services.sweep import sweep
from notices.models import Delivery, Notice
from tests.deadlines.conftest import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plugged")]

NOW = at("2026-12-21T10:00")
# An announcement of 2027 as it may come: a long Spring Festival paid for by two weekends, a bridge at New Year.
ANNOUNCED_2027 = [
    Override(date(2027, 1, 1), False, "元旦"), Override(date(2027, 1, 4), False, "元旦"),
    Override(date(2027, 1, 10), True, "元旦"), Override(date(2027, 1, 31), True, "春节"),
    *(Override(date(2027, 2, day), False, "春节") for day in range(5, 13)), Override(date(2027, 2, 20), True, "春节"),
    Override(date(2027, 4, 5), False, "清明节"), Override(date(2027, 5, 3), False, "劳动节"),
    Override(date(2027, 6, 9), False, "端午节"), Override(date(2027, 9, 15), False, "中秋节"),
    *(Override(date(2027, 10, day), False, "国庆节") for day in range(1, 8)),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _december():
    with wall.at(NOW):
        yield


def propose(admin, overrides=ANNOUNCED_2027, years=(2027,), **fields) -> CalendarVersion:
    return editions.propose_calendar(actor=admin, overrides=overrides, years=years, **fields)


def apply(admin, version) -> int:
    return editions.apply_calendar(actor=admin, version_id=version.pk)


def test_edition_1_is_there_after_migrating():
    version = CalendarVersion.objects.get()
    assert (version.number, version.state, version.days.count()) == (1, "applied", 10593)
    assert WorkingDay.objects.get(version=version, day=date(2032, 12, 31)).n == sum(
        row.works for row in calendar.current().days
    )
    assert editions.ensure_calendar() is None


def test_a_case_of_december_2026_is_moved_by_a_confirmed_what_if(start, admin, cast):
    """The eighth line of what the first release must do."""
    clock = start("resolution", "2026-12-20T10:00", case="complex")
    assert (clock.due_at, clock.provisional) == (at("2027-02-01T18:00"), True)
    version = propose(admin)
    [move] = editions.what_if(version)
    assert (move.clock_id, move.before, move.after, move.days) == (
        clock.pk, at("2027-02-01T18:00"), at("2027-01-31T18:00"), -1
    )  # fmt: skip
    clock.refresh_from_db()
    assert clock.due_at == at("2027-02-01T18:00")  # a what-if changes nothing
    assert apply(admin, version) == 1
    clock.refresh_from_db()
    assert (clock.due_at, clock.provisional, clock.calendar) == (at("2027-01-31T18:00"), False, version)
    assert clock.first_due_at == at("2027-02-01T18:00")
    change = ClockChange.objects.get()
    assert (change.why, change.days, change.before, change.after, change.calendar, change.post) == (
        "calendar", -1, at("2027-02-01T18:00"), at("2027-01-31T18:00"), version, cast.admin
    )  # fmt: skip
    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.word, notice.due_at, notice.ref) == (
        cast.officer.user, "calendar", "moved.resolution", clock.due_at, clock.subject_ref
    )  # fmt: skip
    assert Delivery.objects.get().notice == notice
    assert calendar.current().number == 2


def test_the_new_deadline_is_what_it_would_have_been_from_the_start(start, admin):
    moved = start("resolution", "2026-12-20T10:00", case="complex")
    apply(admin, propose(admin))
    fresh = start("resolution", "2026-12-20T10:00", case="complex")
    moved.refresh_from_db()
    kept = ["due_at", "yellow_at", "red_at", "candidate_at", "next_rung", "next_rung_at", "provisional", "calendar_id"]
    assert [getattr(moved, name) for name in kept] == [getattr(fresh, name) for name in kept]


def random_clock(start, dice: random.Random) -> Clock:
    begin = NOW - timedelta(minutes=dice.randrange(0, 20 * 24 * 60))
    unit = dice.choice(["wd", "wd", "wd", "wh", "cd"])
    amount = dice.randrange(5, 45 if unit != "wh" else 90)
    given = {"due_at": NOW + timedelta(minutes=dice.randrange(1, 60 * 24 * 60))} if dice.random() < 0.1 else {}
    return start("resolution", begin, case="normal", amount=amount, unit=unit, **given)


def handle_somehow(clock: Clock, dice: random.Random) -> None:
    on = {"subject_kind": "thing", "subject_id": clock.subject_id}
    fate = dice.random()
    if fate < 0.1:
        clocks.meet(kinds=["resolution"], at=NOW, **on)
    elif fate < 0.15:
        clocks.stop(reason="withdrawn", at=NOW, **on)
    elif fate < 0.3:
        begin = clock.started_at + (NOW - clock.started_at) * dice.random()
        clocks.pause(reason="r", awaited="a", wakes_on=None, at=begin, **on)
        if dice.random() < 0.5:
            clocks.resume(at=NOW, **on)
    elif fate < 0.4 and clock.due_at > NOW:
        clocks.extend(clock_id=clock.pk, days=dice.randrange(1, 9), reason="r", post_id=None, at=NOW)


def test_the_what_if_is_exactly_what_is_applied_on_random_clocks(start, admin):
    dice = random.Random(2027)
    for _number in range(160):
        handle_somehow(random_clock(start, dice), dice)
    sweep(NOW)
    before = {clock.pk: clock for clock in Clock.objects.all()}
    version = propose(admin)
    foretold = {move.clock_id: (move.before, move.after, move.days) for move in editions.what_if(version)}
    assert apply(admin, version) == len(foretold) > 20
    changes = ClockChange.objects.filter(why="calendar")
    assert {change.clock_id: (change.before, change.after, change.days) for change in changes} == foretold
    for clock in Clock.objects.all():
        was = before[clock.pk]
        assert (was.due_at, clock.due_at) == foretold.get(clock.pk, (was.due_at, was.due_at))[:2]
        if clock.met_at or clock.stopped_at or clock.breached_at:
            assert clock.due_at == was.due_at
            assert clock.calendar_id == was.calendar_id
        elif clock.calendar_id == version.pk:
            expected = ladder.instants(
                calendar.of(version.pk), start=clock.started_at, due=clock.due_at, unit=clock.unit
            )
            assert {name: getattr(clock, name) for name in vars(expected)} == vars(expected)


def test_each_moved_deadline_keeps_its_number_of_working_days_or_hours(start, admin):
    """An independent count: by the Python table, day by day."""
    dice = random.Random(7)
    old = calendar.current()
    started = [random_clock(start, dice) for _number in range(80)]
    version = propose(admin)
    apply(admin, version)
    new = calendar.of(version.pk)
    moved = 0
    for was in started:
        clock = Clock.objects.get(pk=was.pk)
        if clock.given or clock.unit == "cd" or was.due_at <= NOW:
            assert clock.due_at == was.due_at
        elif clock.unit == "wh":
            assert clock.due_at == new.add_working_minutes(clock.started_at, was.amount * 60)
        else:
            assert clock.due_at == new.due(clock.started_at, was.amount, "wd")
        moved += clock.due_at != was.due_at
    assert moved > 8
    assert old.number == 1


def test_what_has_passed_or_is_met_stays(start, admin):
    late = start("feedback", "2026-12-10T10:00")  # due 15 December, nobody has swept yet
    met = start("resolution", "2026-12-20T10:00", case="complex")
    clocks.meet(subject_kind="thing", subject_id=met.subject_id, kinds=["resolution"], at=NOW)
    assert editions.what_if(propose(admin)) == []
    apply(admin, propose(admin))
    for clock in (late, met):
        due = clock.due_at
        clock.refresh_from_db()
        assert (clock.due_at, clock.calendar.number) == (due, 1)


def test_a_deadline_never_moves_into_the_past(start, admin):
    """Entered late, 2027's make-up days would have ended this limit yesterday: it keeps its day."""
    clock = start("feedback", "2026-12-31T10:00")
    assert clock.due_at == at("2027-01-06T18:00")
    with wall.at(at("2027-01-06T10:00")):
        version = propose(
            admin, [Override(date(2027, 1, 2), True, "补班"), Override(date(2027, 1, 3), True, "补班")], years=()
        )
        assert editions.what_if(version) == []
        apply(admin, version)
    clock.refresh_from_db()
    assert clock.due_at == at("2027-01-06T18:00")


def test_a_paused_clock_whose_due_date_went_by_is_moved_too(start, admin):
    clock = start("feedback", "2026-12-30T10:00")
    on = {"subject_kind": "thing", "subject_id": clock.subject_id}
    clocks.pause(reason="r", awaited="a", wakes_on=None, at=at("2026-12-31T09:00"), **on)
    with wall.at(at("2027-01-08T10:00")):
        assert apply(admin, propose(admin, [Override(date(2027, 1, 4), False, "元旦")], years=())) == 1
    clock.refresh_from_db()
    assert clock.due_at == at("2027-01-06T18:00")
    clocks.resume(at=at("2027-01-08T10:00"), **on)
    clock.refresh_from_db()
    assert clock.due_at == at("2027-01-12T18:00")  # 31 December, 5, 6 and 7 January lost


def test_a_today_that_becomes_a_day_off_moves_to_the_next_working_day(start, admin):
    day = start("signing", "2026-12-18T10:00")
    hours = start("signing", "2026-12-21T09:30", case="urgent")
    apply(admin, propose(admin, [Override(date(2026, 12, 21), False, "雪灾")], years=()))
    day.refresh_from_db()
    hours.refresh_from_db()
    assert day.due_at == at("2026-12-22T18:00")
    assert hours.due_at == at("2026-12-22T11:00")


def test_a_new_edition_changes_the_light_of_a_given_deadline_but_not_its_date(start, admin):
    clock = start("decision", "2026-12-20T10:00", due_at=at("2027-01-05T18:00"))
    assert clock.yellow_at == at("2027-01-04T09:00")
    assert apply(admin, propose(admin)) == 0
    clock.refresh_from_db()
    assert (clock.due_at, clock.yellow_at) == (at("2027-01-05T18:00"), at("2026-12-31T09:00"))


EDITS = st.dictionaries(st.dates(date(2026, 12, 22), date(2027, 3, 31)), st.booleans(), max_size=6)


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(first=EDITS, second=EDITS)
def test_the_order_of_two_edits_does_not_matter(start, admin, first, second):
    second = {day: works for day, works in second.items() if day not in first}
    amounts = [1, 5, 15, 30, 45]

    def due_after(*edits) -> list:
        base = CalendarVersion.objects.get(number=1)
        CalendarVersion.objects.exclude(pk=base.pk).update(state="draft")
        begun = [start("resolution", "2026-12-20T10:00", amount=amount).pk for amount in amounts]
        for edit in edits:
            apply(admin, propose(admin, [Override(day, works) for day, works in edit.items()], years=()))
        dues = [Clock.objects.get(pk=pk).due_at for pk in begun]
        Clock.objects.filter(pk__in=begun).update(stopped_at=NOW, stop_reason="done")
        return dues

    assert due_after(first, second) == due_after(second, first)


def test_a_draft_carries_on_what_the_edition_before_it_had(admin):
    first = propose(admin)
    apply(admin, first)
    second = propose(admin, [Override(date(2026, 12, 24), False, "雪灾")], years=(), dropped=[date(2027, 1, 4)])
    table = calendar.of(second.pk)
    assert not table.is_working(date(2026, 12, 24))
    assert table.is_working(date(2027, 1, 4))
    assert table.is_working(date(2027, 1, 31))
    assert list(second.years.values_list("year", flat=True)) == [2027]
    assert table.row(date(2027, 1, 31)).source == "announced"
    assert table.row(date(2026, 12, 24)).source == "override"
    assert table.provisional_years == frozenset(range(2028, 2033))


def test_only_the_system_administrator_proposes_and_applies(admin, cast):
    version = propose(admin)
    for post in (cast.coordinator, cast.leader, cast.supervisor, cast.officer):
        actor = actor_for(post.user)
        with pytest.raises(PermissionDenied):
            propose(actor)
        with pytest.raises(NotVisible):  # a draft is the administrator's alone
            apply(actor, version)
    assert calendar.current().number == 1


def test_an_older_draft_is_not_applied_over_a_newer_edition(admin):
    older, newer = propose(admin), propose(admin)
    apply(admin, newer)
    for version in (older, newer):
        with pytest.raises(Conflict):
            apply(admin, version)
    with pytest.raises(NotVisible):
        editions.apply_calendar(actor=admin, version_id=0)


@pytest.mark.parametrize(
    ("overrides", "years"),
    [
        ([Override(date(2026, 12, 24), False), Override(date(2026, 12, 24), True)], ()),
        ([Override(date(2033, 1, 1), False)], ()),
        ([Override(date(2026, 12, 24), False)], (2027,)),
    ],
)
def test_bad_drafts_are_refused(admin, overrides, years):
    with pytest.raises(ValidationError):
        propose(admin, overrides, years)
    assert CalendarVersion.objects.count() == 1


def test_what_was_in_other_hands_is_brought_along_by_the_next_sweep(start, admin):
    """A clock that another transaction was starting while the edition was applied still has the old one."""
    version = propose(admin)
    apply(admin, version)
    straggler = start("resolution", "2026-12-20T10:00", case="complex")
    Clock.objects.filter(pk=straggler.pk).update(
        calendar=CalendarVersion.objects.get(number=1), due_at=at("2027-02-01T18:00")
    )
    assert sweep(NOW).moved == 1
    straggler.refresh_from_db()
    assert (straggler.due_at, straggler.calendar) == (at("2027-01-31T18:00"), version)
    assert sweep(NOW).moved == 0


def test_apps_hear_which_subjects_moved(start, admin):
    heard: list[int] = []
    registry.on_moved("thing", heard.extend)
    clock = start("resolution", "2026-12-20T10:00", case="complex")
    apply(admin, propose(admin))
    assert heard == [clock.subject_id]


def test_a_clock_of_the_submitter_moves_without_a_notice(start, admin):
    start("rating", "2026-12-30T10:00", side="submitter")
    assert apply(admin, propose(admin)) == 1
    assert Notice.objects.count() == 0
