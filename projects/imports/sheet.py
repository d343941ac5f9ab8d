"""Read the first sheet of a workbook in the sandbox: cells as JSON lines, merged ones filled in.

In: ``{"path"}`` as JSON. Out: one line ``[number, [cell, …]]`` per row that holds something, where a cell is null or
``[kind, text]``: s text, n number, p percentage, d day, b truth, f formula, e error. RefusedError: rows, broken.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse

from documents.sandbox import RefusedError

MOST_ROWS = 5_000
LAST_ROW = 100_000
MOST_COLUMNS = 80
MOST_MERGED = 5_000
MOST_TEXT = 5_000
RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?")
Cell = list[str] | None
Box = tuple[int, int, int, int]  # first row, last row, first column, last column


def work(payload: bytes) -> bytes:
    path = json.loads(payload)["path"]
    try:
        lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in read(path)]
    except (zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, OSError, IndexError) as error:
        raise RefusedError("broken") from error
    return "\n".join(lines).encode("utf-8", "replace")


def read(path: str) -> Iterator[tuple[int, list[Cell]]]:
    """Rows in order; read-only mode streams, so a long sheet costs time and not memory."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    try:
        sheet = book.worksheets[0]
        boxes = sorted(_merged(path, sheet._worksheet_path))
        sheet.reset_dimensions()  # what the file says of its size may be a lie
        rows = enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1)
        yield from _filled(((number, _cells(cells)) for number, cells in rows), boxes)
    finally:
        book.close()


def _filled(rows: Iterator[tuple[int, list[Cell]]], boxes: list[Box]) -> Iterator[tuple[int, list[Cell]]]:
    """What stands in the first cell of a merged area holds for all of its rows and columns."""
    open_boxes: list[tuple[Box, Cell]] = []
    coming, count = 0, 0
    for number, cells in rows:
        if number > LAST_ROW:
            raise RefusedError("rows")
        own = any(cells)
        while coming < len(boxes) and boxes[coming][0] <= number:
            box = boxes[coming]
            coming += 1
            if box[0] == number and box[2] <= len(cells):
                open_boxes.append((box, cells[box[2] - 1]))
        open_boxes = [pair for pair in open_boxes if pair[0][1] >= number]
        if not own:
            continue
        for box, value in open_boxes:
            _fill(cells, box, value)
        count += 1
        if count > MOST_ROWS:
            raise RefusedError("rows")
        yield number, cells


def _fill(cells: list[Cell], box: Box, value: Cell) -> None:
    cells.extend([None] * (min(box[3], MOST_COLUMNS) - len(cells)))
    for column in range(box[2] - 1, min(box[3], MOST_COLUMNS)):
        cells[column] = value


def _merged(path: str, inner: str) -> Iterator[Box]:
    with zipfile.ZipFile(path) as archive, archive.open(inner.lstrip("/")) as stream:
        count = 0
        # No declaration of a document type comes here: the inspection of the file refuses it.
        for _event, element in iterparse(stream):  # noqa: S314
            name = element.tag.rpartition("}")[2]
            if name == "row":
                element.clear()
            if name != "mergeCell":
                continue
            count += 1
            if count > MOST_MERGED:
                raise RefusedError("rows")
            found = RANGE.fullmatch(element.get("ref", ""))
            if found and found[3]:
                yield int(found[2]), int(found[4]), _number(found[1]), _number(found[3])


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _cells(row: Iterable[Any]) -> list[Cell]:
    cells = [_cell(one) for one in row]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _cell(cell: Any) -> Cell:
    value, kind = cell.value, cell.data_type
    if value is None or value == "":
        return None
    if kind in ("f", "e"):
        return [kind, str(value)[:200] if kind == "e" or isinstance(value, str) else "="]
    if isinstance(value, bool):
        return ["b", "1" if value else "0"]
    if isinstance(value, datetime):
        return ["d", value.date().isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, int | float):
        return ["p" if "%" in (cell.number_format or "") else "n", repr(value)]
    return ["s", str(value)[:MOST_TEXT]]
