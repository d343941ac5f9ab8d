"""Figures, ranks and red cards out of counted cases. Pure: no database, no clock; Decimal only, rounded for show alone.

One ``Tally`` per unit goes in, as the frozen rows count it; the rules are those of PRODUCT.md §6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext

from assessments.scheme import Scheme
from assessments.states import GRADE_ORDER, Grade, WhyNot

HUNDRED = Decimal(100)
# As many places as are stored: two scores that are equal by the rules are equal here, by whatever way they came about.
STORED = Decimal(1).scaleb(-10)


@dataclass(frozen=True)
class Tally:
    """``counts``: indicator → (numerator, denominator). ``met`` of ``due`` (D + C), ``early`` (E), ``paused`` (P) and
    ``coming`` (O) are resolution clocks; ``oldest`` is the earliest due date among those not met by the end.
    ``deducted``: deduction → (count, points)."""

    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    met: int = 0
    due: int = 0
    early: int = 0
    paused: int = 0
    coming: int = 0
    lost_days: int = 0
    oldest: datetime | None = None
    deducted: Mapping[str, tuple[int, Decimal]] = field(default_factory=dict)

    @property
    def completion(self) -> Decimal | None:
        return Decimal(self.met) / self.due if self.due else None

    @property
    def empty(self) -> bool:
        """No case at all, in any figure."""
        clocks = self.due + self.early + self.paused + self.coming
        return not (clocks or self.deducted or any(d for _n, d in self.counts.values()))


@dataclass(frozen=True)
class Figure:
    """One indicator: ``share`` is its weight after those without a denominator left theirs to the others."""

    code: str
    numerator: int
    denominator: int
    weight: Decimal
    share: Decimal | None
    value: Decimal | None
    points: Decimal | None


@dataclass(frozen=True)
class Score:
    figures: tuple[Figure, ...]
    deductions: Decimal
    score: Decimal | None


@dataclass(frozen=True)
class Standing:
    """A unit in its group: what the rank is made of, and the rank."""

    unit_id: int
    tally: Tally
    score: Score
    grade: Grade | None = None
    why_not: WhyNot | None = None
    rank: int | None = None
    red_card: bool = False

    @property
    def key(self) -> tuple[int, Decimal, Decimal]:
        """Grade, then completion, then score; a score that there isn't counts as 0."""
        assert self.grade is not None
        return GRADE_ORDER[self.grade], -(self.tally.completion or Decimal(0)), -(self.score.score or Decimal(0))


def score(tally: Tally, weights: Mapping[str, Decimal], scheme: Scheme) -> Score:
    """The points of a unit by the indicators of one group."""
    with localcontext(prec=50):
        counted = {code: tally.counts.get(code, (0, 0)) for code in weights}
        total = sum((weights[code] for code, (_n, d) in counted.items() if d), Decimal(0))
        figures = tuple(_figure(code, weights[code], *counted[code], total) for code in weights)
        deductions = min(sum((points for _n, points in tally.deducted.values()), Decimal(0)), scheme.deduction_cap)
        if not total:
            return Score(figures, deductions, None)
        earned = sum((figure.points for figure in figures if figure.points is not None), Decimal(0))
        return Score(figures, deductions, max((earned - deductions).quantize(STORED, ROUND_HALF_UP), Decimal(0)))


def _figure(code: str, weight: Decimal, numerator: int, denominator: int, total: Decimal) -> Figure:
    if not denominator:
        return Figure(code, 0, 0, weight, None, None, None)
    share = weight * HUNDRED / total
    value = Decimal(numerator) / denominator
    return Figure(code, numerator, denominator, weight, share, value, share * numerator / denominator)


def grade(tally: Tally, scheme: Scheme) -> Grade:
    """优秀 over plan: all done and something early; 合格 at or above the pass mark; else 不合格."""
    if tally.met == tally.due and tally.early:
        return Grade.EXCELLENT
    passed = tally.met * HUNDRED >= scheme.pass_mark * tally.due
    return Grade.QUALIFIED if passed else Grade.UNQUALIFIED


def stand(unit_id: int, tally: Tally, weights: Mapping[str, Decimal], scheme: Scheme, *, minimum: int) -> Standing:
    """A unit before it is ranked: with a grade, or with the reason why it won't have a rank."""
    found = Standing(unit_id, tally, score(tally, weights, scheme))
    if tally.empty:
        return replace(found, why_not=WhyNot.NO_CASE)
    if tally.due < minimum:
        return replace(found, why_not=WhyNot.TOO_FEW)
    return replace(found, grade=grade(tally, scheme))


