"""Read a ledger row by row and say of every bad cell where it is and what is wrong with it."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from common import clock
from issues.states import Solved

COLUMNS = (
    "number", "title", "text", "category", "channel", "enterprise", "project", "unit", "submitted_at", "assigned_at",
    "signed_at", "first_feedback_at", "proposed_at", "closed_at", "due_at", "solved", "satisfaction", "contact_name",
    "contact_phone",
)  # fmt: skip
OPTIONAL = frozenset({"number", "enterprise", "project", "due_at"})
STEPS = ("submitted_at", "assigned_at", "signed_at", "first_feedback_at", "proposed_at", "closed_at")
LIMITS = {
    "number": 64, "title": 200, "text": 20_000, "category": 40, "channel": 40, "enterprise": 200, "project": 200,
    "unit": 100, "contact_name": 100, "contact_phone": 32,
}  # fmt: skip
NUMBER = re.compile(r"[\w.\-]{1,64}")
SOLVED = {
    "yes": Solved.YES,
    "partly": Solved.PARTLY,
    "no": Solved.NO,
    "是": Solved.YES,
    "部分": Solved.PARTLY,
    "否": Solved.NO,
}


@dataclass(frozen=True)
class BadCell:
    row: int
    column: str
    value: str
    what: str

    def __str__(self) -> str:
        return _("row %(row)d, column %(column)s, “%(value)s”: %(what)s") % {
            "row": self.row,
            "column": self.column,
            "value": self.value[:60],
            "what": self.what,
        }


@dataclass
class Row:
    """One line of the ledger; ``line`` counts as a spreadsheet does (the heading is 1)."""

    line: int
    cells: dict[str, str]
    key: str = ""
    times: dict[str, datetime | None] = field(default_factory=dict)
    solved: str = ""
    satisfaction: int | None = None
    bad: list[BadCell] = field(default_factory=list)

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def wrong(self, column: str, what: str) -> None:
        self.bad.append(BadCell(self.line, column, self.cells.get(column, ""), what))


class BadFileError(Exception):
    """The file itself can't be read as a ledger."""


def read(path: Path) -> Iterator[Row]:
    """Rows with their bad cells; times parsed, order of steps checked. Streams: one row is in memory at a time."""
    seen: Counter[str] = Counter()
    numbers: dict[str, int] = {}
    now = clock.now()
    for line, cells in _cells(path):
        row = Row(line, cells)
        digest = hashlib.sha256("\x1f".join(cells[c] for c in COLUMNS).encode("utf-8", "surrogatepass")).hexdigest()
        # The same line twice without a number is two issues; both are found again when the file comes again.
        row.key = hashlib.sha256(f"{digest}\x1f{seen[digest]}".encode()).hexdigest()
        if not cells["number"]:
            seen[digest] += 1
        _check(row, now)
        if number := cells["number"]:
            if number in numbers:
                row.wrong("number", _("the same number stands in row %(row)d") % {"row": numbers[number]})
            numbers.setdefault(number, line)
        yield row


def _check(row: Row, now: datetime) -> None:
    for column, limit in LIMITS.items():
        value = row[column]
        if "\x00" in value or any("\ud800" <= ch <= "\udfff" for ch in value):
            row.wrong(column, _("holds a character that cannot be stored"))
        elif len(value) > limit:
            row.wrong(column, _("is longer than %(n)d characters") % {"n": limit})
    for column in ("title", "text"):
        if not row[column].strip():
            row.wrong(column, _("is missing"))
    if row["number"] and not NUMBER.fullmatch(row["number"]):
        row.wrong("number", _("letters, digits, dots, dashes and underscores only"))
    _check_times(row, now)
    _check_rating(row)
    if not row["unit"] and any(row.times.get(step) for step in STEPS[1:]):
        row.wrong("unit", _("is missing, but a later step has a time"))


def _check_times(row: Row, now: datetime) -> None:
    before: tuple[str, datetime] | None = None
    for column in (*STEPS, "due_at"):
        row.times[column] = None
        if not (text := row[column]):
            if column == "submitted_at":
                row.wrong(column, _("is missing"))
            continue
        try:
            instant = clock.parse(text)
        except (ValueError, OverflowError):
            row.wrong(column, _("is not a time"))
            continue
        if not 1990 <= instant.year <= 2100:
            row.wrong(column, _("lies too far away"))
        elif column == "due_at":
            if row.times["submitted_at"] and instant < row.times["submitted_at"]:
                row.wrong(column, _("lies before submitted_at"))
        elif instant > now:
            row.wrong(column, _("lies in the future"))
        elif before and instant < before[1]:
            row.wrong(column, _("lies before %(column)s") % {"column": before[0]})
        else:
            before = (column, instant)
        row.times[column] = instant


def _check_rating(row: Row) -> None:
    solved, stars = row["solved"], row["satisfaction"]
    if solved:
        if solved not in SOLVED:
            row.wrong("solved", _("is none of yes, partly, no"))
        row.solved = SOLVED.get(solved, "")
    if stars:
        if stars not in {"1", "2", "3", "4", "5"}:
            row.wrong("satisfaction", _("is not a number from 1 to 5"))
        else:
            row.satisfaction = int(stars)
    if bool(solved) != bool(stars):
        row.wrong("satisfaction" if solved else "solved", _("is missing: a rating has both"))
    if (solved or stars) and not row["closed_at"]:
        row.wrong("closed_at", _("is missing, but there is a rating"))


def _cells(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    rows = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    try:
        heading = [cell.strip() for cell in next(rows)[1]]
    except StopIteration:
        raise BadFileError(_("the file is empty")) from None
    unknown = [name for name in heading if name not in COLUMNS]
    missing = [name for name in COLUMNS if name not in heading and name not in OPTIONAL]
    if unknown or missing or len(set(heading)) != len(heading):
        raise BadFileError(
            _("the heading does not fit; unknown: %(unknown)s; missing: %(missing)s")
            % {"unknown": ", ".join(map(repr, unknown)) or "–", "missing": ", ".join(missing) or "–"}
        )
    for line, values in rows:
        if not any(values):
            continue
        if len(values) > len(heading):
            raise BadFileError(_("row %(row)d has more cells than the heading") % {"row": line})
        given = dict(zip(heading, values, strict=False))
        yield (
            line,
            {name: (given.get(name) or "").strip() if name != "text" else given.get(name) or "" for name in COLUMNS},
        )


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(1_000_000)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from enumerate(csv.reader(file), start=1)
    except UnicodeDecodeError:
        raise BadFileError(_("the file is not UTF-8")) from None
    except csv.Error as error:
        raise BadFileError(str(error)) from None


def _xlsx(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Read-only mode streams: a swollen file costs time, not memory, and only whoever runs the command."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for line, values in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            yield line, [_plain(value) for value in values]
    finally:
        book.close()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
