"""How stored files leave: as downloads that no browser runs, and never into a cache."""

from __future__ import annotations

import hashlib
import io
import logging
from datetime import datetime
from typing import IO

from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor
from common.errors import Conflict, NotVisible
from documents import names, storage
from documents.models import Attachment, Document, Download

log = logging.getLogger(__name__)

# If a browser shows it after all, it may do nothing.
POLICY = "default-src 'none'; sandbox"


def attachment(found: Attachment, actor: Actor) -> FileResponse:
    """The file of an attachment, with its entry in the audit trail. The caller has asked whether the actor may."""
    try:
        file = storage.full(found.path).open("rb")
    except FileNotFoundError:
        log.error("attachment %s has no file", found.pk)
        raise NotVisible from None
    audit.record(actor, "download", "attachment", found.pk, subject=f"{found.subject_kind} {found.subject_id}")
    return download(file, name=found.name, mime=found.mime)


def document(found: Document, actor: Actor, *, at: datetime) -> FileResponse:
    """The archived bytes, if they still are what was archived; each download leaves a row. The caller has asked whether
    the actor may. Conflict when the file was changed or is gone: then nobody gets it."""
    try:
        data = storage.full(found.path).read_bytes()
    except FileNotFoundError:
        data = b""
    if hashlib.sha256(data).hexdigest() != found.sha256:
        log.error("document %s is not what was archived", found.pk)
        audit.record(actor, "download", "document", found.shown_number, audit.FAILED)
        raise Conflict(_("The archived file is damaged and is not handed out. Please tell the system administrator."))
    with transaction.atomic():
        post = actor.posts[0] if len(actor.posts) == 1 else None
        Download.objects.create(document=found, at=at, post=post, user=actor.user, address=actor.address)
        audit.record(actor, "download", "document", found.shown_number, sha256=found.sha256)
    return download(io.BytesIO(data), name=f"{found.shown_number} {found.title}.pdf", mime="application/pdf")


def download(file: IO[bytes], *, name: str, mime: str) -> FileResponse:
    response = FileResponse(file, content_type=mime)
    response["Content-Disposition"] = names.disposition(name)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
