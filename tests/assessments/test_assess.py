"""The month by PRODUCT.md §6, sentence by sentence, with figures computed by hand.

June 2026 in Shanghai: Friday 19 June is the Dragon Boat holiday; the 13th, 14th, 20th, 21st, 27th, 28th are weekends.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.roles import Group, Role
from assessments import scheme, services
from assessments.models import FrozenCase, Result, Run
from tests.assessments import factories as f
from tests.assessments.factories import MONTH, NOW, t

pytestmark = pytest.mark.django_db


def assess(month: str = MONTH, now=NOW) -> Run:
    return services.assess(month=month, now=now)


def result(unit, run: Run, group: str = Group.DEPARTMENTS) -> Result:
    return Result.objects.get(run=run, unit=unit, group=group)


def indicator(row: Result, code: str) -> tuple[int, int]:
    found = next(figure for figure in row.indicators if figure["code"] == code)
    return found["numerator"], found["denominator"]


def parts(run: Run, unit) -> dict[str, str]:
    rows = FrozenCase.objects.filter(run=run, unit=unit, indicator="completion")
    return dict(rows.values_list("ref", "part"))


def busy():
    """A unit with five cases done in June: its figures are the month's."""
    unit = f.unit()
    f.good(unit, 5)
    return unit


class TestPeriod:
    def test_a_month_is_shanghais(self):
        """00:30 on 1 June in Shanghai is still May in UTC: it belongs to June; 00:00 on 1 July to July."""
        unit = busy()
        first = f.clock(unit, t("06-01 00:00"), t("06-01 00:30"))
        last = f.clock(unit, t("06-30 23:59"))
        after = f.clock(unit, t("07-01 00:00"))
        before = f.clock(unit, t("05-31 23:59"), t("05-31 23:59"))
        run = assess()
        assert (run.starts_at, run.ends_at) == (t("06-01 00:00"), t("07-01 00:00"))
        found = parts(run, unit)
        assert [found.get(c.subject_ref) for c in (first, last, after, before)] == ["D", "D", None, None]


class TestParts:
    def test_due_carried_early(self):
        unit = f.unit()
        made = {
            "on_time": f.clock(unit, "06-10", "06-09"),
            "late": f.clock(unit, "06-10", "06-15"),
            "open": f.clock(unit, "06-10"),
            "done_after": f.clock(unit, "06-30", t("07-01 05:00")),
            "carried_open": f.clock(unit, "05-20"),
            "carried_done": f.clock(unit, "05-20", "06-02"),
            "early": f.clock(unit, "07-05", "06-30"),
            "early_before": f.clock(unit, "06-05", "05-31"),
            "long_over": f.clock(unit, "05-05", "05-06"),
            "later": f.clock(unit, "07-05"),
        }
        run = assess()
        names = {row.subject_ref: name for name, row in made.items()}
        assert {names[ref]: part for ref, part in parts(run, unit).items()} == {
            "on_time": "D",
            "late": "D",
            "open": "D",
            "done_after": "D",
            "carried_open": "C",
            "carried_done": "C",
            "early": "E",
        }
        row = result(unit, run)
        # Completion = (D and C met by the end) ÷ (D + C): on_time, late, carried_done of 4 D + 2 C.
        assert (row.met, row.due, row.early) == (3, 6, 1)
        # Closed on time = (D met by their due time + E) ÷ (D + E): on_time and early of 4 D + 1 E.
        assert indicator(row, "closed_on_time") == (2, 5)
        assert row.grade == "unqualified"

    def test_met_at_the_very_due_time_is_on_time(self):
        unit = f.unit()
        f.clock(unit, "06-10", "06-10")
        f.clock(unit, "06-11", t("06-11 18:00").replace(microsecond=1))
        assert indicator(result(unit, assess()), "closed_on_time") == (1, 2)

    def test_paused_at_the_end_is_in_none_and_listed_beside(self):
        unit = f.unit()
        f.good(unit, 5)
        paused_due = f.clock(unit, "06-15")
        f.pause(paused_due, "06-10")
        carried = f.clock(unit, "05-15")
        f.pause(carried, "05-10", "07-01 09:00")  # ended since: at the end of June it stood still
        later = f.clock(unit, "07-15")
        f.pause(later, "06-29")
        resumed = f.clock(unit, "06-16")
        f.pause(resumed, "06-01", "06-08")
        run = assess(now=t("07-03 06:00"))
        found = parts(run, unit)
        assert [found[c.subject_ref] for c in (paused_due, carried, later, resumed)] == ["P", "P", "P", "D"]
        row = result(unit, run)
        assert (row.met, row.due, row.paused) == (5, 6, 3)
        assert indicator(row, "closed_on_time") == (5, 6)

    def test_stopped_clocks_count_nowhere(self):
        unit = f.unit()
        f.clock(unit, "06-10", stopped="06-20")
        f.clock(unit, "06-11", stopped="06-05")
        f.clock(unit, "05-11", stopped="07-01 03:00")
        run = assess()
        assert parts(run, unit) == {}
        assert (result(unit, run).ranked, result(unit, run).why_not) == (False, "no_case")

    def test_only_the_lead_units_own_resolution_clock(self):
        unit, helper = f.unit(), f.unit()
        case = f.issue(unit)
        f.clock(unit, "06-10", of=case)
        f.clock(helper, "06-10", of=case, part="co:1", held=False)
        run = assess()
        assert len(parts(run, unit)) == 1
        assert parts(run, helper) == {}


