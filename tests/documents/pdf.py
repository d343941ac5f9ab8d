"""Looking into a PDF: with pikepdf for its parts, with poppler for what a reader sees."""

from __future__ import annotations

import io
import re
import subprocess
from typing import Any, NamedTuple

import pikepdf


class Word(NamedTuple):
    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


def text(data: bytes, *options: str) -> str:
    return _poppler("pdftotext", data, "-enc", "UTF-8", *options)


def words(data: bytes) -> list[Word]:
    """Runs of text with their places in points from the top left of the sheet."""
    found, page = [], 0
    for line in text(data, "-bbox").splitlines():
        if "<page " in line:
            page += 1
        match = re.search(r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*)</word>', line)
        if match:
            left, top, right, bottom = map(float, match.groups()[:4])
            found.append(Word(page, match[5], left, top, right, bottom))
    return found


def fonts(data: bytes) -> list[tuple[str, bool]]:
    """Each font and whether it is in the file."""
    lines = _poppler("pdffonts", data).splitlines()[2:]
    return [(line.split()[0], re.split(r"\s+", line.strip())[-5] == "yes") for line in lines]


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def objects(data: bytes) -> list[Any]:
    with opened(data) as pdf:
        return [str(one.get("/Type", "")) + str(one.get("/Subtype", "")) for one in pdf.objects if _is_dictionary(one)]


def streams(data: bytes) -> bytes:
    """All that is in the file, unpacked."""
    with opened(data) as pdf:
        return b"\n".join(one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream) and _readable(one))


def enclosures(data: bytes) -> dict[str, bytes]:
    with opened(data) as pdf:
        return {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}


def _is_dictionary(one: Any) -> bool:
    return isinstance(one, (pikepdf.Dictionary, pikepdf.Stream))


def _readable(one: pikepdf.Stream) -> bool:
    return "/DCTDecode" not in str(one.get("/Filter", ""))


def _poppler(program: str, data: bytes, *options: str) -> str:
    command = [program, *options, "-"] + (["-"] if program == "pdftotext" else [])
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    return done.stdout.decode()
