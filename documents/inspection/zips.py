"""Zip archives and the office formats that are zips: counted, unpacked in a stream, never to disk."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from typing import BinaryIO

from documents import names
from documents.filetypes import ARCHIVES, MOST_ENTRIES, MOST_RATIO, MOST_UNPACKED, OFFICE, UNWELCOME
from documents.sandbox import RefusedError

CHUNK = 1 << 18
DEPTH = 2  # a workbook in a text document in an archive
ENCRYPTED = 0x1
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
PROOF = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx", "OFD.xml": "ofd"}
MACROS = ("vbaproject.bin", "vbadata.xml", "macroenabled", "xl/macrosheets/", "activex/activex")
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))


class Budget:
    """What all levels together may still unpack."""

    def __init__(self, packed: int) -> None:
        self.entries = MOST_ENTRIES
        self.bytes = MOST_UNPACKED
        self.packed = max(packed, 1)
        self.unpacked = 0

    def take(self, entries: int) -> None:
        self.entries -= entries
        if self.entries < 0:
            raise RefusedError("bomb")

    def grow(self, size: int) -> None:
        self.unpacked += size
        if self.unpacked > self.bytes or self.unpacked > max(self.packed * MOST_RATIO, CHUNK):
            raise RefusedError("bomb")


def kind(file: BinaryIO, packed: int) -> str:
    """docx, xlsx, pptx, ofd or zip. RefusedError when it is broken, too big unpacked, or carries what it may not."""
    return _kind(file, Budget(packed), DEPTH)


def _kind(file: BinaryIO, budget: Budget, depth: int) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            return _contents(archive, budget, depth)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise RefusedError("broken") from error


def _contents(archive: zipfile.ZipFile, budget: Budget, depth: int) -> str:
    if archive.start_dir and not _begins_as_zip(archive):
        raise RefusedError("mismatch")
    entries = archive.infolist()
    budget.take(len(entries))
    if sum(entry.file_size for entry in entries) > budget.bytes:
        raise RefusedError("bomb")
    there = {entry.filename for entry in entries}
    found = {office for proof, office in PROOF.items() if proof in there}
    if len(found) > 1 or ("[Content_Types].xml" in there) != bool(found & {"docx", "xlsx", "pptx"}):
        raise RefusedError("mismatch")
    office = found.pop() if found else ""
    for entry in entries:
        _check_name(entry, office)
        _check_content(archive, entry, budget, office, depth)
    return office or "zip"


def _begins_as_zip(archive: zipfile.ZipFile) -> bool:
    """The archive is the whole file: nothing in front of it that another program would read instead."""
    file = archive.fp
    assert file is not None
    file.seek(0)
    return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _check_name(entry: zipfile.ZipInfo, office: str) -> None:
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/") or names.deceives(name):
        raise RefusedError("unsafe")
    if entry.flag_bits & ENCRYPTED:
        raise RefusedError("encrypted")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise RefusedError("unsafe")
    lowered = name.lower()
    if office and any(mark in lowered for mark in MACROS):
        raise RefusedError("unsafe")
    if not office and _extension(lowered) in UNWELCOME:
        raise RefusedError("nested" if _extension(lowered) in ARCHIVES else "unsafe")


def _check_content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget, office: str, depth: int) -> None:
    """Unpack it to the end: sizes that were told may be lies, and a broken sum is found here."""
    if entry.is_dir():
        return
    inner = _extension(entry.filename.lower()) in OFFICE and depth > 0
    kept = io.BytesIO() if inner else None
    # OFD and OOXML never declare a document type: whoever does wants an entity expanded.
    markup = bool(office) and entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    before = b""
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            budget.grow(len(chunk))
            if not before and (chunk.startswith(PROGRAMS) or (chunk.startswith(PACKED) and not inner)):
                raise RefusedError("nested" if chunk.startswith(PACKED) else "unsafe")
            if markup and any(mark in before + chunk for mark in DECLARATIONS):
                raise RefusedError("unsafe")
            if entry.filename == "[Content_Types].xml" and b"macroEnabled" in before + chunk:
                raise RefusedError("unsafe")
            before = chunk[-64:]
            if kept is not None:
                kept.write(chunk)
    if kept is not None and _kind(kept, budget, depth - 1) != _extension(entry.filename.lower()):
        raise RefusedError("mismatch")


def _extension(name: str) -> str:
    """Of the last part; a Mac's ``._`` twins hold no such file."""
    last = name.rsplit("/", 1)[-1]
    return "" if last.startswith("._") else last.rpartition(".")[2].strip() if "." in last else ""
