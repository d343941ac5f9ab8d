"""Is a file what its name says? Runs in the sandbox: what opens foreign files can't take the server along.

In: ``{"path", "extension"}`` as JSON; out: ``{"mime"}``. RefusedError with one word: empty, mismatch, broken,
encrypted, bomb, nested, unsafe, pixels, encoding.
"""

from __future__ import annotations

import json
import re
import warnings
import zipfile
from pathlib import Path

import filetype

from documents.filetypes import IMAGES, MOST_PIXELS, OLE, TEXTS, TYPES, ZIPPED
from documents.inspection import ole, zips
from documents.sandbox import RefusedError

# What a program would take for more than words: pages, scripts, PostScript, PDF, rich text.
ACTIVE = re.compile(rb"<[A-Za-z!?/]|#!|%!|%PDF|\{\\rtf|@echo", re.IGNORECASE)
END_OF_PDF = b"%%EOF"


def work(payload: bytes) -> bytes:
    order = json.loads(payload)
    return json.dumps({"mime": mime(Path(order["path"]), order["extension"])}).encode()


def mime(path: Path, extension: str) -> str:
    """The type to serve it with, once its name, its first bytes and its whole content agree."""
    if not path.stat().st_size:
        raise RefusedError("empty")
    if extension in TEXTS:
        return _text(path, extension)
    if extension in ZIPPED:
        return _zip(path, extension)
    # A file that is also an archive is read as one thing here and as another elsewhere.
    if zipfile.is_zipfile(path):
        raise RefusedError("mismatch")
    if extension in OLE:
        if ole.kind(path.read_bytes()) != extension:
            raise RefusedError("mismatch")
        return TYPES[extension]
    if filetype.guess_mime(str(path)) != TYPES[extension]:
        raise RefusedError("mismatch")
    if extension in IMAGES:
        _image(path, extension)
    else:
        _pdf(path)
    return TYPES[extension]


def _zip(path: Path, extension: str) -> str:
    with path.open("rb") as file:
        if zips.kind(file, path.stat().st_size) != extension:
            raise RefusedError("mismatch")
    return TYPES[extension]


def _text(path: Path, extension: str) -> str:
    data = path.read_bytes()
    if ACTIVE.match(data.lstrip(b"\xef\xbb\xbf \t\r\n")):
        raise RefusedError("mismatch")
    if any(byte < 32 and byte not in (9, 10, 11, 12, 13, 26) for byte in set(data)):
        raise RefusedError("encoding")
    for encoding in ("utf-8", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return f"text/{'csv' if extension == 'csv' else 'plain'}; charset={encoding}"
    raise RefusedError("encoding")


def _image(path: Path, extension: str) -> None:
    from PIL import Image

    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = None  # our own limit comes first, and is told as such
    Image.init()
    try:
        with Image.open(path, formats=[IMAGES[extension]]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise RefusedError("pixels")
            image.verify()
        with Image.open(path, formats=[IMAGES[extension]]) as image:
            image.load()
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise RefusedError("broken") from error


def _pdf(path: Path) -> None:
    import pikepdf

    data = path.read_bytes()
    if not data.startswith(b"%PDF-") or END_OF_PDF not in data[-2048:]:
        raise RefusedError("mismatch" if not data.startswith(b"%PDF-") else "broken")
    try:
        with pikepdf.open(path) as pdf:
            if not len(pdf.pages):
                raise RefusedError("broken")
    except pikepdf.PasswordError as error:
        raise RefusedError("encrypted") from error
    except pikepdf.PdfError as error:
        raise RefusedError("broken") from error
