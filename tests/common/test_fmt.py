from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from common import clock, fmt

NOW = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)  # Thursday 10:00 in Shanghai
DUE = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)  # Friday 18:00


@pytest.fixture(autouse=True)
def at_now():
    with clock.at(NOW):
        yield


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def test_dates_in_chinese():
    assert fmt.cn_date(DUE) == "11月20日（周五）"
    assert fmt.cn_datetime(DUE) == "11月20日（周五）18:00"
    assert fmt.full_date(DUE) == "2026年11月20日"
    assert fmt.month(date(2026, 10, 1)) == "2026年10月"
    assert (fmt.md(DUE), fmt.md_hm(DUE), fmt.weekday(DUE)) == ("11-20", "11-20 18:00", "周五")


@pytest.mark.usefixtures("english")
def test_dates_in_english():
    assert fmt.cn_date(DUE) == "Fri 20 Nov"
    assert fmt.cn_datetime(DUE) == "Fri 20 Nov, 18:00"
    assert fmt.full_date(DUE) == "20 Nov 2026"
    assert fmt.month(DUE) == "Nov 2026"


def test_another_year_is_named():
    assert fmt.md(date(2025, 1, 2)) == "2025-01-02"
    assert fmt.plain_date(date(2027, 1, 2)) == "2027年1月2日"


def test_the_day_is_that_of_shanghai_not_of_the_server():
    evening = datetime(2026, 11, 19, 16, 30, tzinfo=UTC)
    assert fmt.md_hm(evening) == "11-20 00:30"
    assert evening.strftime("%m-%d") == "11-19"  # what it would be without the change of zone


@pytest.mark.parametrize(
    "write",
    [fmt.cn_date, fmt.cn_datetime, fmt.full_date, fmt.plain_date, fmt.month, fmt.md, fmt.md_hm, fmt.hm, fmt.weekday],
)
def test_no_date_is_an_empty_text(write):
    assert write(None) == ""


@pytest.mark.parametrize(
    ("days", "breached", "chinese"),
    [
        (3, False, "还剩 3 天"),
        (0, False, "今天 18:00"),
        (0, True, "今天起逾期"),
        (-5, True, "逾期 5 天"),
        (-1, False, "逾期 1 天"),
    ],
)
def test_remaining(days, breached, chinese):
    assert fmt.remaining(days, DUE, breached=breached) == chinese


def test_remaining_without_an_hour():
    assert fmt.remaining(0) == "今天"


def test_kept():
    assert fmt.kept(late=False) == "按时"
    assert fmt.kept(late=True, days=2) == "迟 2 天"
    assert fmt.kept(late=True) == "迟不到 1 天"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("66.1"), "66.10"),
        (Decimal("0.005"), "0.01"),
        (Decimal("-2.4"), "−2.40"),
        (Decimal("1234567.5"), "1,234,567.50"),
        (None, "—"),
    ],
)
def test_places_round_half_up_with_a_real_minus(value, text):
    assert fmt.places(value) == text


def test_signed():
    assert [fmt.signed(n) for n in (Decimal("-2.4"), Decimal(1), 0, None)] == ["−2.40", "+1.00", "0.00", "—"]


def test_percent_ratio_and_count():
    assert fmt.percent(Decimal("0.625")) == "62.5 %"
    assert fmt.percent(None) == "—"
    assert fmt.ratio(9, 15) == "9 ÷ 15"
    assert fmt.count(1000, more=True) == "1,000+"
    assert fmt.count(47) == "47"


@pytest.mark.parametrize(("octets", "text"), [(999, "999 B"), (84_000, "84 kB"), (2_100_000, "2.1 MB")])
def test_file_size(octets, text):
    assert fmt.file_size(octets) == text


@pytest.mark.parametrize(
    ("value", "breached", "tone", "word"),
    [
        ("green", False, "green", "正常"),
        ("yellow", False, "yellow", "临期"),
        ("yellow", True, "yellow", "逾期"),
        ("red", True, "red", "严重逾期"),
        ("", False, "none", "不计时"),
        (None, False, "none", "不计时"),
        ("purple", False, "none", "不计时"),
    ],
)
def test_a_light_has_colour_shape_and_word(value, breached, tone, word):
    light = fmt.light(value, breached=breached)
    assert light == fmt.Light(tone, fmt.MARKS[tone], word)


def test_no_two_lights_share_a_shape():
    assert len(set(fmt.MARKS.values())) == len(fmt.MARKS)


@pytest.mark.parametrize(
    ("amount", "chinese"),
    [
        (None, "—"),
        ("0", "0 万元"),
        ("8000.00", "8,000 万元"),
        ("9999.99", "9,999.99 万元"),
        ("10000", "1 亿元"),
        ("42500.04", "4.25 亿元"),
        ("1234567.00", "123.4567 亿元"),
        ("-12000", "-1.2 亿元"),
    ],
)
def test_money_is_told_in_the_larger_unit_from_a_hundred_million(amount, chinese) -> None:
    with translation.override("zh-hans"):
        assert fmt.wan(None if amount is None else Decimal(amount)) == chinese
