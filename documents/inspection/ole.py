"""The directory of an OLE2 compound file (doc, xls, ppt): enough to tell which it is and whether it carries macros."""

from __future__ import annotations

import struct

from documents.sandbox import RefusedError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END = 0xFFFFFFFA  # sector numbers from here on are marks
ENTRY = 128
KIND_OF_STREAM = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}
MACROS = frozenset({"_VBA_PROJECT", "VBA", "Macros", "_VBA_PROJECT_CUR"})
MOST_ENTRIES = 10_000


def kind(data: bytes) -> str:
    """doc, xls or ppt. RefusedError when it is none of them, is broken, or carries macros."""
    names = entries(data)
    if MACROS & names:
        raise RefusedError("unsafe")
    found = {KIND_OF_STREAM[name] for name in names if name in KIND_OF_STREAM}
    if len(found) != 1:
        raise RefusedError("mismatch")
    return found.pop()


def entries(data: bytes) -> set[str]:
    """The names of all storages and streams."""
    try:
        return _entries(data)
    except struct.error as error:
        raise RefusedError("broken") from error


def _entries(data: bytes) -> set[str]:
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if data[:8] != MAGIC or size not in (512, 4096):
        raise RefusedError("broken")
    table = _allocation_table(data, size)
    names: set[str] = set()
    sector, seen = struct.unpack_from("<I", data, 48)[0], 0
    while sector < END:
        block = _sector(data, sector, size)
        for start in range(0, size, ENTRY):
            length = struct.unpack_from("<H", block, start + 64)[0]
            if block[start + 66] and 2 <= length <= 64:
                names.add(block[start : start + length - 2].decode("utf-16-le", errors="replace"))
        seen += size // ENTRY
        if seen > MOST_ENTRIES or sector >= len(table):
            raise RefusedError("broken")
        sector = table[sector]
    return names


def _allocation_table(data: bytes, size: int) -> list[int]:
    """Which sector follows which. The first 109 parts of the table are named in the header: enough for 20 MB, where
    109 parts of 128 sectors of 512 bytes end at 6.8 MB; the rest hangs on a chain of its own."""
    parts = [number for number in struct.unpack_from("<109I", data, 76) if number < END]
    more, count = struct.unpack_from("<2I", data, 68)
    for _ in range(min(count, 64)):
        if more >= END:
            break
        numbers = struct.unpack(f"<{size // 4}I", _sector(data, more, size))
        parts += [number for number in numbers[:-1] if number < END]
        more = numbers[-1]
    table: list[int] = []
    for part in parts:
        table += struct.unpack(f"<{size // 4}I", _sector(data, part, size))
    return table


def _sector(data: bytes, number: int, size: int) -> bytes:
    start = (number + 1) * size
    block = data[start : start + size]
    if len(block) < size:
        raise RefusedError("broken")
    return block
