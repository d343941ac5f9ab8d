"""The rules of ``calendar.py`` and ``ladder.py`` once more, for sets: pieces of SQL on the table of working days.

A test proves them equal to the Python on random clocks. Dates beyond the table (2004–2032) fall back to plain days.
"""

from __future__ import annotations

from typing import Any

from deadlines import calendar
from deadlines.calendar import Calendar
from deadlines.ladder import CANDIDATE_AFTER, ESCALATE_AFTER, LAST
from deadlines.states import RUNGS

TZ = "'Asia/Shanghai'"


def day_of(instant: str) -> str:
    return f"({instant} AT TIME ZONE {TZ})::date"


def at_time(day: str, time: str) -> str:
    """The instant of a date and a time of day in Asia/Shanghai."""
    return f"(({day} + {time}) AT TIME ZONE {TZ})"


def parameters(table: Calendar) -> dict[str, Any]:
    """What every statement made of these pieces is given."""
    hours = calendar.working_hours()
    return {
        "version": table.version_id,
        "opens": hours[0][0],
        "closes": hours[-1][1],
        "provisional_years": sorted(table.provisional_years),
    }


OPENS = "%(opens)s::time"
CLOSES = "%(closes)s::time"


def working_day(alias: str, n: str) -> str:
    """Join the working day whose count is ``n``."""
    return (
        f"LEFT JOIN deadlines_workingday {alias} ON {alias}.version_id = %(version)s AND {alias}.works"
        f" AND {alias}.n = {n}"
    )


def any_day(alias: str, day: str, version: str = "%(version)s") -> str:
    """Join the row of a day."""
    return f"LEFT JOIN deadlines_workingday {alias} ON {alias}.version_id = {version} AND {alias}.day = {day}"


def ladder(source: str) -> str:
    """A SELECT of ``id, due, provisional, yellow_at, red_at, candidate_at, next_rung, next_rung_at`` for ``source``, a
    relation with ``id, start, due, unit``. As ``ladder.instants``."""
    return f"""
    SELECT *, CASE next_rung WHEN 'day_before' THEN eve_at WHEN 'due_day' THEN morning_at ELSE due END AS next_rung_at
      FROM (SELECT *, GREATEST(eve_at, start) AS yellow_at,
                   CASE WHEN unit <> 'wh' AND start <= eve_at THEN 'day_before'
                        WHEN unit <> 'wh' AND start <= morning_at AND morning_at < due THEN 'due_day'
                        ELSE 'breach' END AS next_rung
              FROM (SELECT source.*,
                           due_row.day IS NULL OR date_part('year', due_day) = ANY(%(provisional_years)s)
                               AS provisional,
                           {at_time("COALESCE(eve.day, due_day - 1)", OPENS)} AS eve_at,
                           {at_time("due_day", OPENS)} AS morning_at,
                           {at_time(f"COALESCE(third.day, due_day + {ESCALATE_AFTER})", CLOSES)} AS red_at,
                           {at_time(f"COALESCE(fifth.day, due_day + {CANDIDATE_AFTER})", CLOSES)} AS candidate_at
                      FROM (SELECT id, start, due, unit, {day_of("due")} AS due_day FROM {source} AS given) AS source
                      {any_day("due_row", "due_day")}
                      {working_day("eve", "due_row.n - due_row.works::int")}
                      {working_day("third", f"due_row.n + {ESCALATE_AFTER}")}
                      {working_day("fifth", f"due_row.n + {CANDIDATE_AFTER}")}
                   ) AS dated
           ) AS laddered
    """  # noqa: S608 -- pieces of this module and names of relations, no values


def steps(clock: str) -> str:
    """A SELECT of ``place, rung, at``: the ladder of a row of clocks, from its next rung on to the last of its side.
    ``day_before`` is only ever a next rung, so its instant is the stored one. As ``ladder.ahead``."""
    last = " ".join(f"WHEN '{side}' THEN {RUNGS.index(rung) + 1}" for side, rung in LAST.items())
    places = " ".join(f"WHEN '{rung.value}' THEN {place}" for place, rung in enumerate(RUNGS, start=1))
    return f"""
    SELECT step.place, step.rung, step.at
      FROM (VALUES (1, 'day_before', {clock}.next_rung_at),
                   (2, 'due_day', {at_time(day_of(f"{clock}.due_at"), OPENS)}),
                   (3, 'breach', {clock}.due_at),
                   (4, 'escalate', {clock}.red_at),
                   (5, 'candidate', {clock}.candidate_at)
           ) AS step (place, rung, at)
     WHERE step.place >= CASE {clock}.next_rung {places} END
       AND (step.place <> 2 OR step.at < {clock}.due_at)
       AND step.place <= CASE {clock}.side {last} END
    """  # noqa: S608 -- pieces of this module and names of relations, no values


# Hours ---------------------------------------------------------------------------------------------------------------
# A moment of a version as working seconds since its first day: then hour limits are sums, as day limits are.


def _spans() -> list[tuple[int, int]]:
    """(begin, length) in seconds since midnight."""
    seconds = [(b.hour * 3600 + b.minute * 60, e.hour * 3600 + e.minute * 60) for b, e in calendar.working_hours()]
    return [(begin, end - begin) for begin, end in seconds]


def day_seconds() -> int:
    """Working seconds of a working day."""
    return sum(length for _begin, length in _spans())


def worked(instant: str, row: str) -> str:
    """Working seconds from the first day of the table up to ``instant``, whose day is ``row``."""
    into = f"EXTRACT(EPOCH FROM ({instant} AT TIME ZONE {TZ})::time)"
    today = " + ".join(f"LEAST(GREATEST({into} - {begin}, 0), {length})" for begin, length in _spans())
    return f"(({row}.n - {row}.works::int) * {day_seconds()} + {row}.works::int * ({today}))"


def day_index(seconds: str) -> str:
    """The count of the working day in which the working second falls; a full day ends on that day, not on the next."""
    return f"CEIL({seconds} / {day_seconds()}::numeric)::int"


def time_of(seconds: str) -> str:
    """The time of day of the working second, as an interval since midnight."""
    rest = f"({seconds} - ({day_index(seconds)} - 1) * {day_seconds()})"
    arms, passed = [], 0
    for begin, length in _spans():
        arms.append(f"WHEN {rest} <= {passed + length} THEN {begin} + {rest} - {passed}")
        passed += length
    return f"MAKE_INTERVAL(secs => (CASE {' '.join(arms)} END)::double precision)"
