"""Lists that go out as a workbook or a CSV: text stays text whatever it begins with, numbers and dates are what they
are, and each that goes out leaves one entry in the audit trail."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from accounts import audit
from common import clock
from common.pages import PARAMETER
from documents import names
from documents.enclosures import csv_bytes, harmless

MOST: Final = 10_000
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"
KINDS: Final = {"xlsx": XLSX, "csv": CSV}
# What XML 1.0 has no place for: most controls, lone surrogates, and the two that are no characters.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NOT_IN_TITLE = re.compile(r"[\\/*?:\[\]']")
BOLD = Font(bold=True)
MONEY, SHARE, DAY, MOMENT = "#,##0.00", "0.0%", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
FIRST_YEAR = 1901  # spreadsheets count days from 1900, and count that year wrongly
NARROWEST, WIDEST, MEASURED = 8, 60, 200


class Share(Decimal):
    """A part of one, shown in per cent."""


Value = str | int | Decimal | date | datetime | None
Row = Sequence[Value]
# The name of a list, its heading and its rows.
Listed = tuple[str, Sequence[str], Iterable[Row]]


def wanted(request: HttpRequest) -> bool:
    """Whether the address of a page asks for its rows as a workbook."""
    return request.GET.get("as") == "xlsx"


def address(request: HttpRequest) -> str:
    """The page of ``request`` as a workbook: the same conditions, all pages."""
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    query["as"] = "xlsx"
    return f"{request.path}?{query.urlencode()}"


def answer(
    request: HttpRequest,
    what: str,
    name: str,
    heading: Sequence[str],
    rows: Iterable[Row],
    *,
    ref: str = "",
    kind: str = "xlsx",
) -> HttpResponse:
    """The file for who asked. ``what`` and ``ref`` say in the audit trail which list it was, ``name`` is the file's."""
    found = list(rows)
    audit.record(
        request.actor,  # type: ignore[attr-defined]
        "export",
        what,
        ref or kind,
        rows=len(found),
        query=request.GET.urlencode()[:500],
    )
    data = csv_bytes(heading, found) if kind == "csv" else xlsx(name, heading, found)
    return download(data, f"{name}-{clock.local(clock.now()):%Y%m%d-%H%M}.{kind}", KINDS[kind])


def download(data: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = names.disposition(names.clean(name))
    response["Cache-Control"] = "private, no-store"
    return response


def xlsx(title: str, heading: Sequence[str], rows: Iterable[Row]) -> bytes:
    """One sheet with a heading that stays in sight."""
    found = list(rows)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(NOT_IN_TITLE.sub(" ", NOT_XML.sub("", title))[:31])
    sheet.freeze_panes = "A2"
    for place, width in enumerate(_widths([heading, *found[:MEASURED]]), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([text(sheet, words, font=BOLD) for words in heading])
    for values in found:
        sheet.append([_cell(sheet, value) for value in values])
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(sheet: Any, words: str, **style: Any) -> WriteOnlyCell:
    """Always text: what begins like a formula stays what was typed. A workbook can't hold what XML can't, and ends its
    lines as spreadsheets do. ``style`` are fields of the cell: font, fill, alignment."""
    cell = WriteOnlyCell(sheet, value=harmless(NOT_XML.sub("", words.replace("\r\n", "\n"))))
    cell.data_type = "s"
    for name, value in style.items():
        setattr(cell, name, value)
    return cell


def _cell(sheet: Any, value: Value) -> WriteOnlyCell | int | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return text(sheet, value)
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return _formatted(sheet, value, SHARE if isinstance(value, Share) else MONEY)
    if value.year < FIRST_YEAR:
        return text(sheet, str(value))
    if isinstance(value, datetime):
        return _formatted(sheet, clock.local(value).replace(tzinfo=None), MOMENT)
    return _formatted(sheet, value, DAY)


def _formatted(sheet: Any, value: Decimal | date, how: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = how
    return cell


def _widths(rows: Sequence[Row]) -> list[int]:
    return [min(max(NARROWEST, *map(_width, column)) + 2, WIDEST) for column in zip(*rows, strict=True)]


def _width(value: Value) -> int:
    if isinstance(value, str):
        longest = max(value.splitlines(), key=len, default="")[:WIDEST]
        return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in longest)
    if isinstance(value, datetime):
        return len(MOMENT)
    if isinstance(value, Decimal):
        return len(f"{value:,.2f}")
    return len(str(value))
