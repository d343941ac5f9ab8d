"""Workbooks that go out: the empty template with its explanations, and the mistakes of a list that came in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter

from documents import sheets
from projects.imports.columns import COLUMNS
from projects.imports.rows import BadFileError, headings, letter, original, read
from projects.imports.values import NOT_STORED
from projects.models import ProjectImport

MARKED = PatternFill("solid", fgColor="FAF1DD")
WRAPPED = Alignment(vertical="top", wrap_text=True)
EXPLAINED = (
    "第一张表填写项目，一行一个项目；标题行不要改动，不用的列可以删去，列的顺序可以变动。",
    "库内已有的项目，空白单元格表示不改动，不会把已有内容清空。",
    "合并单元格视为其中每一行都填了同样的内容。公式不予读取，请粘贴为数值。",
    "金额默认按万元，标题或单元格内写明亿元的自动折算；全角数字和千分位逗号均可识别。",
    "上传后先行核对，列出新增、变动和错误，确认后一次写入；写入后一日内可以撤销。",
)


def template() -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("项目")
    sheet.freeze_panes = "C2"
    for place, column in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = max(12, 2 * len(column.heading) + 6)
    sheet.append([_cell(sheet, text, bold=True) for text in headings()])
    notes = book.create_sheet("填表说明")
    for name, width in (("A", 20), ("B", 12), ("C", 70)):
        notes.column_dimensions[name].width = width
    for text in EXPLAINED:
        notes.append([_cell(notes, text)])
    notes.append([])
    notes.append([_cell(notes, text, bold=True) for text in ("列", "是否必填", "填写要求")])
    for column in COLUMNS:
        needed = "必填" if column.required else "选填"
        notes.append([_cell(notes, text) for text in (column.heading, needed, column.help)])
    return sheets.saved(book)


def mistakes(row: ProjectImport) -> bytes:
    """Two sheets: every mistake with its cell, and the rows themselves with the cells marked, ready to be mended."""
    book = Workbook(write_only=True)
    listed = book.create_sheet("错误清单")
    listed.freeze_panes = "A2"
    for name, width in zip("ABCDEF", (8, 8, 20, 36, 60, 8), strict=True):
        listed.column_dimensions[name].width = width
    listed.append([_cell(listed, text, bold=True) for text in ("行", "列", "标题", "单元格内容", "问题", "程度")])
    for number, column, title, value, message, weight in row.problems:
        said = "错误" if weight == "error" else "提醒"
        listed.append([number, *(_cell(listed, text) for text in (column, title, value, message, said))])
    _rows_to_mend(book, row)
    return sheets.saved(book)


def _rows_to_mend(book: Workbook, row: ProjectImport) -> None:
    try:
        sheet = read(row.path)
    except (BadFileError, FileNotFoundError):
        return
    bad: dict[int, dict[str, list[str]]] = {}
    for number, column, _title, _value, message, _weight in row.problems:
        bad.setdefault(number, {}).setdefault(column, []).append(message)
    page = book.create_sheet("出错行")
    page.freeze_panes = "A2"
    wide = max(sheet.headings) + 1
    titles = [_title_of(sheet.headings.get(place)) for place in range(wide)]
    page.append([_cell(page, text, bold=True) for text in (*titles, "问题（不导入）")])
    for number, cells in sheet.cells():
        if number in bad:
            page.append(_row_to_mend(page, original(cells)[:wide], wide, bad[number]))


def _title_of(known: Any) -> str:
    if known is None:
        return ""
    unit = known.unit or known.column.unit
    name = f"{known.year}年计划投资" if known.year else known.column.heading
    return f"{name}（{unit}）" if unit else name


def _row_to_mend(page: Any, words: Sequence[str], wide: int, wrong: dict[str, list[str]]) -> list[Any]:
    cells = [_cell(page, words[n] if n < len(words) else "", marked=letter(n) in wrong) for n in range(wide)]
    told = "；".join(f"{column} {message}" for column, messages in wrong.items() for message in messages)
    return [*cells, _cell(page, told)]


def _cell(sheet: Any, text: str, *, bold: bool = False, marked: bool = False) -> WriteOnlyCell:
    style: dict[str, Any] = {"alignment": WRAPPED}
    if bold:
        style["font"] = sheets.BOLD
    if marked:
        style["fill"] = MARKED
    return sheets.text(sheet, NOT_STORED.sub("", text), **style)
