"""Is this paper ours, does it still hold, is the file the archived one? Open to everybody who has the code."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from common.errors import NotVisible, ValidationError
from documents.models import Document
from documents.services.archive import verify_url

SUM = re.compile(r"[0-9a-f]{64}")


def verify(code: str, sha256: str | None = None) -> dict[str, Any]:
    """What stands on the cover of the paper with this code, its state, and the one that replaced it. ``matches`` tells
    whether ``sha256`` is that of the archived file, None without one. NotVisible for a code that was never given."""
    document = Document.objects.select_related("replaced_by").filter(code=code).first()
    if document is None:
        raise NotVisible
    newest = document.newest()
    return {
        "code": document.code,
        "number": document.shown_number,
        "title": document.title,
        "organ": document.organ,
        "kind": document.kind,
        "issued_on": document.issued_on.isoformat(),
        "state": document.state,
        "draft": not document.official_number,
        "size": document.size,
        "sha256": document.sha256,
        "data_sha256": document.data_sha256,
        "matches": None if sha256 is None else _sum(sha256) == document.sha256,
        "newer": None if newest == document else _newer(newest, document),
    }


def hash_of(chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _newer(newest: Document, document: Document) -> dict[str, Any]:
    return {
        "number": newest.shown_number,
        "code": newest.code,
        "url": verify_url(newest.code),
        "state": newest.state,
        "signed_off": newest.number == document.number,
    }


def _sum(text: str) -> str:
    found = text.strip().lower()
    if not SUM.fullmatch(found):
        raise ValidationError({"sha256": [_("A SHA-256 has 64 hexadecimal digits.")]})
    return found