class TestOnTime:
    def test_signing_and_feedback_count_once_at_the_earlier_of_due_and_met(self):
        unit = busy()
        f.clock(unit, "06-10", "06-09", kind="signing")
        f.clock(unit, "06-10", "06-11", kind="signing")
        f.clock(unit, "06-10", kind="signing")
        f.clock(unit, "05-10", "06-11", kind="signing")  # late in May: not again in June
        f.clock(unit, "05-10", kind="signing")
        f.clock(unit, "07-02", "06-30", kind="signing")  # done before it was due: June's
        f.clock(unit, "06-03", "05-30", kind="signing")  # May's
        f.clock(unit, "06-10", "06-10", kind="feedback")
        f.clock(unit, "06-10", "06-12", kind="feedback")
        row = result(unit, assess())
        assert indicator(row, "signing_on_time") == (2, 4)
        assert indicator(row, "feedback_on_time") == (1, 2)

    def test_a_co_units_feedback_is_the_co_units(self):
        lead, helper = f.unit(), f.unit()
        case = f.issue(lead)
        f.clock(lead, "06-10", "06-09", kind="feedback", of=case)
        f.clock(helper, "06-10", kind="feedback", of=case, part=f"co:{helper.pk}")
        run = assess()
        assert indicator(result(lead, run), "feedback_on_time") == (1, 1)
        assert indicator(result(helper, run), "feedback_on_time") == (0, 1)

    def test_paused_at_the_end_counts_in_none(self):
        unit = f.unit()
        f.pause(f.clock(unit, "06-10", kind="feedback"), "06-08")
        assert indicator(result(unit, assess()), "feedback_on_time") == (0, 0)

    def test_steps_not_recorded_stay_out(self):
        """An imported issue without a signing clock: it has none, so it is in no denominator."""
        unit = f.unit()
        f.good(unit, 5)
        row = result(unit, assess())
        assert indicator(row, "signing_on_time") == (0, 0)
        assert next(i for i in row.indicators if i["code"] == "signing_on_time")["points"] is None


