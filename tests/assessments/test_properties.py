"""The month against a naive reading of PRODUCT.md §6: clocks, pauses and ratings at random, counted by plain loops."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import services
from assessments.models import FrozenCase, Result
from assessments.scheme import Scheme, of
from assessments.scoring import Standing, Tally, rank, stand
from tests.assessments import factories as f
from tests.assessments.factories import t

START = t("04-01 00:00")
MONTHS = ("2026-04", "2026-05", "2026-06", "2026-07", "2026-08")
BOUNDS = [t(f"{month:02}-01 00:00") for month in range(4, 10)]
LAST = BOUNDS[-1] - START


@dataclass(frozen=True)
class Case:
    kind: str
    due: datetime
    met: datetime | None
    stopped: bool
    pauses: tuple[tuple[datetime, datetime | None], ...]


def instants(before: timedelta = timedelta(days=40)) -> st.SearchStrategy[datetime]:
    """Anywhere from before the first month to after the last, often on a bound."""
    free = st.timedeltas(-before, LAST + timedelta(days=40)).map(lambda d: START + d - timedelta(0, 0, d.microseconds))
    return st.one_of(free, st.sampled_from(BOUNDS))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    due = draw(instants())
    met = draw(st.one_of(st.none(), instants(), st.just(due)))
    pauses = []
    if draw(st.booleans()):
        begin = draw(instants())
        # A met clock doesn't stand still any more.
        ends = [draw(st.one_of(st.none(), st.timedeltas(timedelta(hours=1), timedelta(days=60))))]
        end = begin + ends[0] if ends[0] else None
        if met is not None:
            end = min(end, met) if end else met
        if end is None or end > begin:
            pauses.append((begin, end))
    stopped = met is None and draw(st.booleans()) and draw(st.booleans())
    kind = draw(st.sampled_from(["resolution", "resolution", "resolution", "signing", "feedback"]))
    return Case(kind, due, met, stopped, tuple(pauses))


def paused_at(case: Case, instant: datetime) -> bool:
    return any(begin < instant and (end is None or end >= instant) for begin, end in case.pauses)


def part(case: Case, start: datetime, end: datetime) -> str:
    """The words of §6, one after the other."""
    if case.stopped:
        return ""
    met = case.met if case.met is not None and case.met < end else None
    met_before = case.met is not None and case.met < start
    if met is None and paused_at(case, end):
        due_soon = case.kind == "resolution"
        return "P" if due_soon and not met_before else ""
    if start <= case.due < end and not met_before:
        return "D"
    if case.due < start and not met_before:
        return "C" if case.kind == "resolution" else ""
    if met is not None and met >= start and case.due >= end:
        return "E"
    return ""


def figures(found: list[Case], start: datetime, end: datetime) -> dict[str, object]:
    parts = [(case, part(case, start, end)) for case in found]
    own = [(case, word) for case, word in parts if case.kind == "resolution"]
    d = [case for case, word in own if word == "D"]
    c = [case for case, word in own if word == "C"]
    e = [case for case, word in own if word == "E"]

    def on_time(kind: str) -> tuple[int, int]:
        counted = [case for case, word in parts if case.kind == kind and word in ("D", "E")]
        return sum(case.met is not None and case.met <= case.due and case.met < end for case in counted), len(counted)

    return {
        "met": sum(case.met is not None and case.met < end for case in d + c),
        "due": len(d) + len(c),
        "early": len(e),
        "closed_on_time": (sum(case.met is not None and case.met <= case.due for case in d) + len(e), len(d) + len(e)),
        "signing_on_time": on_time("signing"),
        "feedback_on_time": on_time("feedback"),
    }


def expected(found: list[Case], index: int) -> dict[str, object]:
    """The month, or the three months that end with it when fewer than five were due."""
    now = figures(found, BOUNDS[index], BOUNDS[index + 1])
    if now["due"] >= 5:
        return now | {"window": 1}
    first = {0: t("02-01 00:00"), 1: t("03-01 00:00")}.get(index) or BOUNDS[index - 2]
    return figures(found, first, BOUNDS[index + 1]) | {"window": 3}


def write(unit, found: list[Case]) -> None:
    for case in found:
        clock = f.clock(
            unit,
            case.due,
            case.met,
            kind=case.kind,
            stopped=case.due if case.stopped else None,
            started=min(filter(None, (case.due, case.met, *(begin for begin, _ in case.pauses)))) - timedelta(days=9),
        )
        for begin, end in case.pauses:
            f.pause(clock, begin, end)


SLOW = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def fresh() -> None:
    """Each example begins with nothing."""
    FrozenCase.objects.all().delete()
    for model in (Result, f.Pause, f.Clock, f.Span, f.Rating, f.Assignment):
        model.objects.all().delete()
    services.compute.Run.objects.all().delete()


@pytest.mark.django_db
@SLOW
@given(st.lists(cases(), min_size=1, max_size=14), st.integers(0, len(MONTHS) - 1))
def test_figures_are_those_of_the_naive_reading(found: list[Case], index: int) -> None:
    fresh()
    unit = f.unit()
    write(unit, found)
    run = services.assess(month=MONTHS[index], now=BOUNDS[-1] + timedelta(days=60))
    row = Result.objects.get(run=run, unit=unit)
    want = expected(found, index)
    counts = {one["code"]: (one["numerator"], one["denominator"]) for one in row.indicators}
    got = {name: getattr(row, name) for name in ("met", "due", "early", "window")}
    got |= {code: counts[code] for code in ("closed_on_time", "signing_on_time", "feedback_on_time")}
    assert got == want
    assert row.ranked is (want["due"] >= 5)


@pytest.mark.django_db
@settings(SLOW, max_examples=10)
@given(st.lists(cases(), min_size=5, max_size=14))
def test_each_clock_is_timely_or_late_exactly_once_over_the_months(found: list[Case]) -> None:
    """Every clock that was decided in these months and never stood still at a month's end, whatever the window."""
    fresh()
    unit = f.unit()
    for month in range(4, 9):  # so that each month has five of its own and is counted by itself
        for day in range(1, 6):
            f.clock(unit, f"{month:02}-{day:02}", f"{month:02}-{day:02} 09:00")
    write(unit, found)
    seen: Counter[str] = Counter()
    verdicts: dict[str, bool] = {}
    for month in MONTHS:
        run = services.assess(month=month, now=BOUNDS[-1] + timedelta(days=60))
        for case in FrozenCase.objects.filter(
            run=run, indicator__in=["closed_on_time", "signing_on_time", "feedback_on_time"]
        ):
            seen[case.ref] += 1
            verdicts[case.ref] = case.counts
    refs = dict(f.Clock.objects.values_list("subject_ref", "pk"))
    clocks = {clock.subject_ref: clock for clock in f.Clock.objects.all()}
    assert set(seen) <= set(refs)
    assert set(seen.values()) <= {1}
    for ref, clock in clocks.items():
        decided = min(filter(None, (clock.due_at, clock.met_at)))
        still = any(
            pause.started_at < bound and (pause.ended_at is None or pause.ended_at >= bound)
            for pause in clock.pauses.all()
            for bound in BOUNDS
        )
        inside = BOUNDS[0] <= decided < BOUNDS[-1] and clock.stopped_at is None
        if inside and not still:
            assert seen[ref] == 1, ref
            assert verdicts[ref] is (
                clock.met_at is not None and clock.met_at <= clock.due_at and clock.met_at < BOUNDS[-1]
            )
        elif not inside:
            assert seen[ref] == 0, ref


