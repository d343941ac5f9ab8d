"""How dates, lateness, numbers and lights are written (static/css, docs/templates.md).

Lists format their rows with these in Python and print flat strings: a call in a template row costs ten times as much.
All instants are shown in Asia/Shanghai. Nothing here decides: the light and the working days come from ``deadlines``.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common import clock

MINUS = "−"
_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def day(value: date | datetime) -> date:
    """The calendar day in Asia/Shanghai."""
    return clock.local(value).date() if isinstance(value, datetime) else value


# Dates ---------------------------------------------------------------------------------------------------------------


def weekday(value: date | datetime | None) -> str:
    """周五 / Fri."""
    if value is None:
        return ""
    number = day(value).weekday()
    return f"周{_WEEKDAYS['zh'][number]}" if _chinese() else _WEEKDAYS["en"][number]


def plain_date(value: date | datetime | None) -> str:
    """11月20日 / 20 Nov: with the year when it is not this one."""
    if value is None:
        return ""
    d = day(value)
    other_year = d.year != clock.today().year
    if _chinese():
        return f"{d.year}年{d.month}月{d.day}日" if other_year else f"{d.month}月{d.day}日"
    return f"{d.day} {_MONTHS[d.month - 1]}" + (f" {d.year}" if other_year else "")


def cn_date(value: date | datetime | None) -> str:
    """For text: 11月20日（周五） / Fri 20 Nov."""
    if value is None:
        return ""
    return f"{plain_date(value)}（{weekday(value)}）" if _chinese() else f"{weekday(value)} {plain_date(value)}"


def full_date(value: date | datetime | None) -> str:
    """For the head of a page: 2026年11月20日 / 20 Nov 2026."""
    if value is None:
        return ""
    d = day(value)
    return f"{d.year}年{d.month}月{d.day}日" if _chinese() else f"{d.day} {_MONTHS[d.month - 1]} {d.year}"


def month(value: date | datetime | None) -> str:
    """2026年10月 / Oct 2026."""
    if value is None:
        return ""
    d = day(value)
    return f"{d.year}年{d.month}月" if _chinese() else f"{_MONTHS[d.month - 1]} {d.year}"


def months(first: date, last: date) -> str:
    """8—10月 / Aug–Oct; with the years when they are two."""
    if first.year != last.year:
        return f"{month(first)}—{month(last)}"
    return f"{first.month}—{last.month}月" if _chinese() else f"{_MONTHS[first.month - 1]}–{_MONTHS[last.month - 1]}"


def md(value: date | datetime | None) -> str:
    """For tables: 11-20, and 2025-11-20 when the year is not this one."""
    if value is None:
        return ""
    d = day(value)
    return f"{d:%m-%d}" if d.year == clock.today().year else f"{d:%Y-%m-%d}"


def hm(value: datetime | None) -> str:
    """18:00."""
    return f"{clock.local(value):%H:%M}" if value else ""


def md_hm(value: datetime | None) -> str:
    """For tables: 11-20 18:00."""
    return f"{md(value)} {hm(value)}" if value else ""


def cn_datetime(value: datetime | None) -> str:
    """For text: 11月20日（周五）18:00 / Fri 20 Nov, 18:00."""
    if value is None:
        return ""
    return f"{cn_date(value)}{hm(value)}" if _chinese() else f"{cn_date(value)}, {hm(value)}"


# Lateness ------------------------------------------------------------------------------------------------------------


def remaining(days: int, due_at: datetime | None = None, *, breached: bool = False) -> str:
    """What stands beside a light while a clock runs: 还剩 3 天, 今天 18:00, 逾期 5 天.

    ``days``: working days from today to the due day, negative once it is over, as ``deadlines`` counts them.
    """
    if breached or days < 0:
        return _("%(days)d d late") % {"days": -days} if days < 0 else _("Late since today")
    if days == 0:
        return _("Today %(time)s") % {"time": hm(due_at)} if due_at else _("Today")
    return _("%(days)d d left") % {"days": days}


def kept(*, late: bool, days: int = 0) -> str:
    """What stands beside a clock that was met: 按时, 迟 2 天, or 迟不到 1 天."""
    if not late:
        return _("On time")
    return _("%(days)d d too late") % {"days": days} if days > 0 else _("Less than 1 d too late")


# Numbers -------------------------------------------------------------------------------------------------------------


def places(value: Decimal | float | int | None, digits: int = 2) -> str:
    """Rounded half up for show only, with a real minus; — when there is no value."""
    if value is None:
        return "—"
    number = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{number:,}".replace("-", MINUS)


def wan(value: Decimal | None) -> str:
    """Money that is kept in 万元: 8,000 万元, from 1 亿元 up 12.5 亿元, to a ten thousand yuan."""
    if value is None:
        return "—"
    if abs(value) < 10_000:
        return _("%(amount)s × 10,000 yuan") % {"amount": f"{value.normalize():,f}"}
    rounded = (value / 10_000).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return _("%(amount)s × 100 million yuan") % {"amount": f"{rounded.normalize():,f}"}


def signed(value: Decimal | float | int | None, digits: int = 2) -> str:
    """−2.40, +1.00, 0.00."""
    text = places(value, digits)
    return f"+{text}" if value is not None and value > 0 else text


def percent(value: Decimal | float | None, digits: int = 1) -> str:
    """A share of one as 62.5 %; — when there is no denominator."""
    return "—" if value is None else f"{places(Decimal(str(value)) * 100, digits)} %"


def ratio(numerator: object, denominator: object) -> str:
    """9 ÷ 15."""
    return f"{numerator} ÷ {denominator}"


def count(value: int, *, more: bool = False) -> str:
    """1,000, and 1,000+ where counting stopped there."""
    return f"{value:,}+" if more else f"{value:,}"


def masked(phone: str) -> str:
    """138****2046: enough to tell two numbers apart, not to call one."""
    if len(phone) < 7:
        return "*" * len(phone)
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"


def file_size(octets: int) -> str:
    """84 kB, 2.1 MB."""
    if octets < 1000:
        return f"{octets} B"
    if octets < 1_000_000:
        return f"{octets / 1000:.0f} kB"
    return f"{octets / 1_000_000:.1f} MB"


# Lights --------------------------------------------------------------------------------------------------------------


class Light(NamedTuple):
    """Colour, shape and word, always all three. ``mark`` is the path of the shape in a 16 × 16 box."""

    tone: str
    mark: str
    word: str


MARKS = {
    "green": "M8 1a7 7 0 1 1 0 14A7 7 0 1 1 8 1z",
    "yellow": "M8 .8 16 15H0z",
    "red": "M1 1h14v14H1z",
    "none": "M2 7h12v2H2z",
}


def light_word(value: str | None, *, breached: bool = False) -> str:
    """正常, 临期, 逾期, 严重逾期; 不计时 when no clock of the government runs."""
    words = {"green": _("On track"), "yellow": _("Overdue") if breached else _("Due soon"), "red": _("Long overdue")}
    return words.get(value or "", _("Not timed"))


def light(value: str | None, text: str = "", *, breached: bool = False) -> Light:
    """The light of a case: ``value`` as stored (green, yellow, red, none or empty), ``text`` in place of the word."""
    tone = value if value in MARKS else "none"
    return Light(tone or "none", MARKS[tone or "none"], text or light_word(value, breached=breached))
