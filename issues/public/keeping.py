"""Files that were chosen before a mistake elsewhere in the form was found: a browser can't be told to choose them
again, so they stay on the disk and the form carries a signed list of them. What is never sent is removed at night."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.core import signing
from django.core.files import File

from common.errors import ValidationError
from documents import storage
from documents.services.attach import Prepared, prepare

MOST = 10
_AGE = 12 * 3600  # shorter than the night's grace for files without a row


def sign(files: list[Prepared], key: str) -> str:
    """The list as a hidden field; it holds for the form with this key alone."""
    return signing.dumps([asdict(file) for file in files], salt=_salt(key), compress=True) if files else ""


def read(value: str, key: str) -> list[Prepared]:
    """The files of a signed list that still lie on the disk; none when the list is not ours."""
    if not value:
        return []
    try:
        rows: list[dict[str, Any]] = signing.loads(value, salt=_salt(key), max_age=_AGE)
    except signing.BadSignature:
        return []
    return [file for file in (Prepared(**row) for row in rows) if storage.full(file.path).is_file()]


def prepare_all(files: Iterable[File]) -> tuple[list[Prepared], list[str]]:
    """Check each file; those that are sound, and what is wrong with the others, each with its name."""
    sound: list[Prepared] = []
    mistakes: list[str] = []
    for file in files:
        try:
            sound.append(prepare(file))
        except ValidationError as wrong:
            mistakes += [f"{(file.name or '')[:80]}：{text}" for text in wrong.messages]
    return sound, mistakes


def _salt(key: str) -> str:
    return f"issues.public.keeping:{key}"