@pytest.mark.django_db
@SLOW
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 60), st.sampled_from(["yes", "partly", "no"]), st.integers(0, 5)),
        max_size=12,
    )
)
def test_ratings_are_those_of_the_naive_reading(answers: list[tuple[int, int, str, int]]) -> None:
    """Five issues, answered some days after 1 May, 0 stars for a close-over; the month is May."""
    fresh()
    unit = f.unit()
    f.good(unit, 5, "05")
    issues = [f.issue(unit) for _ in range(5)]
    told: dict[int, list[tuple[datetime, int, str, int]]] = {}
    for number, (which, day, solved, stars) in enumerate(answers):
        at = t("05-01 09:00") + timedelta(days=day)
        f.rating(unit, at, "no" if stars == 0 else solved, stars or None, of=issues[which])
        told.setdefault(which, []).append((at, number, "no" if stars == 0 else solved, stars))
    end = t("06-01 00:00")
    last = [max(row for row in rows if row[0] < end) for rows in told.values() if any(row[0] < end for row in rows)]
    stars = [row[3] for rows in told.values() for row in rows if row[0] < end and row[3]]
    run = services.assess(month="2026-05", now=t("08-01 06:00"))
    counts = {
        one["code"]: (one["numerator"], one["denominator"]) for one in Result.objects.get(run=run, unit=unit).indicators
    }
    assert counts["solved_rate"] == (sum(row[2] == "yes" for row in last), len(last))
    assert counts["satisfaction"] == (sum(one >= 4 for one in stars), len(stars))