class TestRatings:
    def test_solved_rate_takes_each_issue_once_by_its_last_rating(self):
        unit = busy()
        twice = f.issue(unit)
        f.rating(unit, "06-05", "no", 1, of=twice)
        f.rating(unit, "06-25", "yes", 5, of=twice)
        f.rating(unit, "06-06", "partly", 3)
        f.rating(unit, "06-07", "no", 2)
        f.rating(unit, "06-08", "yes", 4)
        f.rating(unit, "06-09", "no", None)  # closed over: as no, and no rating
        again = f.issue(unit)
        f.rating(unit, "05-20", "yes", 5, of=again)  # its last one falls into June
        f.rating(unit, "06-20", "no", 1, of=again)
        f.rating(unit, "05-21", "yes", 5)
        row = result(unit, assess())
        assert indicator(row, "solved_rate") == (2, 6)
        # Satisfied = ratings 4–5 ÷ ratings: every answer of the month, the close-over is none.
        assert indicator(row, "satisfaction") == (2, 6)

    def test_what_is_answered_after_the_end_is_the_next_months(self):
        unit = busy()
        case = f.issue(unit)
        f.rating(unit, "06-30", "no", 1, of=case)
        f.rating(unit, t("07-01 00:00"), "yes", 5, of=case)
        assert indicator(result(unit, assess()), "solved_rate") == (0, 1)
        f.good(unit, 5, "07")
        july = assess("2026-07", t("08-01 06:00"))
        assert indicator(result(unit, july), "solved_rate") == (1, 1)

    def test_unrated_counts_in_neither(self):
        unit = f.unit()
        f.issue(unit, state="closed", closed_at=t("06-10"))
        run = assess()
        assert indicator(result(unit, run), "solved_rate") == (0, 0)
        assert indicator(result(unit, run), "satisfaction") == (0, 0)


