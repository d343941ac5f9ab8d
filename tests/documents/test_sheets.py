"""Workbooks of lists: text is text, numbers are numbers, dates are dates; who takes one is in the audit trail."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import RequestFactory
from openpyxl import load_workbook
from openpyxl.cell import Cell, WriteOnlyCell

from accounts.models import AuditEntry
from common import clock
from documents import enclosures, sheets
from tests.documents.conftest import make_actor, make_unit
from tests.hostile.sheets import runs

HEADING = ["名称", "件数", "金额", "完成率", "日期", "时间"]
ROW = [
    "𠮷安䶮照",
    3,
    Decimal("1234567.5"),
    sheets.Share("0.625"),
    date(2026, 3, 5),
    datetime(2026, 3, 5, 1, tzinfo=UTC),
]
DANGEROUS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    ' =HYPERLINK("//evil.example")',
    "#REF!",
    "=cmd|'/C'!A1",
]


def cells(heading: list[str], *rows: sheets.Row, title: str = "表") -> list[tuple[Cell, ...]]:
    return list(load_workbook(io.BytesIO(sheets.xlsx(title, heading, rows))).active.iter_rows())


def test_each_value_is_of_its_kind_and_has_its_format() -> None:
    head, row, last = cells(HEADING, ROW, [None, "", None, None, None, 0])
    assert [cell.value for cell in head] == HEADING
    assert all(cell.font.bold for cell in head)
    assert [cell.value for cell in row] == [
        "𠮷安䶮照", 3, 1234567.5, 0.625, datetime(2026, 3, 5), datetime(2026, 3, 5, 9),  # noqa: DTZ001 -- as it is read
    ]  # fmt: skip
    assert [cell.data_type for cell in row] == ["s", "n", "n", "n", "d", "d"]
    assert [cell.number_format for cell in row[2:]] == ["#,##0.00", "0.0%", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    assert [cell.value for cell in last] == [None, None, None, None, None, 0]


def test_the_heading_stays_in_sight_and_columns_are_as_wide_as_what_they_hold() -> None:
    book = load_workbook(io.BytesIO(sheets.xlsx("项目/清单*[1]:'?", ["名", "说明"], [["项" * 12, "长" * 500]])))
    sheet = book.active
    assert (sheet.freeze_panes, sheet.title) == ("A2", "项目 清单  1    ")
    assert [sheet.column_dimensions[name].width for name in "AB"] == [26, 60]


@pytest.mark.parametrize("words", DANGEROUS)
def test_what_begins_like_a_formula_stays_text(words: str) -> None:
    ((head,), (cell,)) = cells([words], [words])
    for one in (head, cell):
        assert one.data_type == "s"
        assert not runs(one.value)
        assert one.value.endswith(words)


def test_without_neutralising_a_cell_is_a_formula(monkeypatch) -> None:
    """The control: typed as text as well as quoted; with neither a spreadsheet runs it, with the quote alone never."""
    monkeypatch.setattr(sheets, "text", lambda sheet, words, **_s: WriteOnlyCell(sheet, enclosures.harmless(words)))
    assert [cell.data_type for (cell,) in cells(["=1+1"], ["=2+2"])] == ["s", "s"]
    monkeypatch.setattr(enclosures, "harmless", str)
    assert [cell.data_type for (cell,) in cells(["=1+1"], ["=2+2"])] == ["f", "f"]


def test_without_the_quote_a_cell_becomes_a_formula_when_it_is_touched(monkeypatch) -> None:
    monkeypatch.setattr(sheets, "harmless", str)
    ((_head,), (cell,)) = cells(["名称"], ["=2+2"])
    assert runs(cell.value)


def test_what_a_workbook_cannot_hold_is_left_out() -> None:
    ((_head,), (cell,), (early,)) = cells(["题"], ["一\x0b二\ufffe三\r\n四\ud800"], [date(1899, 5, 1)])
    assert (cell.value, early.value) == ("一二三\n四", "1899-05-01")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_who_takes_a_list_is_in_the_audit_trail(kind: str) -> None:
    request: Any = RequestFactory().get("/app/projects/?q=云溪&as=xlsx")
    request.actor = make_actor("coordinator", make_unit("A"))
    with clock.at(datetime(2026, 3, 5, 1, tzinfo=UTC)):
        rows: list[sheets.Row] = [["=1", Decimal("-2.50")], ["乙", None]]
        response = sheets.answer(request, "projects", "项目", ["名", "元"], rows, kind=kind)
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == sheets.KINDS[kind]
    assert unquote(response["Content-Disposition"]).endswith(f"filename*=UTF-8''项目-20260305-0900.{kind}")
    entry = AuditEntry.objects.get(act="export")
    assert (entry.user, entry.object_kind, entry.object_ref) == (request.actor.user, "projects", kind)
    assert (entry.detail["rows"], unquote(entry.detail["query"])) == (2, "q=云溪&as=xlsx")
    if kind == "csv":
        assert response.content.decode() == "\ufeff名,元\r\n'=1,-2.50\r\n乙,\r\n"


def test_the_address_of_a_list_keeps_its_conditions_and_not_its_page() -> None:
    request = RequestFactory().get("/app/projects/?stage=all&cursor=abc&q=%26as")
    assert sheets.address(request) == "/app/projects/?stage=all&q=%26as&as=xlsx"
    assert not sheets.wanted(request)
    assert not sheets.wanted(RequestFactory().get("/?as=exe"))
    assert sheets.wanted(RequestFactory().get(sheets.address(request)))
