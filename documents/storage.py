"""Files under MEDIA_ROOT: random names, written once, on the disk before their row is committed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

ATTACHMENTS = "attachments"
DOCUMENTS = "documents"
PART = ".part"


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def full(path: str) -> Path:
    """Where a stored ``path`` lies. It never leads out of MEDIA_ROOT, whatever stands in the row."""
    found = (root() / path).resolve()
    if not found.is_relative_to(root().resolve()):
        raise FileNotFoundError(path)
    return found


def new_path(area: str, suffix: str = "") -> str:
    name = secrets.token_hex(16)
    return f"{area}/{name[:2]}/{name}{suffix}"


class TooLongError(Exception):
    """More bytes than allowed."""


def write(path: str, chunks: Iterable[bytes], most: int | None = None) -> tuple[int, str]:
    """Write ``path`` and make sure that it outlives a power cut. Size and SHA-256; TooLongError past ``most`` bytes."""
    target = root() / path
    target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    size, digest = 0, hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if most is not None and size > most:
                    raise TooLongError
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        remove(path)
        raise
    _sync(target.parent)
    return size, digest.hexdigest()


def rename(path: str, to: str) -> None:
    target = root() / to
    target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    os.replace(root() / path, target)
    _sync(target.parent)


def remove(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        (root() / path).unlink()


def sha256(path: str) -> str:
    with full(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files(area: str) -> Iterator[list[Path]]:
    """The files of an area, folder by folder."""
    base = root() / area
    for folder in sorted(base.iterdir()) if base.is_dir() else ():
        if folder.is_dir():
            yield sorted(path for path in folder.iterdir() if path.is_file())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
