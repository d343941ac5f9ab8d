"""Exports as a spreadsheet program reads them: every cell is text, none is a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile

from lxml import etree

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# The first letter as a spreadsheet finds it, behind blanks and marks that it drops.
FORMULA = re.compile(r"[\s\u00a0\u3000\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?%?")
PARTS = re.compile(
    r"(\[Content_Types\]|_rels/\.rels|docProps/(app|core)|xl/(workbook|styles|sharedStrings|theme/theme1|"
    r"worksheets/sheet1|_rels/workbook))\.xml(\.rels)?|_rels/\.rels"
)


def runs(text: str) -> bool:
    """Whether a spreadsheet would take the cell for a formula."""
    return bool(FORMULA.match(text)) and not NUMBER.fullmatch(text)


def faults_of_csv(data: bytes) -> tuple[list[str], list[list[str]]]:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    faults = [f"csv: {cell[:60]!r} is a formula" for row in rows for cell in row if runs(cell)]
    faults += [f"csv: {len(row)} cells in place of {len(rows[0])}" for row in rows if len(row) != len(rows[0])]
    return faults, rows


def faults_of_xlsx(data: bytes) -> tuple[list[str], list[list[str]]]:
    book = zipfile.ZipFile(io.BytesIO(data))
    faults = [f"xlsx: holds {name}" for name in book.namelist() if not PARTS.fullmatch(name)]
    trees = {name: etree.fromstring(book.read(name)) for name in book.namelist()}
    strings = trees.get("xl/sharedStrings.xml", etree.Element("none")).iter(f"{NS}si")
    shared = ["".join(one.itertext(f"{NS}t")) for one in strings]
    sheet = trees["xl/worksheets/sheet1.xml"]
    faults += [f"xlsx: {one.tag} in the sheet" for name in ("f", "hyperlink") for one in sheet.iter(f"{NS}{name}")]
    rows = []
    for row in sheet.iter(f"{NS}row"):
        rows.append([])
        for cell in row.iter(f"{NS}c"):
            kind, value = cell.get("t"), cell.findtext(f"{NS}v") or ""
            text = shared[int(value)] if kind == "s" else "".join(cell.itertext(f"{NS}t")) or value
            rows[-1].append(text)
            if text and kind not in ("s", "inlineStr"):
                faults.append(f"xlsx: {text[:60]!r} is of kind {kind}")
    faults += [f"xlsx: {cell[:60]!r} begins a formula" for row in rows for cell in row if runs(cell)]
    return faults, rows
