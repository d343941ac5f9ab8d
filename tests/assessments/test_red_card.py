"""The two gates, ties at the third place, and with which one case fewer a unit would not be here."""

from __future__ import annotations

import pytest

from accounts.models import Unit
from assessments import services
from assessments.models import Result, Run
from tests.assessments import factories as f
from tests.assessments.factories import MONTH, NOW, t

pytestmark = pytest.mark.django_db


def assess() -> Run:
    return services.assess(month=MONTH, now=NOW)


def result(unit: Unit, run: Run) -> Result:
    return Result.objects.get(run=run, unit=unit)


def units(*done: int, of: int = 10) -> list[Unit]:
    """Units with so many of ``of`` cases done, all due on 10 June; what is open was due then as well."""
    made = []
    for n in done:
        unit = f.unit()
        for i in range(of):
            f.clock(unit, "06-10", "06-10 10:00" if i < n else None)
        made.append(unit)
    return made


def carded(run: Run) -> set[int]:
    return set(run.results.filter(red_card=True).values_list("unit_id", flat=True))


class TestGates:
    def test_unqualified_and_among_the_last_three(self):
        made = units(10, 10, 9, 8, 7, 6)
        run = assess()
        assert [result(unit, run).rank for unit in made] == [1, 1, 3, 4, 5, 6]
        # The third is unqualified too, but three are behind it.
        assert result(made[2], run).grade == "unqualified"
        assert carded(run) == {unit.pk for unit in made[3:]}

    def test_who_kept_up_has_none_even_as_the_last(self):
        made = units(10, 10, 10, 9)
        assert carded(assess()) == {made[3].pk}

    def test_unranked_units_are_not_places(self):
        made = units(9, 8, 7, 6)
        few = units(0, of=4)
        run = assess()
        assert carded(run) == {unit.pk for unit in made[1:]}
        assert not result(few[0], run).ranked

    def test_in_a_group_of_three_every_unqualified_one_is_among_the_last_three(self):
        made = units(10, 9, 8)
        assert carded(assess()) == {made[1].pk, made[2].pk}

    def test_the_database_knows_both_gates(self):
        from django.db import IntegrityError, transaction

        made = units(10, 9)
        run = assess()
        with pytest.raises(IntegrityError), transaction.atomic():
            run.results.filter(unit=made[0]).update(red_card=True)


class TestTies:
    def test_a_tie_within_the_last_three_is_carded_whole(self):
        made = units(10, 9, 8, 8, 8)
        run = assess()
        assert [result(unit, run).rank for unit in made] == [1, 2, 3, 3, 3]
        assert carded(run) == {unit.pk for unit in made[2:]}

    def test_a_tie_that_straddles_the_third_place_goes_by_lost_days(self):
        """8, 8 share rank 3 on places 3 and 4 of 6; only place 4 is among the last three."""
        made = units(10, 10, 8, 8, 7, 6)
        # One case of the second of them was done late: as many met, more days lost.
        one = f.Clock.objects.filter(holder_unit=made[3], met_at__isnull=False).order_by("pk").first()
        other = f.Clock.objects.filter(holder_unit=made[2], met_at__isnull=False).order_by("pk").first()
        for clock, until in ((one, "06-16"), (other, "06-12")):
            f.Clock.objects.filter(pk=clock.pk).update(met_at=t(until))
            f.Span.objects.filter(issue_id=clock.subject_id).update(ended_at=t(until))
        run = assess()
        assert result(made[2], run).rank == result(made[3], run).rank == 3
        assert result(made[3], run).lost_days == result(made[2], run).lost_days + 2
        assert carded(run) == {made[3].pk, made[4].pk, made[5].pk}

    def test_then_by_the_older_overdue_case(self):
        """Equal lost days: a case due on Friday evening or on Saturday loses the same working days; the older pays."""
        made = units(10, 10, 8, 8, 7, 6)
        old, young = made[2], made[3]
        for unit, due in ((old, "06-12 18:00"), (young, "06-13 12:00")):
            open_ones = f.Clock.objects.filter(holder_unit=unit, met_at__isnull=True)
            open_ones.update(due_at=t(due))
        run = assess()
        assert result(old, run).lost_days == result(young, run).lost_days
        assert carded(run) == {old.pk, made[4].pk, made[5].pk}

    def test_what_is_equal_to_the_end_is_not_decided_by_chance(self):
        made = units(10, 10, 8, 8, 7, 6)
        run = assess()
        assert result(made[2], run).lost_days == result(made[3], run).lost_days
        assert carded(run) == {made[4].pk, made[5].pk}

    def test_two_places_for_three_that_share_a_rank(self):
        made = units(10, 8, 8, 8, 7)
        for unit, due in zip(made[1:4], ("06-10", "06-09", "06-08"), strict=True):
            f.Clock.objects.filter(holder_unit=unit, met_at__isnull=True).update(due_at=t(due))
        run = assess()
        assert [result(unit, run).rank for unit in made] == [1, 2, 2, 2, 5]
        assert carded(run) == {made[2].pk, made[3].pk, made[4].pk}


class TestWithout:
    def test_the_case_without_which_there_would_be_no_card(self):
        made = units(9, 9, 9, 9, 9, of=10)
        last = units(9, of=10)[0]
        # An open case of the last one that is older than all others: without it, it is 9 ÷ 9.
        oldest = f.Clock.objects.get(holder_unit=last, met_at__isnull=True)
        f.Clock.objects.filter(pk=oldest.pk).update(due_at=t("06-02"))
        run = assess()
        assert carded(run) == {last.pk}  # of six that share rank 1 only it lost more days; the others stay undecided
        facts = result(last, run).facts
        assert facts["of"] == 6
        assert facts["without"]["ref"] == oldest.subject_ref
        assert (facts["without"]["grade"], facts["without"]["rank"], facts["without"]["ways"]) == ("qualified", 1, 1)
        assert made

    def test_none_when_no_single_one_would_do(self):
        made = units(10, 10, 10, 2)
        assert result(made[3], assess()).facts["without"] is None

    def test_a_better_place_is_enough(self):
        """5 of 8 is behind 2 of 3; without one open case it is 5 of 7, which is before it and out of the last three."""
        made = units(10, 10)
        near = units(5, of=8)[0]
        rest = [units(n, of=9)[0] for n in (6, 5, 4)]  # 0.667, 0.556, 0.444
        run = assess()
        assert [result(u, run).rank for u in [*made, rest[0], near, rest[1], rest[2]]] == [1, 1, 3, 4, 5, 6]
        facts = result(near, run).facts
        assert (facts["without"]["rank"], facts["without"]["met"], facts["without"]["due"]) == (3, 5, 7)
        assert facts["without"]["ways"] == 3

    def test_a_case_is_taken_out_with_all_its_rows(self):
        """Same completion: the score decides. Without the badly rated case its rating goes too."""
        good = units(10, 10)
        equal = units(8, 8, 8, 8)
        for unit in equal[:3]:
            f.rating(unit, "06-05", "yes", 5)
        last = equal[3]
        bad = f.issue(last)
        f.rating(last, "06-05", "no", 1, of=bad)
        f.rating(last, "06-06", "yes", 5)
        run = assess()
        assert result(last, run).rank == 6
        facts = result(last, run).facts
        # Each of its two open cases would do as well (8 ÷ 9): the ones that lost days are named first.
        assert facts["without"]["ways"] == 3
        assert facts["without"]["ref"] != bad.number
        assert good
