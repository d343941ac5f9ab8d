"""Files that travel inside a PDF: tables for spreadsheets, facts for programs, and the list of their sums."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

SUMS: Final = "SHA256SUMS.txt"
FORMULA: Final = frozenset("=+-@＝＋－＠\t\r\n")
NUMBER: Final = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?")
BOM: Final = "\ufeff"


@dataclass(frozen=True)
class Enclosure:
    """``relationship`` as in PDF/A-3: Source (the paper was made from it), Data, Supplement."""

    name: str
    data: bytes
    description: str = ""
    relationship: str = "Source"


class Sheet(Enclosure):
    """A CSV that spreadsheets open as Chinese text (byte order mark) and in which no cell is a formula."""

    def __init__(
        self, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]], description: str = "", **more: str
    ) -> None:
        super().__init__(name, csv_bytes(head, rows), description, **more)


class Json(Enclosure):
    """Facts as canonical JSON: the same facts are the same bytes."""

    def __init__(self, name: str, facts: Any, description: str = "", **more: str) -> None:
        super().__init__(name, json_bytes(facts), description, **more)


def harmless(value: Any) -> str:
    """A cell as text that no spreadsheet runs as a formula; plain numbers stay numbers."""
    text = "" if value is None else str(value)
    first = text.lstrip(" \u3000\u00a0\ufeff")[:1]
    if first in FORMULA and first and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in head])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return (BOM + buffer.getvalue()).encode()


def json_bytes(facts: Any) -> bytes:
    return (json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1, default=str) + "\n").encode()


def sums(enclosures: Iterable[Enclosure]) -> Enclosure:
    """The list that ``sha256sum --check`` reads; its own SHA-256 is printed on the paper as that of the data."""
    lines = [
        f"{hashlib.sha256(one.data).hexdigest()}  {one.name}\n" for one in sorted(enclosures, key=lambda e: e.name)
    ]
    return Enclosure(SUMS, "".join(lines).encode(), "以上文件的 SHA-256", "Supplement")