class TestScore:
    def test_all_five_indicators(self):
        unit = f.unit()
        f.good(unit, 6)
        f.late(unit, 2)  # closed on time 6 ÷ 8
        f.clock(unit, "06-10", "06-09", kind="signing")
        f.clock(unit, "06-10", "06-12", kind="signing")  # 1 ÷ 2
        f.clock(unit, "06-10", "06-09", kind="feedback")
        f.clock(unit, "06-10", "06-09", kind="feedback")
        f.clock(unit, "06-10", "06-12", kind="feedback")  # 2 ÷ 3
        f.rating(unit, "06-11", "yes", 5)
        f.rating(unit, "06-12", "yes", 3)
        f.rating(unit, "06-13", "no", 1)  # solved 2 ÷ 3, satisfied 1 ÷ 3
        row = result(unit, assess())
        # 10 · 1/2 + 15 · 2/3 + 30 · 6/8 + 20 · 2/3 + 25 · 1/3 = 5 + 10 + 22.5 + 13.333… + 8.333…
        assert row.score == Decimal("59.1666666667")

    def test_weight_of_an_empty_indicator_is_shared_by_the_others(self):
        unit = f.unit()
        f.good(unit, 4)
        f.late(unit, 1)
        f.rating(unit, "06-11", "yes", 2)
        row = result(unit, assess())
        # Only closed on time (30), solved (20), satisfaction (25): shares 40, 26.67, 33.33.
        # 40 · 4/5 + 26.666… · 1 + 0 = 58.666…
        assert row.score == Decimal("58.6666666667")
        shares = {i["code"]: i["share"] for i in row.indicators}
        assert shares["closed_on_time"] == "40.0000000000"
        assert shares["signing_on_time"] is None

    def test_deductions_of_the_month_itself(self):
        unit = f.unit()
        f.good(unit, 5)
        case = f.issue(unit)
        f.event(case, "send_back", "06-10")
        f.event(case, "send_back", "06-20")
        f.event(case, "reopen", "06-25")
        f.event(case, "rate", "06-26", '{"data":{"reopened":true,"why":"promise_unkept"}}')
        f.event(case, "rate", "06-27", r'{"data":{"text":"\"reopened\":true"}}')
        f.event(case, "send_back", "05-31")
        f.event(case, "send_back", t("07-01 00:00"))
        row = result(unit, assess())
        assert row.deducted == [
            {"code": "reopened", "count": 2, "points": "2.00"},
            {"code": "sent_back", "count": 2, "points": "2.00"},
        ]
        assert (row.deductions, row.score) == (Decimal(4), Decimal(96))

    def test_deductions_end_at_twenty(self):
        unit = f.unit()
        f.good(unit, 5)
        case = f.issue(unit)
        for day in range(1, 27):
            f.event(case, "send_back", f"06-{day:02}")
        row = result(unit, assess())
        assert (row.deducted[0]["count"], row.deductions, row.score) == (26, Decimal(20), Decimal(80))

    def test_the_unit_that_led_at_the_time_is_the_one_that_pays(self):
        first, second = f.unit(), f.unit()
        case = f.issue(first, at=t("05-02 09:00"))
        case.assignments.update(ended_at=t("06-15"))
        case.lead_unit = second
        case.save()
        case.assignments.create(unit=second, kind="lead", started_at=t("06-15"))
        f.event(case, "send_back", "06-10")
        f.event(case, "send_back", "06-20")
        f.event(case, "reopen", "06-21")
        run = assess()
        assert [d["count"] for d in result(first, run).deducted] == [1]
        assert [d["count"] for d in result(second, run).deducted] == [1, 1]

    def test_without_any_indicator_the_score_is_null_and_ranks_as_zero(self):
        """Project-responsible units have no data of their own yet: cases make the completion, nothing the score."""
        unit, other = f.unit("", Group.PROJECT_UNITS), f.unit("", Group.PROJECT_UNITS)
        f.good(unit, 5)
        f.good(other, 4)
        f.late(other, 1)
        run = assess()
        row, second = result(unit, run, Group.PROJECT_UNITS), result(other, run, Group.PROJECT_UNITS)
        assert (row.score, row.rank, row.grade) == (None, 1, "qualified")
        assert (second.score, second.rank) == (None, 2)

    def test_no_case_and_no_plan_is_not_ranked(self):
        unit = f.unit("", Group.DEPARTMENTS, Group.PROJECT_UNITS)
        run = assess()
        for group in (Group.DEPARTMENTS, Group.PROJECT_UNITS):
            row = result(unit, run, group)
            assert (row.ranked, row.rank, row.score, row.why_not) == (False, None, None, "no_case")


class TestGrade:
    def test_excellent_is_all_done_and_something_early(self):
        unit = f.unit()
        f.good(unit, 5)
        f.clock(unit, "07-05", "06-30")
        assert result(unit, assess()).grade == "excellent"

    def test_qualified_is_all_done(self):
        unit = f.unit()
        f.good(unit, 5)
        assert result(unit, assess()).grade == "qualified"

    def test_working_ahead_never_hides_an_old_case(self):
        unit = f.unit()
        f.good(unit, 5)
        f.clock(unit, "03-05")
        for day in range(1, 9):
            f.clock(unit, f"07-{day:02}", "06-30")
        row = result(unit, assess())
        assert (row.met, row.due, row.early, row.grade) == (5, 6, 8, "unqualified")

    def test_a_district_may_lower_the_pass_mark(self):
        unit, worse = f.unit(), f.unit()
        f.good(unit, 9)
        f.late(unit, 1)
        f.good(worse, 8)
        f.late(worse, 2)
        row = scheme.ensure()
        scheme.ScoringScheme.objects.create(
            version=2, valid_from=MONTH, data=row.data | {"pass_mark": 90}, created_at=NOW
        )
        run = assess()
        assert run.scheme.version == 2
        assert result(unit, run).grade == "qualified"
        assert result(worse, run).grade == "unqualified"
        assert assess("2026-05", t("06-01 06:00")).scheme.version == 1


