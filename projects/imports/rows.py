"""The rows of a workbook with their values, and of every bad cell where it is and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from common import clock
from common.errors import ValidationError
from documents import sandbox, storage
from projects import codes
from projects.imports.columns import BY_HEADING, COLUMNS, FACTS, PASSED_OVER, Heading, heading
from projects.imports.values import Cell, Wrong, only_year, parse, shown, text_of

LIMITS = sandbox.Limits(cpu_seconds=60, wall_seconds=90, memory_mebibytes=640, file_mebibytes=1)
HEAD_WITHIN = 20
ERROR, WARNING = "error", "warning"


class Problem(NamedTuple):
    row: int
    column: str
    heading: str
    value: str
    message: str
    weight: str = ERROR


@dataclass
class Row:
    """``given`` holds what the row says, by field; a blank cell says nothing. ``year`` is that of the yearly plan."""

    number: int
    letters: dict[str, tuple[str, str]]
    given: dict[str, Any] = field(default_factory=dict)
    year: int = 0
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, name: str, message: str, value: str = "", weight: str = ERROR) -> None:
        letter, title = self.letters.get(name, ("", ""))
        said = value or str(self.given.get(name, ""))
        self.problems.append(Problem(self.number, letter, title, said[:200], message, weight))

    @property
    def bad(self) -> bool:
        return any(problem.weight == ERROR for problem in self.problems)


class BadFileError(ValidationError):
    """The file cannot be read as a list of projects at all; the message is for whoever sent it."""


@dataclass
class Sheet:
    """``lines`` are those below the headings, as they came out of the sandbox; ``rows`` reads them anew each time."""

    headings: dict[int, Heading]
    problems: list[Problem]
    lines: list[str]

    def rows(self) -> Iterator[Row]:
        return _rows(self.lines, self.headings)

    def cells(self) -> Iterator[tuple[int, list[Cell]]]:
        return ((number, cells) for number, cells in map(json.loads, self.lines))


def read(path: str) -> Sheet:
    """The stored workbook ``path``. BadFileError when it is none, too long, or has no line of headings."""
    order = json.dumps({"path": str(storage.full(path))}).encode()
    try:
        answer = sandbox.run("projects.imports.sheet", order, LIMITS)
    except sandbox.RefusedError as refusal:
        many = str(refusal) == "rows"
        raise BadFileError(
            _("The sheet has more than 5,000 rows.") if many else _("The workbook is damaged.")
        ) from None
    except sandbox.SandboxError:
        raise BadFileError(_("The workbook takes too long or too much to read.")) from None
    lines = answer.decode().split("\n") if answer else []
    return _sheet(lines)


def _sheet(lines: list[str]) -> Sheet:
    for place, line in enumerate(lines[:HEAD_WITHIN]):
        number, cells = json.loads(line)
        words = [cell[1] if cell else "" for cell in cells]
        found = {n: known for n, word in enumerate(words) if (known := heading(word))}
        if {"code", "name"} <= {known.column.field for known in found.values()}:
            problems = list(_bad_headings(number, words, found))
            return Sheet(found, problems, lines[place + 1 :])
    raise BadFileError(_("No line of headings was found: 项目编号 and 项目名称 must stand in one of the first rows."))


def _bad_headings(number: int, words: list[str], found: dict[int, Heading]) -> Iterator[Problem]:
    taken: set[tuple[str, int | None]] = set()
    for place, word in enumerate(words):
        known = found.get(place)
        if known is None and word.strip() not in PASSED_OVER:
            near = get_close_matches(word.strip(), list(BY_HEADING), 1, 0.4)
            hint = _("; perhaps %(near)s") % {"near": near[0]} if near else ""
            yield Problem(number, letter(place), word[:100], word[:100], _("there is no such column") + hint)
        elif known is not None:
            if (known.column.field, None) in taken:
                yield Problem(number, letter(place), word[:100], word[:100], _("this column stands here twice"))
            taken.add((known.column.field, None))


def letter(place: int) -> str:
    """0 → A, 26 → AA."""
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _rows(lines: list[str], found: dict[int, Heading]) -> Iterator[Row]:
    letters = {known.column.field: (letter(n), known.column.heading) for n, known in found.items()}
    codes_seen: dict[str, int] = {}
    for line in lines:
        number, cells = json.loads(line)
        if not any(n < len(cells) and cells[n] and cells[n][1].strip() for n in found):
            continue
        row = Row(number, letters)
        for place, known in found.items():
            _take(row, cells[place] if place < len(cells) else None, known)
        _check(row, codes_seen)
        yield row


def _take(row: Row, cell: Cell, known: Heading) -> None:
    name = known.column.field
    try:
        value = parse(cell, known)
    except Wrong as wrong:
        row.wrong(name, str(wrong), shown(cell))
        return
    if value is not None:
        row.given[name] = value
    if isinstance(value, date) and cell and only_year(cell[1]):
        row.wrong(name, _("has only the year; it is taken as %(day)s") % {"day": value}, shown(cell), WARNING)
    if name == "year_plan":
        row.year = known.year or clock.today().year


def _check(row: Row, codes_seen: dict[str, int]) -> None:
    """What one row says against itself and the rows before it."""
    code = row.given.get("code")
    if code is None and not any(problem.heading == BY_HEADING["项目编号"].heading for problem in row.problems):
        row.wrong("code", _("is missing"))
    if code in codes_seen:
        row.wrong("code", _("the same code stands in row %(row)d") % {"row": codes_seen[code]})
    elif code is not None:
        codes_seen[code] = row.number
    today = clock.today()
    for name in FACTS:
        if name in row.given and row.given[name] > today:
            row.wrong(name, _("lies in the future"), str(row.given[name]))
    start, end = row.given.get("plan_started"), row.given.get("plan_completed")
    if start and end and end < start:
        row.wrong("plan_completed", _("lies before the planned start"), str(end))
    uscc = row.given.get("uscc")
    if uscc and not codes.checks(uscc):
        row.wrong("uscc", _("the last character does not fit the others: check the code"), uscc, WARNING)


def original(cells: list[Cell]) -> list[str]:
    """A row as it was sent, for the workbook of mistakes."""
    words = []
    for cell in cells:
        try:
            words.append(text_of(cell))
        except Wrong:
            words.append(shown(cell))
    return words


def headings() -> list[str]:
    return [f"{one.heading}（{one.unit}）" if one.unit else one.heading for one in COLUMNS]
