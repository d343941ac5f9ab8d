"""From counted rows to results: tallies, groups, names of the time, ranks, and what is told beside a red card."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Q

from accounts.models import Unit, UnitName
from assessments import scoring
from assessments.models import FrozenCase, Result, Run
from assessments.periods import Period
from assessments.scheme import Scheme
from assessments.scoring import Bad, Standing, Tally
from assessments.states import COMPLETION, Deduction
from deadlines import calendar

_PLACES = Decimal(1).scaleb(-10)


def tallies_of(rows: Iterable[dict[str, Any]]) -> dict[int, Tally]:
    """The counted rows of a run, by unit."""
    by_unit: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_unit[row["unit_id"]].append(row)
    return {unit: _tally(of_unit) for unit, of_unit in by_unit.items()}


def _tally(rows: list[dict[str, Any]]) -> Tally:
    by_code = {row["indicator"]: row for row in rows}
    done = by_code.get(COMPLETION, {})
    return Tally(
        counts={
            code: (row["numerator"], row["denominator"])
            for code, row in by_code.items()
            if code != COMPLETION and code not in Deduction
        },
        met=done.get("numerator", 0),
        due=done.get("denominator", 0),
        early=done.get("early", 0),
        paused=done.get("paused", 0),
        coming=done.get("coming", 0),
        lost_days=done.get("lost_days", 0),
        oldest=done.get("oldest"),
        deducted={
            code: (row["denominator"], row["points"])
            for code, row in by_code.items()
            if code in Deduction and row["denominator"]
        },
    )


def build(run: Run, period: Period, rules: Scheme, tallies: dict[int, Tally], small: set[int]) -> list[Result]:
    """Every assessed unit in each of its groups, ranked. ``small`` are those that the longer window was used for."""
    members: dict[str, list[Unit]] = defaultdict(list)
    units = _assessed(period, tallies)
    for unit in units:
        for group in unit.groups:
            members[group].append(unit)
    names = _names(units, period)
    ranked = {
        group: scoring.rank(
            (
                scoring.stand(unit.pk, tallies.get(unit.pk, Tally()), weights, rules, minimum=rules.minimum)
                for unit in members[group]
            ),
            rules,
        )
        for group, weights in rules.groups.items()
    }
    bad = _bad(run, {one.unit_id for group in ranked.values() for one in group if one.red_card})
    return [
        of_standing(run, group, one, names[one.unit_id], rules.window if one.unit_id in small else 1, facts)
        for group, standings in ranked.items()
        for one in standings
        for facts in [_facts(one, standings, bad.get(one.unit_id, []), rules.groups[group], rules)]
    ]


def _assessed(period: Period, tallies: dict[int, Tally]) -> list[Unit]:
    """Units with a group that lived in the period, and those that had cases in it whenever they were entered."""
    alive = Q(valid_from__lte=period.last_day) & (
        Q(valid_until__isnull=True) | Q(valid_until__gte=calendar.day_of(period.starts_at))
    )
    return list(Unit.objects.exclude(groups=[]).filter(alive | Q(pk__in=list(tallies))).order_by("code"))


def _names(units: list[Unit], period: Period) -> dict[int, str]:
    """The names of the time: those that the units bore on the last day of the period."""
    then = UnitName.objects.filter(unit__in=units, valid_from__lte=period.last_day).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=period.last_day)
    )
    return {unit.pk: unit.name for unit in units} | dict(then.order_by("valid_from").values_list("unit_id", "name"))


def _bad(run: Run, units: set[int]) -> dict[int, list[Bad]]:
    """The cases that cost the carded units something, each with all its rows."""
    if not units:
        return {}
    refs = FrozenCase.objects.filter(run=run, unit_id__in=units).hurting().values("unit_id", "ref")
    wanted = {(row["unit_id"], row["ref"]) for row in refs.distinct()}
    rows: dict[tuple[int, str], list[FrozenCase]] = defaultdict(list)
    of_units = FrozenCase.objects.filter(
        run=run, unit_id__in=units, excluded=False, ref__in={ref for _u, ref in wanted}
    )
    for row in of_units.order_by("unit_id", "ref", "indicator", "source_id"):
        if (row.unit_id, row.ref) in wanted:
            rows[row.unit_id, row.ref].append(row)
    found: dict[int, list[Bad]] = defaultdict(list)
    for (unit, ref), of_case in rows.items():
        found[unit].append(_case(ref, of_case))
    return found


def _case(ref: str, rows: list[FrozenCase]) -> Bad:
    counts: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    deducted: dict[str, tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    lost, overdue = 0, []
    for row in rows:
        if row.indicator in Deduction:
            n, points = deducted[row.indicator]
            deducted[row.indicator] = n + 1, points + row.points
        elif row.indicator != COMPLETION or row.part in ("D", "C"):
            n, d = counts[row.indicator]
            counts[row.indicator] = n + row.counts, d + 1
            lost += row.lost_days
            if row.indicator == COMPLETION and not row.counts and row.due_at:
                overdue.append(row.due_at)
    return Bad(ref, lost, min(overdue, default=None), dict(counts), dict(deducted))


def _facts(
    one: Standing, group: list[Standing], cases: list[Bad], weights: Mapping[str, Decimal], rules: Scheme
) -> dict[str, Any] | None:
    if not one.red_card:
        return None
    found = scoring.without(one.unit_id, cases, group, weights, rules)
    return {
        "of": sum(1 for other in group if other.rank is not None),
        "without": found
        and {
            "ref": found.ref,
            "ways": found.ways,
            "rank": found.standing.rank,
            "grade": found.standing.grade and str(found.standing.grade),
            "score": _text(found.standing.score.score),
            "met": found.standing.tally.met,
            "due": found.standing.tally.due,
        },
    }


def of_standing(run: Run, group: str, one: Standing, name: str, window: int, facts: dict[str, Any] | None) -> Result:
    tally = one.tally
    return Result(
        run=run,
        unit_id=one.unit_id,
        unit_name=name,
        group=group,
        window=window,
        ranked=one.rank is not None,
        why_not=one.why_not or "",
        rank=one.rank,
        score=one.score.score,
        grade=one.grade or "",
        met=tally.met,
        due=tally.due,
        early=tally.early,
        paused=tally.paused,
        coming=tally.coming,
        lost_days=tally.lost_days,
        indicators=[
            {
                "code": figure.code,
                "numerator": figure.numerator,
                "denominator": figure.denominator,
                "weight": str(figure.weight),
                "share": _text(figure.share),
                "value": _text(figure.value),
                "points": _text(figure.points),
            }
            for figure in one.score.figures
        ],
        deducted=[
            {"code": code, "count": n, "points": str(points)} for code, (n, points) in sorted(tally.deducted.items())
        ],
        deductions=one.score.deductions,
        red_card=one.red_card,
        facts=facts,
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.quantize(_PLACES):f}"
