"""How figures and days are written in official papers. Nothing is marked safe here: text stays text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template

from common import clock

register = template.Library()

NOTHING = "—"
NUMERALS = "零一二三四五六七八九十"


@register.filter
def day(value: str | date | None) -> str:
    """2026-11-05 → 2026年11月5日, without leading zeros."""
    if not value:
        return NOTHING
    found = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{found.year}年{found.month}月{found.day}日"


@register.filter
def instant(value: str | datetime | None) -> str:
    """2026-11-05T06:00:00+08:00 → 2026年11月5日6时0分, in Asia/Shanghai."""
    if not value:
        return NOTHING
    local = clock.local(datetime.fromisoformat(value) if isinstance(value, str) else value)
    return f"{local.year}年{local.month}月{local.day}日{local.hour}时{local.minute}分"


@register.filter
def figure(value: Any) -> str:
    """A figure, or the dash that says that there is none. A real minus sign."""
    if value is None or value == "":
        return NOTHING
    text = str(value)
    return f"−{text[1:]}" if text.startswith("-") and text[1:2].isdigit() else text


@register.filter
def percent(value: Any) -> str:
    return NOTHING if value in (None, "") else f"{value}%"


@register.filter
def ratio(pair: dict[str, Any] | None) -> str:
    """{numerator, denominator, value} → 98.21%（55÷56）."""
    if not pair:
        return NOTHING
    return f"{percent(pair.get('value'))}（{figure(pair.get('numerator'))}÷{figure(pair.get('denominator'))}）"


@register.filter
def chinese(number: int) -> str:
    """1 → 一 … 99 → 九十九, for the first level of headings."""
    tens, ones = divmod(int(number), 10)
    if not tens:
        return NUMERALS[ones]
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + (NUMERALS[ones] if ones else "")


@register.filter
def groups(text: str, size: int = 16) -> str:
    """A long sum in groups that the eye can compare."""
    return " ".join(text[start : start + size] for start in range(0, len(text), size))


@register.filter
def head_size(organ: str) -> str:
    """The class that makes the name of the organ fit one line (page.css)."""
    length = len(organ)
    if length <= 10:
        return ""
    return f"n{length}" if length <= 22 else "long"