# Ranks and cards, without a database ---------------------------------------------------------------------------------

WEIGHTS = {"closed_on_time": Decimal(30), "solved_rate": Decimal(20), "satisfaction": Decimal(25)}
RULES = Scheme(1, {}, {}, Decimal(20), Decimal(100), 5, 3, 3, 3, 5, 10, 3)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    due = draw(st.integers(5, 8))
    met = draw(st.integers(max(0, due - 3), due))
    counts = {}
    for code in WEIGHTS:
        d = draw(st.integers(0, 4))
        counts[code] = (draw(st.integers(0, d)), d)
    oldest = t("06-01") + timedelta(days=draw(st.integers(0, 2))) if met < due else None
    return Tally(counts, met, due, draw(st.integers(0, 1)), lost_days=draw(st.integers(0, 2)), oldest=oldest)


def naive_key(tally: Tally) -> tuple[int, Fraction, Fraction]:
    """Grade, completion, score as exact fractions: the higher the better."""
    with_cases = {code: weight for code, weight in WEIGHTS.items() if tally.counts[code][1]}
    total = sum(with_cases.values())
    score = sum(
        (
            Fraction(weight) * 100 / Fraction(total) * Fraction(*tally.counts[code])
            for code, weight in with_cases.items()
        ),
        Fraction(0),
    )
    done = Fraction(tally.met, tally.due)
    grade = (2 if tally.early else 1) if done == 1 else 0
    return grade, done, score


@settings(max_examples=200, deadline=None)
@given(st.lists(tallies(), min_size=1, max_size=9))
def test_ranks_and_cards_are_those_of_the_naive_reading(found: list[Tally]) -> None:
    standings = rank((stand(n, tally, WEIGHTS, RULES, minimum=5) for n, tally in enumerate(found)), RULES)
    keys = {n: naive_key(tally) for n, tally in enumerate(found)}
    by_unit: dict[int, Standing] = {one.unit_id: one for one in standings}
    for n, key in keys.items():
        assert by_unit[n].rank == 1 + sum(other > key for other in keys.values())
    # The last three places, one unit after the other: a unit is surely on one of them if fewer than three stand behind
    # it however its equals are placed, by lost days and age, and surely not if three do.
    for n, tally in enumerate(found):

        def behind(other: int, mine: int = n) -> bool:
            if keys[other] != keys[mine]:
                return keys[other] < keys[mine]
            return blame(found[other]) > blame(found[mine])

        def level(other: int, mine: int = n) -> bool:
            return other != mine and keys[other] == keys[mine] and blame(found[other]) == blame(found[mine])

        worse = sum(behind(other) for other in keys)
        equal = sum(level(other) for other in keys)
        surely = worse + equal < 3
        whole_tie_inside = sum(keys[other] <= keys[n] for other in keys) <= 3
        assert by_unit[n].red_card is (keys[n][0] == 0 and (whole_tie_inside or surely)), n
        assert not by_unit[n].red_card or tally.met < tally.due
    assert sum(one.red_card for one in standings) <= 3


def blame(tally: Tally) -> tuple[int, float]:
    return tally.lost_days, -(tally.oldest.timestamp() if tally.oldest else float("inf"))


@settings(max_examples=100, deadline=None)
@given(tallies())
def test_a_score_lies_between_nothing_and_a_hundred(tally: Tally) -> None:
    rules = of_first_version()
    deducted = {"sent_back": (30, Decimal(30))}
    found = stand(1, Tally(tally.counts, tally.met, tally.due, deducted=deducted), WEIGHTS, rules, minimum=5).score
    assert found.deductions == 20
    assert found.score is None or 0 <= found.score <= 80


def of_first_version() -> Scheme:
    from assessments.models import ScoringScheme
    from assessments.scheme import FIRST_VERSION

    return of(ScoringScheme(version=1, data=FIRST_VERSION))