class TestRank:
    def test_by_grade_then_completion_then_score(self):
        excellent, qualified, nine, eight, eight_liked = (f.unit() for _ in range(5))
        f.good(excellent, 5)
        f.clock(excellent, "07-05", "06-30")
        f.rating(excellent, "06-05", "no", 1)
        f.good(qualified, 5)
        f.rating(qualified, "06-05", "yes", 5)
        f.good(nine, 9)
        f.late(nine, 1)
        f.rating(nine, "06-05", "yes", 5)
        f.good(eight, 8)
        f.late(eight, 2)
        f.good(eight_liked, 8)
        f.late(eight_liked, 2)
        f.rating(eight_liked, "06-05", "yes", 5)
        run = assess()
        order = [excellent, qualified, nine, eight_liked, eight]
        assert [result(unit, run).rank for unit in order] == [1, 2, 3, 4, 5]
        # The best grade comes first with the worst score: 40 · 6/6 of 100; the third has 40 · 9/10 + 60.
        assert [result(unit, run).score for unit in (excellent, nine)] == [40, 96]

    def test_equal_ones_share_the_better_rank(self):
        units = [f.unit() for _ in range(4)]
        for unit in units[1:3]:
            f.good(unit, 5)
        f.good(units[0], 5)
        f.clock(units[0], "07-05", "06-30")
        f.good(units[3], 4)
        f.late(units[3], 1)
        run = assess()
        assert [result(unit, run).rank for unit in units] == [1, 2, 2, 4]

    def test_scores_equal_by_different_ways_are_equal(self):
        """1/3 · 40 + 26.67 + … against the same in other parts: no rounding makes a rank."""
        one, other = f.unit(), f.unit()
        for unit in (one, other):
            f.good(unit, 6)
        for unit, answers in ((one, "yes yes no"), (other, "yes yes no yes yes no")):
            for day, word in enumerate(answers.split(), 1):
                f.rating(unit, f"06-{day:02}", word, 5 if word == "yes" else 1)
        run = assess()
        assert result(one, run).rank == result(other, run).rank == 1

    def test_groups_are_apart_and_a_unit_may_be_in_several(self):
        town = f.unit("", Group.TOWNS_PARKS)
        both = f.unit("", Group.DEPARTMENTS, Group.TOWNS_PARKS)
        none = f.unit()
        none.groups = []
        none.save()
        for unit in (town, both, none):
            f.good(unit, 5)
        run = assess()
        assert result(town, run, Group.TOWNS_PARKS).rank == 1
        assert result(both, run, Group.TOWNS_PARKS).rank == 1
        assert result(both, run, Group.DEPARTMENTS).rank == 1
        assert not Result.objects.filter(unit=none).exists()
        assert not FrozenCase.objects.filter(unit=none).exists()


class TestWindow:
    def test_fewer_than_five_take_three_months(self):
        unit = f.unit()
        f.good(unit, 3)  # June: 3
        f.clock(unit, "05-10", "05-12")  # late in May
        f.clock(unit, "04-10", "04-09")
        f.clock(unit, "03-20")  # carried over all the time
        f.clock(unit, "03-10", "03-09")  # before the window
        f.clock(unit, "07-10", "04-20")  # early in April: due after the window
        f.rating(unit, "04-02", "yes", 5)
        f.rating(unit, "03-31", "no", 1)
        case = f.issue(unit)
        f.event(case, "send_back", "05-20")
        f.event(case, "send_back", "06-20")
        row = result(unit, assess())
        # Window April–June: D = 3 + 1 + 1, C = 1 (March, open), E = 1. June alone has 3 D + 1 C = 4.
        assert (row.window, row.met, row.due, row.early) == (3, 5, 6, 1)
        assert indicator(row, "closed_on_time") == (5, 6)
        assert indicator(row, "solved_rate") == (1, 1)
        # Deductions are those of the month itself.
        assert row.deducted == [{"code": "sent_back", "count": 1, "points": "1.00"}]
        assert (row.grade, row.rank) == ("unqualified", 1)

    def test_five_in_the_month_take_the_month(self):
        unit = f.unit()
        f.good(unit, 4)
        f.clock(unit, "05-20")  # C
        f.clock(unit, "05-10", "05-12")
        row = result(unit, assess())
        assert (row.window, row.met, row.due) == (1, 4, 5)

    def test_early_and_paused_ones_are_not_among_the_five(self):
        unit = f.unit()
        f.good(unit, 4)
        f.clock(unit, "07-05", "06-30")
        f.pause(f.clock(unit, "06-20"), "06-10")
        assert result(unit, assess()).window == 3

    def test_still_fewer_than_five_is_not_ranked(self):
        unit, other = f.unit(), f.unit()
        f.good(unit, 2)
        f.good(unit, 2, "05")
        f.good(other, 5)
        run = assess()
        row = result(unit, run)
        assert (row.ranked, row.rank, row.grade, row.why_not, row.window) == (False, None, "", "too_few", 3)
        # The figures are the same ones and are shown.
        assert (row.met, row.due) == (4, 4)
        assert result(other, run).rank == 1


