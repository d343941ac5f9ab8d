"""The rules in sets (``instants_sql``) equal those of the Python (``calendar``, ``ladder``)."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection

from deadlines import calendar, ladder
from deadlines.instants_sql import ladder as ladder_in_sets
from deadlines.instants_sql import parameters
from deadlines.models import Clock, Reminder, WorkingDay
from deadlines.services import clocks
from deadlines.services.sweep import sweep
from deadlines.states import Side
from tests.deadlines.conftest import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plugged")]

LONG_PAST = at("2004-02-01T00:00")
COLUMNS = ("provisional", "yellow_at", "red_at", "candidate_at", "next_rung", "next_rung_at")


def random_starts(dice: random.Random, count: int) -> list[clocks.Start]:
    starts = []
    for number in range(count):
        begin = LONG_PAST + timedelta(seconds=dice.randrange(0, 28 * 365 * 86400))
        unit = dice.choice(["wd", "wd", "wh", "cd"])
        given = begin + timedelta(seconds=dice.randrange(1, 90 * 86400)) if dice.random() < 0.15 else None
        starts.append(
            clocks.Start(
                subject_kind="thing", subject_id=number, subject_ref=f"T-{number}", kind="resolution", at=begin,
                case="normal", amount=dice.randrange(1, 60), unit=unit, due_at=given,
                side=dice.choice(["government", "submitter"]),
            )
        )  # fmt: skip
    return starts


def in_sets() -> dict[int, tuple]:
    source = "(SELECT id, started_at AS start, due_at AS due, unit FROM deadlines_clock)"
    columns = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {columns} FROM ({ladder_in_sets(source)}) l",  # noqa: S608 -- constants
            parameters(calendar.current()),
        )
        return {row[0]: row[1:] for row in cursor.fetchall()}


def in_python() -> dict[int, tuple]:
    return {row[0]: row[1:] for row in Clock.objects.values_list("pk", *COLUMNS)}


def test_lights_and_ladders_in_sets_equal_the_python_on_random_clocks() -> None:
    clocks.start_many(random_starts(random.Random(4), 400))
    assert len({row[4] for row in in_python().values()}) == 3
    assert in_sets() == in_python()


def test_a_wrong_table_in_sets_would_be_seen() -> None:
    """The control: with a damaged table of days the same comparison fails."""
    clocks.start_many(random_starts(random.Random(6), 200))
    expected = in_python()
    WorkingDay.objects.filter(day__year__gte=2010, day__day=4).update(works=False)
    assert in_sets() != expected


def test_the_rungs_ahead_are_those_that_the_sweep_climbs() -> None:
    """Of both sides: a submitter's ladder ends with the breach."""
    clocks.start_many(random_starts(random.Random(8), 150))
    expected = {(one.pk, rung, instant) for one in Clock.objects.all() for rung, instant in ladder.ahead(one)}
    of_submitters = {rung for pk, rung, _at in expected if Clock.objects.get(pk=pk).side == Side.SUBMITTER}
    assert of_submitters == {"day_before", "due_day", "breach"}
    sweep(at("2040-01-01T10:00"))
    assert set(Reminder.objects.values_list("clock_id", "rung", "rung_at")) == expected


def test_nothing_is_ahead_of_a_ladder_that_was_climbed() -> None:
    clocks.start_many(random_starts(random.Random(9), 20))
    sweep(at("2040-01-01T10:00"))
    assert [rung for one in Clock.objects.all() for rung in ladder.ahead(one)] == []
