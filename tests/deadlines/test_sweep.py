"""The reminder ladder and the sweep that climbs it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Post, User
from accounts.roles import Role
from common.errors import Conflict
from deadlines import registry
from deadlines.models import Clock, Reminder
from deadlines.services import clocks
from deadlines.services.sweep import sweep
from notices.models import Delivery, Notice, Preference
from tests.deadlines.conftest import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plugged")]


def told(word: str) -> set[str]:
    return set(Notice.objects.filter(word=word).values_list("user__username", flat=True))


def test_each_rung_at_its_instant_to_whom_it_concerns(start):
    """Three working days from Thursday 2026-11-19: due Tuesday the 24th."""
    clock = start("feedback", "2026-11-19T10:00")
    assert clock.due_at == at("2026-11-24T18:00")
    ladder = [
        ("day_before", "2026-11-23T09:00", {"officer"}),
        ("due_day", "2026-11-24T09:00", {"officer"}),
        ("breach", "2026-11-24T18:00", {"officer", "head"}),
        ("escalate", "2026-11-27T18:00", {"leader", "office"}),
        ("candidate", "2026-12-01T18:00", {"supervisor"}),
    ]
    for rung, when, people in ladder:
        sweep(at(when) - timedelta(seconds=1))
        assert not Reminder.objects.filter(clock=clock, rung=rung).exists(), rung
        sweep(at(when))
        reminder = Reminder.objects.get(clock=clock, rung=rung)
        assert (reminder.rung_at, reminder.due_at) == (at(when), clock.due_at)
        assert told(f"{rung}.feedback") == people
    clock.refresh_from_db()
    assert (clock.next_rung, clock.next_rung_at, clock.breached_at) == ("", None, clock.due_at)


def test_a_second_sweep_does_nothing(start):
    start("feedback", "2026-11-19T10:00")
    first = sweep(at("2026-12-10T00:00"))
    assert (first.clocks, first.rungs, first.notices, first.mails) == (1, 5, 7, 7)
    second = sweep(at("2026-12-10T00:00"))
    assert (second.clocks, second.rungs, second.notices, second.mails) == (0, 0, 0, 0)
    assert Reminder.objects.count() == 5
    assert Notice.objects.count() == Delivery.objects.count() == 7


def test_however_late_the_sweep_every_rung_between_is_recorded(start):
    clock = start("feedback", "2026-11-19T10:00")
    sweep(at("2027-06-01T10:00"))
    rungs = Reminder.objects.filter(clock=clock).order_by("pk").values_list("rung", "rung_at")
    assert list(rungs) == [
        ("day_before", at("2026-11-23T09:00")),
        ("due_day", at("2026-11-24T09:00")),
        ("breach", at("2026-11-24T18:00")),
        ("escalate", at("2026-11-27T18:00")),
        ("candidate", at("2026-12-01T18:00")),
    ]


def test_one_statement_for_a_batch(start, django_assert_num_queries):
    for _number in range(30):
        start("feedback", "2026-11-19T10:00")
    with django_assert_num_queries(12) as few:  # one of them asks which subjects are private
        assert sweep(at("2026-12-10T00:00")).rungs == 150
    for _number in range(3):
        start("feedback", "2026-11-19T10:00")
    with django_assert_num_queries(len(few)):
        assert sweep(at("2026-12-10T00:00")).rungs == 15


def test_a_small_batch_size_does_the_same(start):
    for _number in range(7):
        start("feedback", "2026-11-19T10:00")
    result = sweep(at("2026-12-10T00:00"), batch=2)
    assert (result.clocks, result.rungs) == (7, 35)


# Dropping ------------------------------------------------------------------------------------------------------------


def rungs_of(clock: Clock) -> list[str]:
    sweep(at("2027-06-01T10:00"))
    return list(Reminder.objects.filter(clock=clock).order_by("rung_at").values_list("rung", flat=True))


@pytest.mark.parametrize(
    ("when", "first"),
    [
        ("2026-11-19T08:59", "day_before"),
        ("2026-11-19T09:00", "day_before"),  # not before the start
        ("2026-11-19T09:01", "due_day"),
        ("2026-11-19T20:00", "due_day"),
    ],
)
def test_the_reminder_of_the_day_before_is_dropped_before_the_start(start, when, first):
    clock = start("signing", when)
    assert clock.next_rung == first
    assert rungs_of(clock)[0] == first


def test_hour_limits_have_no_reminder_before_due(start):
    clock = start("signing", "2026-11-19T17:30", case="urgent")
    assert clock.due_at == at("2026-11-20T10:30")
    assert rungs_of(clock) == ["breach", "escalate", "candidate"]


def test_a_given_deadline_on_the_day_of_its_start_has_no_reminder_before_due(start):
    clock = start("decision", "2026-11-19T10:00", due_at=at("2026-11-19T18:00"))
    assert rungs_of(clock) == ["breach", "escalate", "candidate"]


def test_a_given_deadline_before_nine_has_no_reminder_of_its_day(start):
    clock = start("decision", "2026-11-16T10:00", due_at=at("2026-11-19T08:00"))
    assert rungs_of(clock) == ["day_before", "breach", "escalate", "candidate"]


def test_what_the_submitter_owes_is_only_reminded_and_never_into_an_inbox(start):
    clock = start("rating", "2026-11-19T10:00", side="submitter", holder_unit_id=None)
    assert rungs_of(clock) == ["day_before", "due_day", "breach"]
    assert Notice.objects.count() == 0


def test_paused_met_and_stopped_clocks_climb_no_rung(start):
    running, paused, met, stopped = (start("feedback", "2026-11-19T10:00") for _number in range(4))
    on = {"subject_kind": "thing", "at": at("2026-11-20T10:00")}
    clocks.pause(subject_id=paused.subject_id, reason="等企业", awaited="企业", wakes_on=None, **on)
    clocks.meet(subject_id=met.subject_id, kinds=["feedback"], **on)
    clocks.stop(subject_id=stopped.subject_id, reason="withdrawn", **on)
    sweep(at("2027-06-01T10:00"))
    assert set(Reminder.objects.values_list("clock", flat=True)) == {running.pk}


# Whom ----------------------------------------------------------------------------------------------------------------


def test_the_holder_in_person_comes_before_the_unit(start, cast, make_person):
    other = make_person("other", Role.UNIT_OFFICER, cast.water)
    start("feedback", "2026-11-19T10:00", holder_post_id=other.pk)
    sweep(at("2026-11-23T09:00"))
    assert told("day_before.feedback") == {"other"}


def test_a_holder_who_left_is_replaced_by_the_head_of_unit(start, cast):
    Post.objects.filter(pk=cast.officer.pk).update(ends_at=at("2026-11-20T18:00"))
    start("feedback", "2026-11-19T10:00", holder_post_id=cast.officer.pk)
    sweep(at("2026-11-23T09:00"))
    assert told("day_before.feedback") == {"head"}


def test_a_leader_who_left_is_replaced_by_the_service_office(start, cast):
    Post.objects.filter(pk=cast.leader.pk).update(ends_at=at("2026-11-20T18:00"))
    start("coordination", "2026-11-19T10:00", case="layer2", holder_post_id=cast.leader.pk, holder_unit_id=None)
    sweep(at("2026-11-25T09:00"))
    assert told("day_before.coordination") == {"office"}


def test_a_unit_without_an_officer_is_told_by_its_head(start, cast):
    start("feedback", "2026-11-19T10:00", holder_unit_id=cast.power.pk)
    sweep(at("2026-11-23T09:00"))
    assert told("day_before.feedback") == {"power_head"}


def test_what_nobody_holds_is_the_coordinators(start):
    start("verification", "2026-11-19T10:00", holder_unit_id=None)
    sweep(at("2026-11-24T00:00"))
    assert told("due_day.verification") == told("breach.verification") == {"coordinator"}


def test_a_unit_with_nobody_in_it_and_a_case_without_a_leader_fall_to_the_coordinators(start, cast):
    start("feedback", "2026-11-19T10:00", holder_unit_id=cast.hall.pk, leader_id=None, office_id=None)
    sweep(at("2026-11-30T00:00"))
    assert told("day_before.feedback") == told("escalate.feedback") == {"coordinator"}


def test_people_without_access_are_told_nothing(start, cast):
    User.objects.filter(username="officer").update(is_active=False)
    start("feedback", "2026-11-19T10:00")
    sweep(at("2026-11-23T09:00"))
    assert told("day_before.feedback") == {"head"}


def test_who_is_holder_and_head_gets_one_notice(start, cast, make_person):
    make_person("power_head", Role.UNIT_OFFICER, cast.power)
    start("feedback", "2026-11-19T10:00", holder_unit_id=cast.power.pk)
    sweep(at("2026-11-24T18:00"))
    assert Notice.objects.filter(word="breach.feedback").count() == 1


def test_a_notice_carries_number_kind_due_and_link_only(start, cast):
    clock = start("feedback", "2026-11-19T10:00", subject_ref="旧 12#3?%")
    sweep(at("2026-11-24T18:00"))
    notice = Notice.objects.get(word="breach.feedback", user__username="head")
    assert notice.key == f"rung:{clock.pk}:breach:{int(clock.due_at.timestamp())}:{cast.head.user_id}"
    assert (notice.kind, notice.ref, notice.due_at, notice.post) == ("breach", "旧 12#3?%", clock.due_at, cast.head)
    assert notice.path == "/app/things/旧 12%233%3F%25/"
    assert not notice.urgent


def test_mail_goes_to_those_with_an_address_who_did_not_switch_it_off(start, cast):
    User.objects.filter(username="head").update(email="")
    Preference.objects.create(user=cast.officer.user, kind="reminder", channel="mail", on=False)
    start("feedback", "2026-11-19T10:00")
    sweep(at("2026-11-24T18:00"))
    assert Notice.objects.count() == 4
    mails = Delivery.objects.values_list("user__username", "notice__word", "not_before")
    assert list(mails) == [("officer", "breach.feedback", at("2026-11-24T18:00"))]


def test_quiet_hours_hold_back_all_but_the_urgent(start):
    start("feedback", "2026-11-19T10:00")
    urgent = start("resolution", "2026-11-19T10:00", case="urgent")
    sweep(at("2026-11-28T03:00"))  # Saturday night
    held = dict(Delivery.objects.filter(notice__word__startswith="breach").values_list("notice__word", "not_before"))
    assert held == {"breach.feedback": at("2026-11-30T09:00"), "breach.resolution": at("2026-11-28T03:00")}
    assert Notice.objects.filter(ref=urgent.subject_ref).values_list("urgent", flat=True).distinct().get()


# Effects -------------------------------------------------------------------------------------------------------------


def test_an_effect_is_carried_out_once_after_the_rung(start):
    calls: list[tuple[int, int]] = []
    registry.on_rung("signing", "breach", lambda clock_id, reminder_id, now: calls.append((clock_id, reminder_id)))
    clock = start("signing", "2026-11-19T10:00")
    assert sweep(at("2026-11-20T17:59")).effects == 0
    assert sweep(at("2026-11-20T18:00")).effects == 1
    assert sweep(at("2026-11-20T18:01")).effects == 0
    breach = Reminder.objects.get(clock=clock, rung="breach")
    assert calls == [(clock.pk, breach.pk)]
    assert breach.effect_done_at == at("2026-11-20T18:00")


def test_rungs_without_a_handler_have_nothing_left_to_do(start):
    start("feedback", "2026-11-19T10:00")
    sweep(at("2026-12-10T00:00"))
    assert not Reminder.objects.filter(effect_done_at__isnull=True).exists()


def test_effects_come_in_the_order_in_which_they_fell_due(start):
    order: list[str] = []
    for kind in ("signing", "feedback", "resolution"):
        registry.on_rung(kind, "breach", lambda clock_id, reminder_id, now, kind=kind: order.append(kind))
    start("resolution", "2026-11-19T10:00", case="simple")
    start("feedback", "2026-11-19T10:00")
    start("signing", "2026-11-19T10:00")
    sweep(at("2026-12-30T00:00"))
    assert order == ["signing", "feedback", "resolution"]


def test_a_state_that_moved_on_counts_as_done(start):
    def too_late(clock_id, reminder_id, now):
        Clock.objects.filter(pk=clock_id).update(round=9)
        raise Conflict("no longer assigned")

    registry.on_rung("signing", "breach", too_late)
    clock = start("signing", "2026-11-19T10:00")
    result = sweep(at("2026-11-20T18:00"))
    assert (result.effects, result.failed) == (1, 0)
    clock.refresh_from_db()
    assert clock.round == 1  # what the verb had begun is rolled back


def test_a_failing_effect_is_tried_five_times_and_stops_nobody(start):
    done: list[int] = []

    def sometimes(clock_id, reminder_id, now):
        if clock_id == bad.pk:
            Clock.objects.filter(pk=clock_id).update(round=9)
            raise RuntimeError("boom")
        done.append(clock_id)

    registry.on_rung("signing", "breach", sometimes)
    bad = start("signing", "2026-11-19T10:00")
    good = start("signing", "2026-11-19T10:01")
    for minute in range(7):
        result = sweep(at("2026-11-20T18:00") + timedelta(minutes=minute))
        assert (result.effects, result.failed) == (minute == 0, minute < 5)
    assert done == [good.pk]
    dead = Reminder.objects.dead(5).get()
    assert (dead.clock_id, dead.effect_attempts, dead.effect_error) == (bad.pk, 5, "RuntimeError: boom")
    bad.refresh_from_db()
    assert bad.round == 1


def test_pauses_wake_at_nine_of_their_date(start):
    woken: list[int] = []

    def wake(subject_id, now):
        clocks.resume(subject_kind="thing", subject_id=subject_id, at=now)
        woken.append(subject_id)

    registry.on_wake("thing", wake)
    clock = start("resolution", "2026-11-19T10:00", case="normal")
    on = {"subject_kind": "thing", "subject_id": clock.subject_id}
    clocks.pause(
        reason="等企业", awaited="企业", wakes_on=at("2026-11-26T00:00").date(), at=at("2026-11-20T10:00"), **on
    )
    sweep(at("2026-11-26T08:59"))
    assert woken == []
    assert sweep(at("2026-11-26T09:00")).woken == 1
    assert sweep(at("2026-11-26T09:01")).woken == 0
    clock.refresh_from_db()
    assert (clock.paused_at, clock.due_at) == (None, at("2026-12-16T18:00"))  # 10 December, and four days lost


def test_a_wake_up_that_fails_stops_nobody(start):
    def wake(subject_id, now):
        if subject_id == first.subject_id:
            raise RuntimeError("boom")
        clocks.resume(subject_kind="thing", subject_id=subject_id, at=now)

    registry.on_wake("thing", wake)
    first, second = (
        start("resolution", "2026-11-19T10:00", case="normal"),
        start("resolution", "2026-11-19T10:00", case="normal"),
    )
    for clock in (first, second):
        clocks.pause(
            subject_kind="thing", subject_id=clock.subject_id, reason="r", awaited="a",
            wakes_on=at("2026-11-26T00:00").date(), at=at("2026-11-20T10:00"),
        )  # fmt: skip
    result = sweep(at("2026-11-26T09:00"))
    assert (result.woken, result.failed) == (1, 1)


# The command ---------------------------------------------------------------------------------------------------------


def test_the_command_takes_its_own_now(start, capsys):
    start("feedback", "2026-11-19T10:00")
    call_command("sweep", now="2026-11-24T18:00")
    assert capsys.readouterr().out.strip() == ("clocks=1 rungs=3 notices=4 mails=4 effects=0 failed=0 woken=0 moved=0")
    call_command("sweep", now="2026-12-01T10:00:00Z")  # 18:00 in Shanghai
    assert capsys.readouterr().out.startswith("clocks=1 rungs=2 ")
    with pytest.raises(CommandError, match="ISO 8601"):
        call_command("sweep", now="yesterday")