class TestLostDays:
    def test_closes_of_business_after_due_while_the_unit_held_it(self):
        """A day belongs to whoever holds the case at its close, as in the day ledger."""
        unit, other = f.unit(), f.unit()
        case = f.issue(unit)
        # Due Thursday 11 June; done Tuesday 30 June.
        f.clock(unit, "06-11", "06-30 10:00", of=case, held=False)
        f.span(case, unit, "05-20", "06-16 10:00")  # 12, 15 June: 2
        f.span(case, None, "06-16 10:00", "06-22 10:00")  # the desk: 16, 17, 18 are not the unit's
        f.span(case, unit, "06-22 10:00", "06-24 09:00", state="suspended")  # suspended: nobody loses
        f.span(case, unit, "06-24 09:00", "06-26 09:00")  # 24, 25: 2
        f.span(case, other, "06-26 09:00", "06-29 09:00")
        f.span(case, unit, "06-29 09:00", "06-30 10:00")  # 29: 1; on the 30th it was done before the close
        f.late(unit, 4)
        run = assess()
        assert FrozenCase.objects.get(run=run, ref=case.number, indicator="completion").lost_days == 5

    def test_until_the_months_end_for_what_is_open(self):
        """Due Friday 26 June 18:00 and open: Monday 29 and Tuesday 30 are lost; 1 July is July's."""
        unit = f.unit()
        f.clock(unit, "06-26")
        run = assess(now=t("07-05 06:00"))
        assert FrozenCase.objects.get(run=run, indicator="completion").lost_days == 2
        assert result(unit, run).lost_days == 2

    def test_a_holiday_is_no_lost_day(self):
        """Thursday 18 June to Monday 22 June: the 19th is Dragon Boat, then the weekend."""
        unit = f.unit()
        f.clock(unit, "06-18", "06-23 10:00")
        run = assess()
        assert FrozenCase.objects.get(run=run, indicator="completion").lost_days == 1

    def test_the_close_itself(self):
        """Held at 18:00 of the next working day: lost. Done or handed over a minute before: not."""
        unit, desk = f.unit(), None
        cases = {text: f.issue(unit) for text in ("06-16 17:59", "06-16 18:01", "06-15 15:00")}
        for text, case in cases.items():
            f.clock(unit, "06-15 14:00" if text == "06-15 15:00" else "06-15", text, of=case, held=False)
            f.span(case, unit, "05-20", text)
            f.span(case, desk, text, "06-20 10:00")
        run = assess()
        lost = {
            text: FrozenCase.objects.get(run=run, ref=one.number, indicator="completion").lost_days
            for text, one in cases.items()
        }
        assert lost == {"06-16 17:59": 0, "06-16 18:01": 1, "06-15 15:00": 0}

    def test_on_time_loses_none(self):
        unit = f.unit()
        f.good(unit, 5)
        f.clock(unit, "07-05", "06-30")
        assert result(unit, assess()).lost_days == 0