def rank(standings: Iterable[Standing], scheme: Scheme) -> list[Standing]:
    """The group in its order, unranked ones last: equal ones share the better rank. Red cards are given here."""
    everyone = list(standings)
    ordered = sorted((one for one in everyone if one.grade), key=lambda one: (one.key, one.unit_id))
    race = Race(ordered, scheme.red_last)
    return [race.place(one) for one in ordered] + [one for one in everyone if not one.grade]


class Race:
    """The ranked units of a group, against which one of them is placed."""

    def __init__(self, ranked: Iterable[Standing], last: int) -> None:
        self.last = last
        self.rivals = {one.unit_id: (one.key, _blame(one)) for one in ranked}

    def place(self, one: Standing) -> Standing:
        """``one`` with its rank and, both gates passed, its red card: 不合格, and on one of the last places.

        A tie that straddles the third place from the end goes by most lost days, then by the older overdue case. What
        even that leaves equal is not decided by chance: those go without.
        """
        key, blame = one.key, _blame(one)
        rivals = [rival for unit, rival in self.rivals.items() if unit != one.unit_id]
        better = sum(other < key for other, _other in rivals)
        equals = [other for rival, other in rivals if rival == key]
        safe = len(rivals) + 1 - self.last  # places that are not among the last
        places = better + 1 + len(equals) - safe  # among the last, for the units that share this rank
        carded = one.grade == Grade.UNQUALIFIED and sum(other <= blame for other in equals) < places
        return replace(one, rank=better + 1, red_card=carded)


def _blame(one: Standing) -> tuple[int, float]:
    """The worse the smaller: most lost days, then the older overdue case."""
    return -one.tally.lost_days, _age(one.tally.oldest)


def _age(oldest: datetime | None) -> float:
    """The older the smaller; nothing overdue comes last."""
    return oldest.timestamp() if oldest else float("inf")


# One case fewer ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bad:
    """One case of a unit with all its rows, to be taken out on trial."""

    ref: str
    lost_days: int
    oldest: datetime | None
    # indicator → (numerator, denominator); "completion" for D + C
    counts: Mapping[str, tuple[int, int]]
    deducted: Mapping[str, tuple[int, Decimal]]


@dataclass(frozen=True)
class Without:
    """ "With which one case fewer you would not be here": the case, the place then, and how many cases would do it."""

    ref: str
    standing: Standing
    ways: int


def less(tally: Tally, case: Bad, rest_oldest: datetime | None) -> Tally:
    met, due = case.counts.get("completion", (0, 0))
    counts = {
        code: (n - case.counts.get(code, (0, 0))[0], d - case.counts.get(code, (0, 0))[1])
        for code, (n, d) in tally.counts.items()
    }
    deducted = {
        code: (n - case.deducted.get(code, (0, Decimal(0)))[0], p - case.deducted.get(code, (0, Decimal(0)))[1])
        for code, (n, p) in tally.deducted.items()
    }
    return replace(
        tally,
        counts=counts,
        met=tally.met - met,
        due=tally.due - due,
        lost_days=tally.lost_days - case.lost_days,
        oldest=rest_oldest,
        deducted=deducted,
    )


def without(
    unit_id: int, cases: Sequence[Bad], group: Sequence[Standing], weights: Mapping[str, Decimal], scheme: Scheme
) -> Without | None:
    """The worst case without which the unit would have no card; None when no single one would do. The minimum of cases
    is left aside: to have too few would be no merit."""
    own = next(one for one in group if one.unit_id == unit_id)
    race = Race((one for one in group if one.rank is not None), scheme.red_last)
    ages = sorted((case.oldest for case in cases if case.oldest), key=_age)[:2]
    found: list[tuple[Bad, Standing]] = []
    for case in cases:
        rest = next((oldest for oldest in (ages[1:] if ages and case.oldest == ages[0] else ages)), None)
        trial = race.place(stand(unit_id, less(own.tally, case, rest), weights, scheme, minimum=0))
        if not trial.red_card:
            found.append((case, trial))
    if not found:
        return None
    case, standing = min(found, key=lambda pair: (-pair[0].lost_days, _age(pair[0].oldest), pair[0].ref))
    return Without(case.ref, standing, len(found))
