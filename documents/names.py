"""Names of files: what of a foreign name may be kept, and how it is told to a browser."""

from __future__ import annotations

import unicodedata
from typing import Final
from urllib.parse import quote

from documents.filetypes import MOST_NAME

# They turn the direction of writing, so that "报告‮fdp.exe" looks like a PDF.
TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
INVISIBLE: Final = frozenset("\u200b\u2060\ufeff\u00ad\u180e")
FORBIDDEN: Final = frozenset('<>:"|?*')


def deceives(name: str) -> bool:
    """Holds a control character or one that turns the direction of writing."""
    return any(letter in TURNING or unicodedata.category(letter) in ("Cc", "Cs") for letter in name)


def clean(name: str) -> str:
    """The last part of a path, without control, turning and invisible characters, at most 255 characters with its
    extension kept. "" when nothing is left."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(letter for letter in last if _may_stay(letter)).strip(" .\u3000")
    stem, dot, extension = kept.rpartition(".")
    if len(kept) <= MOST_NAME or not dot:
        return kept[:MOST_NAME]
    return f"{stem[: max(MOST_NAME - 1 - len(extension), 0)]}.{extension}"[:MOST_NAME]


def extension(name: str) -> str:
    """In lower case, without the dot; "" when there is none."""
    return name.rpartition(".")[2].lower() if "." in name.strip(".") else ""


def disposition(name: str) -> str:
    """``Content-Disposition`` for a download after RFC 6266: a plain name for old programs, the true one beside it."""
    plain = "".join(letter if letter.isascii() and letter not in '"\\%;' else "_" for letter in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _may_stay(letter: str) -> bool:
    if letter in TURNING or letter in INVISIBLE or letter in FORBIDDEN:
        return False
    return unicodedata.category(letter) not in ("Cc", "Cs", "Cn", "Co", "Zl", "Zp")