class TestRuns:
    def test_a_second_run_gives_the_same(self):
        unit = f.unit()
        f.good(unit, 5)
        f.late(unit, 3)
        first = assess()
        rows = list(first.cases.order_by("unit", "indicator", "source_id").values_list("ref", "counts", "lost_days"))
        digest, until = first.data_sha256, first.contest_until
        again = assess(now=t("07-01 09:00"))
        assert again.pk == first.pk
        assert (again.data_sha256, again.contest_until) == (digest, until)
        assert rows == list(
            again.cases.order_by("unit", "indicator", "source_id").values_list("ref", "counts", "lost_days")
        )
        assert Run.objects.count() == 1

    def test_changed_data_changes_the_digest_and_gives_new_days_to_contest(self):
        unit = f.unit()
        f.good(unit, 5)
        first = assess()
        # 1 July is a Wednesday: three working days after it end on Monday the 6th at 18:00.
        assert first.contest_until == t("07-06 18:00")
        digest = first.data_sha256
        f.late(unit, 1)
        again = assess(now=t("07-02 06:00"))
        assert again.data_sha256 != digest
        assert again.contest_until == t("07-07 18:00")

    def test_every_figure_is_its_cases(self):
        unit = f.unit()
        f.good(unit, 5)
        f.late(unit, 3)
        f.rating(unit, "06-05", "yes", 4)
        run = assess()
        row = result(unit, run)
        for figure in row.indicators:
            cases = run.cases.filter(unit=unit, indicator=figure["code"], excluded=False)
            assert (cases.filter(counts=True).count(), cases.count()) == (figure["numerator"], figure["denominator"])

    def test_a_month_that_has_not_begun_is_refused(self):
        from common.errors import ValidationError

        with pytest.raises(ValidationError):
            assess("2026-08", NOW)
        with pytest.raises(ValidationError):
            assess("2026-13", NOW)

    def test_a_running_month_counts_what_is_decided_by_now(self):
        unit = f.unit()
        f.clock(unit, "06-10", "06-09")
        f.clock(unit, "06-12")
        f.clock(unit, "06-25", "06-15")
        coming = f.clock(unit, "06-26")
        f.clock(unit, "07-10", "06-16")
        run = assess(now=t("06-20 06:00"))
        row = result(unit, run)
        assert (row.met, row.due, row.early, row.coming) == (2, 3, 1, 1)
        assert parts(run, unit)[coming.subject_ref] == "O"
        assert run.contest_until is None

    def test_only_the_coordinator_and_the_system_start_it(self):
        from common.errors import PermissionDenied

        services.assess(month=MONTH, now=NOW, actor=f.person(Role.COORDINATOR, f.unit()))
        with pytest.raises(PermissionDenied):
            services.assess(month=MONTH, now=NOW, actor=f.person(Role.UNIT_HEAD, f.unit()))

    def test_names_of_the_time(self):
        unit = f.unit("新名局")
        unit.names.create(name="旧名局", valid_from="2020-01-01", valid_until="2026-06-30")
        unit.names.create(name="新名局", valid_from="2026-07-01")
        f.good(unit, 5)
        assert result(unit, assess()).unit_name == "旧名局"
        assert result(unit, assess("2026-07", t("08-01 06:00"))).unit_name == "新名局"

    def test_units_that_did_not_live_then_are_left_out_unless_they_had_cases(self):
        gone = f.unit("", valid_until="2026-05-31")
        new = f.unit()
        late = f.unit()
        for unit in (new, late):
            unit.valid_from = "2026-07-01"
            unit.save()
        f.good(late, 5)
        run = assess()
        assert set(run.results.values_list("unit_id", flat=True)) == {late.pk}
        assert gone.pk not in run.results.values_list("unit_id", flat=True)
