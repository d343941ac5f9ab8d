from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from common import charts
from common.charts import Loss, Stay


def test_bar_stays_on_its_track():
    assert charts.bar(50, top=200, plan=100) == {"width": "25.0", "tick": "50.0", "tone": "bar__f"}
    assert charts.bar(300, top=200)["width"] == "100.0"
    assert charts.bar(-3, top=200)["width"] == "0.0"
    assert charts.bar(5, top=0)["width"] == "0.0"
    assert charts.bar(5, top=10, late=True)["tone"] == "bar__l"


def test_ledger_keeps_true_order_and_adds_up_per_holder():
    drawn = charts.ledger(
        [Stay(1, "甲", 2, note="受理"), Stay(2, "乙", 4, 3, note="反馈"), Stay(1, "甲", 2, note="落实")]
    )
    assert [(cell["tone"], cell["width"]) for cell in drawn["cells"]] == [
        ("t0", "180.0"),
        ("t1", "90.0"),
        ("tl", "270.0"),
        ("t0", "180.0"),
    ]
    assert [(row["holder"], row["days"], row["late"], row["note"]) for row in drawn["rows"]] == [
        ("甲", 4, 0, "受理；落实"),
        ("乙", 4, 3, "反馈"),
    ]
    assert (drawn["days"], drawn["late"]) == (8, 3)
    assert drawn["ticks"].count("M") == 7


def test_ledger_of_nothing_and_of_years():
    assert charts.ledger([])["cells"] == []
    assert charts.ledger([Stay(1, "甲", 400)])["ticks"] == ""


def test_waterfall_ends_where_the_losses_lead():
    fall = charts.waterfall([Loss("按时办结", Decimal(12)), Loss("退回", Decimal("2.5"), deduction=True)])
    assert fall["score"] == "85.50"
    assert (fall["indicators"], fall["deducted"]) == ("88.00", "2.50")
    assert fall["axis"] == [0, 25, 50, 75, 100]
    assert [row["points"] for row in fall["rows"]] == ["−12.00", "−2.50"]
    assert fall["rows"][0]["x"] == "352.0"  # 88 on an axis from 0 to 100 that is 400 wide
    assert fall["rows"][1]["x"] == fall["score_width"] == "342.0"


def test_past_a_full_row_the_line_is_not_broken():
    lost, kept = charts.waterfall([Loss("按时办结", Decimal(12)), Loss("满意率", Decimal(0))])["rows"]
    assert kept["link"] == "M352.0 0V40"
    assert lost["link"] == "M400.0 0V10M352.0 30V40"  # the control: around a bar it is


@given(st.lists(st.decimals(min_value=0, max_value=20, places=2), max_size=8))
def test_the_score_is_exactly_a_hundred_less_the_losses(points):
    total = sum(points, Decimal(0))
    fall = charts.waterfall([Loss("x", lost) for lost in points])
    assert fall["score"].replace("−", "-").replace(",", "") == f"{100 - total:.2f}"
    assert all(float(row["x"]) >= 0 and float(row["width"]) >= 0 for row in fall["rows"])
