"""The verbs of a clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.errors import Conflict
from deadlines.ladder import light
from deadlines.models import Clock, ClockChange, TimeRule
from deadlines.services import clocks, rules
from deadlines.services.sweep import sweep
from deadlines.states import Light
from tests.deadlines.conftest import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plugged")]


def of(clock: Clock) -> dict:
    return {"subject_kind": clock.subject_kind, "subject_id": clock.subject_id}


# Start ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "case", "due"),
    [
        ("acceptance", "", "2026-11-20T18:00"),
        ("signing", "", "2026-11-20T18:00"),
        ("signing", "urgent", "2026-11-19T15:00"),
        ("feedback", "", "2026-11-24T18:00"),
        ("feedback", "urgent", "2026-11-24T18:00"),
        ("progress", "", "2026-11-26T18:00"),
        ("resolution", "urgent", "2026-11-24T18:00"),
        ("resolution", "simple", "2026-11-26T18:00"),
        ("resolution", "normal", "2026-12-10T18:00"),
        ("resolution", "complex", "2026-12-31T18:00"),
        ("coordination", "layer2", "2026-11-26T18:00"),
        ("coordination", "layer3", "2026-12-03T18:00"),
        ("verification", "", "2026-11-23T18:00"),
        ("supplement", "", "2026-11-26T18:00"),
        ("ruling", "", "2026-11-20T18:00"),
        ("dispute", "", "2026-11-24T18:00"),
        ("rating", "", "2026-11-26T18:00"),
        ("supervision", "", "2026-11-24T18:00"),
        ("evaluation", "", "2026-11-30T18:00"),
        ("briefing", "", "2026-11-30T18:00"),
    ],
)
def test_each_kind_has_its_limit(start, kind, case, due):
    clock = start(kind, "2026-11-19T11:00", case=case)
    assert (clock.due_at, clock.first_due_at) == (at(due), at(due))
    assert clock.rule.kind == kind
    assert clock.calendar.number == 1
    assert not clock.provisional


def test_a_complex_case_of_20_december_2026_runs_into_a_year_nobody_announced(start):
    clock = start("resolution", "2026-12-20T10:00", case="complex")
    assert clock.due_at == at("2027-02-01T18:00")
    assert clock.provisional


def test_half_the_limit_is_rounded_up(start):
    clock = start("resolution", "2026-11-19T10:00", case="normal", half=True)
    assert (clock.amount, clock.due_at) == (8, at("2026-12-01T18:00"))
    assert start("resolution", "2026-11-19T10:00", case="urgent", half=True).amount == 2


def test_an_amount_stands_in_the_place_of_the_rule(start):
    assert start("supervision", "2026-11-19T10:00", amount=1).due_at == at("2026-11-20T18:00")
    assert start("approval", "2026-11-19T10:00", amount=11, unit="cd").due_at == at("2026-11-30T18:00")


def test_a_given_deadline_is_taken_as_it_is(start):
    clock = start("decision", "2026-11-19T10:00", due_at=at("2026-12-05T12:00"))
    assert (clock.due_at, clock.given, clock.rule, clock.amount) == (at("2026-12-05T12:00"), True, None, None)
    assert clock.yellow_at == at("2026-12-04T09:00")
    assert clock.red_at == at("2026-12-09T18:00")


def test_a_kind_without_a_rule_needs_a_date(start):
    with pytest.raises(LookupError, match="decision"):
        start("decision", "2026-11-19T10:00")


def test_a_new_rule_holds_for_what_starts_from_then_on(start, admin):
    old = start("feedback", "2026-11-19T10:00")
    TimeRule.objects.create(
        kind="feedback", case="", amount=2, unit="wd", version=2, valid_from=at("2026-11-20T00:00").date()
    )
    new = start("feedback", "2026-11-20T10:00")
    old.refresh_from_db()
    assert (old.due_at, new.due_at) == (at("2026-11-24T18:00"), at("2026-11-24T18:00"))
    assert (old.rule.version, new.rule.version) == (1, 2)
    assert clocks.limit_of(kind="feedback", at=at("2026-11-19T10:00")) == (3, "wd")
    assert clocks.limit_of(kind="feedback", at=at("2026-11-21T10:00")) == (2, "wd")


def test_one_kind_runs_once_for_a_subject_and_part(start):
    clock = start("feedback", "2026-11-19T10:00")
    with pytest.raises(IntegrityError), transaction.atomic():
        start("feedback", "2026-11-19T10:00", subject_id=clock.subject_id)
    start("feedback", "2026-11-19T10:00", subject_id=clock.subject_id, part="co:12")


def test_many_clocks_start_with_three_statements(cast, django_assert_num_queries):
    starts = [
        clocks.Start(
            subject_kind="thing", subject_id=7, subject_ref="T-7", kind=kind, at=at("2026-11-19T10:00"), case="normal",
            holder_unit_id=cast.water.pk,
        )
        for kind in ("signing", "feedback", "resolution")
    ]  # fmt: skip
    clocks.start_many(starts[:1])
    Clock.objects.all().delete()
    with django_assert_num_queries(5):  # a savepoint around them
        started = clocks.start_many(starts)
    assert [clock.kind for clock in started] == ["signing", "feedback", "resolution"]
    assert all(clock.pk for clock in started)


# Meet and stop -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("swept", [True, False])
@pytest.mark.parametrize(
    ("when", "late"), [("2026-11-24T17:59", False), ("2026-11-24T18:00", False), ("2026-11-24T18:01", True)]
)
def test_met_at_the_instant_of_due_is_on_time_whether_or_not_the_sweep_has_run(start, when, late, swept):
    clock = start("feedback", "2026-11-19T10:00")
    if swept:
        sweep(at(when))
    [met] = clocks.meet(kinds=["feedback"], at=at(when), **of(clock))
    assert met.met_at == at(when)
    assert met.breached_at == (clock.due_at if late else None)
    assert Clock.objects.with_on_time().get(pk=clock.pk).on_time is not late
    assert sweep(at("2027-01-10T00:00")).rungs == 0


def test_meet_means_the_own_part_unless_told_otherwise(start):
    own = start("feedback", "2026-11-19T10:00")
    part = start("feedback", "2026-11-19T10:00", subject_id=own.subject_id, part="co:12")
    on = {"kinds": ["feedback"], "at": at("2026-11-20T10:00")} | of(own)
    assert clocks.meet(**on) == [own]
    assert clocks.meet(**on) == []
    assert clocks.meet(part="co:12", **on) == [part]


def test_stop_ends_all_kinds_and_parts(start):
    own = start("feedback", "2026-11-19T10:00")
    start("feedback", "2026-11-19T10:00", subject_id=own.subject_id, part="co:12")
    start("resolution", "2026-11-19T10:00", subject_id=own.subject_id, case="normal")
    other = start("feedback", "2026-11-19T10:00")
    stopped = clocks.stop(reason="withdrawn", at=at("2026-11-20T10:00"), **of(own))
    assert {clock.stop_reason for clock in stopped} == {"withdrawn"}
    assert len(stopped) == 3
    assert list(Clock.objects.open()) == [other]


def test_stop_without_a_reason_is_refused(start):
    clock = start("feedback", "2026-11-19T10:00")
    with pytest.raises(IntegrityError), transaction.atomic():
        clocks.stop(reason="", at=at("2026-11-20T10:00"), **of(clock))


# Pause and resume ----------------------------------------------------------------------------------------------------


def paused_and_resumed(clock: Clock, begin: str, end: str) -> Clock:
    on = of(clock)
    clocks.pause(reason="等企业补件", awaited="企业", wakes_on=None, at=at(begin), **on)
    clocks.resume(at=at(end), **on)
    clock.refresh_from_db()
    return clock


def test_a_pause_adds_back_the_days_really_lost(start):
    clock = paused_and_resumed(
        start("resolution", "2026-11-19T10:00", case="simple"), "2026-11-23T10:00", "2026-11-26T10:00"
    )
    assert clock.due_at == at("2026-12-01T18:00")  # 26 November, and Monday to Wednesday lost
    assert clock.first_due_at == at("2026-11-26T18:00")
    assert clock.pauses.get().lost == 3
    change = ClockChange.objects.get(clock=clock)
    assert (change.why, change.days, change.before, change.after, change.since) == (
        "resume", 3, at("2026-11-26T18:00"), at("2026-12-01T18:00"), at("2026-11-23T10:00")
    )  # fmt: skip
    assert clock.red_at == at("2026-12-04T18:00")


def test_a_pause_over_a_weekend_or_within_a_day_loses_nothing(start):
    for begin, end in [("2026-11-20T18:30", "2026-11-23T09:00"), ("2026-11-20T10:00", "2026-11-20T17:00")]:
        clock = paused_and_resumed(start("resolution", "2026-11-19T10:00", case="simple"), begin, end)
        assert clock.due_at == clock.first_due_at
        assert not clock.changes.exists()


def test_hour_limits_lose_working_minutes(start):
    clock = paused_and_resumed(
        start("signing", "2026-11-19T09:00", case="urgent"), "2026-11-19T10:00", "2026-11-19T14:30"
    )
    assert (clock.due_at, clock.pauses.get().lost) == (at("2026-11-19T15:30"), 150)


def test_calendar_days_lose_calendar_days(start):
    clock = paused_and_resumed(
        start("approval", "2026-11-19T10:00", amount=11, unit="cd"), "2026-11-20T10:00", "2026-11-23T10:00"
    )
    assert clock.due_at == at("2026-12-03T18:00")


INSTANTS = st.integers(0, 7 * 86400).map(lambda seconds: at("2026-11-19T10:00") + timedelta(seconds=seconds))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(when=INSTANTS, kind=st.sampled_from(["feedback", "resolution", "signing"]))
def test_pause_and_resume_at_once_changes_nothing(start, when, kind):
    clock = start(kind, "2026-11-19T10:00", case="urgent")
    kept = ["due_at", "yellow_at", "red_at", "candidate_at", "next_rung", "next_rung_at", "paused_at", "provisional"]
    before = {name: getattr(clock, name) for name in kept}
    clocks.pause(reason="r", awaited="a", wakes_on=None, at=when, **of(clock))
    clocks.resume(at=when, **of(clock))
    clock.refresh_from_db()
    assert {name: getattr(clock, name) for name in kept} == before


def test_a_late_clock_keeps_its_due_date_and_climbs_no_rung_while_it_stands_still(start):
    clock = paused_and_resumed(start("feedback", "2026-11-19T10:00"), "2026-11-25T10:00", "2026-12-02T10:00")
    assert (clock.due_at, clock.breached_at) == (at("2026-11-24T18:00"), at("2026-11-24T18:00"))
    assert clock.red_at == at("2026-12-04T18:00")  # 27 November, and five days held back
    assert clock.candidate_at == at("2026-12-08T18:00")
    assert clock.pauses.get().lost == 5


def test_met_while_paused_gets_back_what_was_lost_first(start):
    clock = start("feedback", "2026-11-19T10:00")
    clocks.pause(reason="r", awaited="a", wakes_on=None, at=at("2026-11-23T10:00"), **of(clock))
    [met] = clocks.meet(kinds=["feedback"], at=at("2026-11-26T10:00"), **of(clock))
    assert (met.due_at, met.breached_at, met.paused_at) == (at("2026-11-27T18:00"), None, None)
    assert not clock.pauses.filter(ended_at__isnull=True).exists()


def test_stopped_while_paused_ends_the_pause_too(start):
    clock = start("feedback", "2026-11-19T10:00")
    clocks.pause(reason="r", awaited="a", wakes_on=None, at=at("2026-11-23T10:00"), **of(clock))
    [stopped] = clocks.stop(reason="withdrawn", at=at("2026-11-26T10:00"), **of(clock))
    assert (stopped.paused_at, stopped.breached_at, stopped.due_at) == (None, None, clock.due_at)
    assert clock.pauses.get().lost == 3


def test_paused_twice_is_paused_once(start):
    clock = start("feedback", "2026-11-19T10:00")
    on = {"reason": "r", "awaited": "a", "wakes_on": None} | of(clock)
    assert len(clocks.pause(at=at("2026-11-23T10:00"), **on)) == 1
    assert clocks.pause(at=at("2026-11-23T11:00"), **on) == []
    assert clock.pauses.count() == 1


# Extend and reopen ---------------------------------------------------------------------------------------------------


def test_an_extension_keeps_the_original_date_in_sight(start, cast):
    clock = start("resolution", "2026-11-19T10:00", case="simple")
    on = {"clock_id": clock.pk, "reason": "等待供电方案", "post_id": cast.coordinator.pk}
    clocks.extend(days=3, at=at("2026-11-24T10:00"), **on)
    extended = clocks.extend(days=2, at=at("2026-11-25T10:00"), **on)
    assert (extended.first_due_at, extended.due_at, extended.extended) == (
        at("2026-11-26T18:00"), at("2026-12-03T18:00"), 5
    )  # fmt: skip
    changes = ClockChange.objects.filter(clock=clock).values_list("why", "days", "after", "post")
    assert list(changes) == [
        ("extend", 3, at("2026-12-01T18:00"), cast.coordinator.pk),
        ("extend", 2, at("2026-12-03T18:00"), cast.coordinator.pk),
    ]


def test_an_extension_granted_after_due_clears_the_breach_and_starts_a_new_ladder(start):
    clock = start("feedback", "2026-11-19T10:00")
    sweep(at("2026-11-24T18:00"))
    clocks.extend(clock_id=clock.pk, days=4, reason="r", post_id=None, at=at("2026-11-25T10:00"))
    clock.refresh_from_db()
    assert (clock.due_at, clock.breached_at) == (at("2026-11-30T18:00"), None)
    assert light(clock, at("2026-11-25T10:00")) == Light.GREEN
    sweep(at("2026-11-30T18:00"))
    rungs = clock.reminders.order_by("pk").values_list("rung", "due_at")
    assert [rung for rung, due in rungs if due == at("2026-11-24T18:00")] == ["day_before", "due_day", "breach"]
    assert [rung for rung, due in rungs if due == at("2026-11-30T18:00")] == ["day_before", "due_day", "breach"]


def test_an_extension_too_short_leaves_the_clock_late(start):
    clock = start("feedback", "2026-11-19T10:00")
    extended = clocks.extend(clock_id=clock.pk, days=1, reason="r", post_id=None, at=at("2026-11-26T10:00"))
    assert extended.breached_at == extended.due_at == at("2026-11-25T18:00")


def test_an_ended_clock_is_not_extended(start):
    clock = start("feedback", "2026-11-19T10:00")
    clocks.meet(kinds=["feedback"], at=at("2026-11-20T10:00"), **of(clock))
    with pytest.raises(Conflict):
        clocks.extend(clock_id=clock.pk, days=1, reason="r", post_id=None, at=at("2026-11-20T11:00"))


@pytest.mark.parametrize(
    ("met", "back", "due"),
    [
        ("2026-11-20T10:00", "2026-11-20T16:00", "2026-11-24T18:00"),  # the same day
        ("2026-11-20T10:00", "2026-11-24T10:00", "2026-11-26T18:00"),  # Monday and Tuesday in between
        ("2026-11-21T10:00", "2026-11-22T10:00", "2026-11-24T18:00"),  # a weekend
        ("2026-11-24T17:50", "2026-11-24T20:00", "2026-11-25T18:00"),  # timely, so not late at once
    ],
)
def test_what_is_sent_back_runs_on_by_the_working_days_in_between(start, met, back, due):
    clock = start("feedback", "2026-11-19T10:00")
    clocks.meet(kinds=["feedback"], at=at(met), **of(clock))
    reopened = clocks.reopen_met(clock_id=clock.pk, at=at(back))
    assert (reopened.met_at, reopened.due_at, reopened.breached_at) == (None, at(due), None)
    assert light(reopened, at(back)) in (Light.GREEN, Light.YELLOW)


def test_a_late_one_keeps_its_due_date_when_it_is_sent_back(start):
    clock = start("feedback", "2026-11-19T10:00")
    sweep(at("2026-11-25T10:00"))
    clocks.meet(kinds=["feedback"], at=at("2026-11-25T11:00"), **of(clock))
    reopened = clocks.reopen_met(clock_id=clock.pk, at=at("2026-12-10T10:00"))
    assert (reopened.due_at, reopened.breached_at) == (at("2026-11-24T18:00"), at("2026-11-24T18:00"))
    before = clock.reminders.count()
    sweep(at("2026-12-10T10:00"))
    assert clock.reminders.count() == before + 2  # escalate and candidate; what was recorded is not repeated
    with pytest.raises(Conflict):
        clocks.reopen_met(clock_id=clock.pk, at=at("2026-12-10T10:00"))


# Whom it is for ------------------------------------------------------------------------------------------------------


def test_hold_gives_open_clocks_another_holder(start, cast):
    clock = start("feedback", "2026-11-19T10:00")
    clocks.hold(holder_unit_id=cast.power.pk, leader_id=None, **of(clock))
    clock.refresh_from_db()
    assert (clock.holder_unit_id, clock.leader_id, clock.office_id) == (cast.power.pk, None, cast.desk.pk)
    with pytest.raises(TypeError, match="due_at"):
        clocks.hold(due_at=None, **of(clock))


def test_hand_over_when_a_post_ends(start, cast):
    open_one = start("feedback", "2026-11-19T10:00", holder_post_id=cast.officer.pk)
    done = start("feedback", "2026-11-19T10:00", holder_post_id=cast.officer.pk)
    clocks.meet(kinds=["feedback"], at=at("2026-11-20T10:00"), **of(done))
    # another matter may have the same number among its own kind
    other = start("feedback", "2026-11-19T10:00", holder_post_id=cast.officer.pk)
    Clock.objects.filter(pk=other.pk).update(subject_kind="project", subject_id=open_one.subject_id)
    ids = [open_one.subject_id, done.subject_id]
    moved = clocks.hand_over(
        from_post_id=cast.officer.pk, to_post_id=cast.head.pk, subject_kind="thing", subject_ids=ids
    )
    assert moved == 1
    for one, holder in ((open_one, cast.head), (done, cast.officer), (other, cast.officer)):
        one.refresh_from_db()
        assert one.holder_post_id == holder.pk


# Lights --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "colour"),
    [
        ("2026-11-19T10:00", "green"),
        ("2026-11-23T08:59", "green"),
        ("2026-11-23T09:00", "yellow"),
        ("2026-11-24T18:00", "yellow"),
        ("2026-11-24T18:01", "overdue"),
        ("2026-11-27T17:59", "overdue"),
        ("2026-11-27T18:00", "red"),
    ],
)
def test_lights_turn_at_their_instants_in_python_and_in_sets(start, when, colour):
    clock = start("feedback", "2026-11-19T10:00")
    assert light(clock, at(when)) == colour
    assert Clock.objects.with_light(at(when)).get(pk=clock.pk).light == colour


def test_what_does_not_run_has_no_light(start):
    clock = start("feedback", "2026-11-19T10:00")
    clocks.pause(reason="r", awaited="a", wakes_on=None, at=at("2026-11-20T10:00"), **of(clock))
    clock.refresh_from_db()
    assert light(clock, at("2027-01-01T00:00")) is None
    assert Clock.objects.with_light(at("2027-01-01T00:00")).get(pk=clock.pk).light is None


# Rules ---------------------------------------------------------------------------------------------------------------


def test_ensure_rules_writes_what_is_missing_and_nothing_twice(db):
    assert rules.ensure_rules() == 0
    TimeRule.objects.filter(kind="rating").delete()
    assert rules.ensure_rules() == 1
    assert TimeRule.objects.count() == len(rules.DEFAULTS)
