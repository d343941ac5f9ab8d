"""One cell becomes a value, or a sentence that says what is wrong with it."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from documents.enclosures import FORMULA
from projects import codes
from projects.imports.columns import TRUTH, WORDS, Heading

Cell = list[str] | None
BLANK = frozenset({"", "-", "—", "–", "/", "——"})
CODE = re.compile(r"\w[\w.\-〔〕()]{0,31}")
NOT_STORED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
IN_WAN = {"万元": Decimal(1), "亿元": Decimal(10_000), "亿": Decimal(10_000), "万": Decimal(1), "元": Decimal("0.0001")}
IN_MU = {"亩": Decimal(1), "公顷": Decimal(15), "平方米": Decimal(3) / 2000}
MOST = Decimal(10) ** 10
NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)([^\d.%]*)")
DAY = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)?")
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})?")
EPOCH = date(1899, 12, 30)
YEAR = re.compile(r"((?:19|20)\d\d)年?")
SERIAL = range(32_874, 73_415)  # 1990 to 2100, as spreadsheets count days
FIRST_YEAR, LAST_YEAR = 1990, 2100


class Wrong(Exception):
    """A sentence for whoever typed it, shown beside the cell."""


def shown(cell: Cell) -> str:
    return cell[1][:200] if cell else ""


def text_of(cell: Cell) -> str:
    """The words of a cell. A formula is refused: what it would give is not in the file for certain."""
    if cell is None:
        return ""
    kind, value = cell
    if kind == "f":
        raise Wrong(_("holds a formula; paste its value instead"))
    if kind == "e":
        raise Wrong(_("holds an error of the spreadsheet"))
    if NOT_STORED.search(value):
        raise Wrong(_("holds a character that cannot be stored"))
    if kind in ("n", "p") and value.endswith(".0"):
        value = value[:-2]
    value = value.strip()
    # The quote that workbooks from here put before words that look like a formula.
    return value[1:] if value[:1] == "'" and value[1:2] in FORMULA and value[1:2] else value


def parse(cell: Cell, heading: Heading) -> Any:
    """The value, None for a blank cell. Units, chains and enterprises stay words. Wrong when it is none."""
    text, kind = text_of(cell), heading.column.kind
    if not text or (kind not in ("text",) and text in BLANK):
        return None
    if kind in ("money", "area"):
        return _amount(cell, text, heading)
    if kind == "day":
        return _day(cell, text, last=heading.column.field == "plan_completed")
    if kind == "choice":
        return _choice(text, WORDS[heading.column.field])
    if kind == "flag":
        return _choice(_narrow(text), TRUTH)
    if kind == "code":
        return _code(text)
    if kind == "uscc":
        return _uscc(text)
    if len(text) > heading.column.most:
        raise Wrong(_("is longer than %(n)d characters") % {"n": heading.column.most})
    return text


def _narrow(text: str) -> str:
    return re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", text))


def _amount(cell: Cell, text: str, heading: Heading) -> Decimal:
    money = heading.column.kind == "money"
    units = IN_WAN if money else IN_MU
    if cell is not None and cell[0] in ("d", "b", "p"):
        raise Wrong(_("is not a number"))
    plain = _narrow(text)
    found = NUMBER.fullmatch(plain)
    try:
        number, unit = (Decimal(found[1]), found[2]) if found else (Decimal(plain), "")
    except InvalidOperation:
        raise Wrong(_("is not a number")) from None
    unit = unit or heading.unit or ("万元" if money else "亩")
    if unit not in units or not number.is_finite():
        raise Wrong(_("is not a number"))
    if number < 0:
        raise Wrong(_("is less than nothing"))
    if number >= MOST / IN_WAN["元"]:  # what is far too large overflows when it is multiplied
        raise Wrong(_("is too large"))
    value = number * units[unit]
    if value >= (MOST if money else MOST / 1000):
        raise Wrong(_("is too large"))
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _day(cell: Cell, text: str, *, last: bool) -> date:
    if cell is not None and cell[0] == "n" and not only_year(text):
        return _day_of_number(text, last)
    plain = _narrow(text)
    if only_year(text):
        return _made(int(plain[:4]), 12 if last else 1, None, last)
    found = DAY.fullmatch(plain) or COMPACT_DAY.fullmatch(plain)
    if found is None:
        raise Wrong(_("is not a date; write it as 2026-03-05"))
    return _made(int(found[1]), int(found[2]), int(found[3]) if found[3] else None, last)


def only_year(text: str) -> bool:
    """Many lists know no more than the year: it is taken as the first day, or the last of an end, with a hint."""
    return YEAR.fullmatch(_narrow(text)) is not None


def _day_of_number(text: str, last: bool) -> date:
    """A day without its format is a count; 2026.3 is a month, but 2026.1 may be January or October."""
    if text.isdigit() and int(text) in SERIAL:
        return EPOCH + timedelta(days=int(text))
    if found := COMPACT_DAY.fullmatch(text):
        return _made(int(found[1]), int(found[2]), int(found[3]) if found[3] else None, last)
    if found := re.fullmatch(r"(\d{4})\.(\d{1,2})", text):
        if found[2] == "1":
            raise Wrong(_("may be January or October; write 2026年1月 or 2026年10月 as text"))
        return _made(int(found[1]), int(found[2]), None, last)
    raise Wrong(_("is not a date; write it as 2026-03-05"))


def _made(year: int, month: int, day: int | None, last: bool) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Wrong(_("lies too far away"))
    if not 1 <= month <= 12:
        raise Wrong(_("is not a date; write it as 2026-03-05"))
    if day is None:
        day = calendar.monthrange(year, month)[1] if last else 1
    try:
        return date(year, month, day)
    except ValueError:
        raise Wrong(_("there is no such day")) from None


def _choice(text: str, words: dict[str, Any]) -> Any:
    if text not in words:
        raise Wrong(_("is none of: %(words)s") % {"words": "、".join(list(words)[:10])})
    return words[text]


def _code(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    if not CODE.fullmatch(plain):
        raise Wrong(_("letters, digits, dots and dashes only, at most 32"))
    return plain


def _uscc(text: str) -> str:
    code = codes.compact(_narrow(text))
    if not codes.well_formed(code):
        raise Wrong(_("is not a credit code of 18 characters"))
    return code
