"""Files that come in: checked, stored under a random name, hung on their subject."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from common.errors import ValidationError
from documents import names, registry, sandbox, storage
from documents.filetypes import TYPES
from documents.models import Attachment

log = logging.getLogger(__name__)

LIMITS = sandbox.Limits(cpu_seconds=10, wall_seconds=20, memory_mebibytes=640, file_mebibytes=1)

# Code → what the person is told. The API answers 413 for too_large, 415 for type, 400 for the others.
MESSAGES: dict[str, str | Promise] = {
    "too_large": _("The file is larger than %(megabytes)s MB."),
    "type": _(
        "Files of this type are not taken. Allowed: PDF, pictures (PNG, JPG, GIF, WebP), Word, Excel, PowerPoint, OFD, "
        "TXT, CSV, ZIP."
    ),
    "empty": _("The file is empty."),
    "mismatch": _("The content is not what the name of the file says."),
    "broken": _("The file is damaged and can't be opened."),
    "encrypted": _("The file is protected by a password. Please remove it, so that it can be checked."),
    "unsafe": _("The file carries a program, a script or macros, or names that deceive. Such files are not taken."),
    "nested": _("The archive holds another archive. Please attach the files themselves."),
    "bomb": _("The archive is too large when unpacked, or holds too many files."),
    "pixels": _("The picture has more than 40 million pixels. Please make it smaller."),
    "encoding": _("The text is neither UTF-8 nor GB18030. Please save it as UTF-8."),
    "unchecked": _("The file took too long to check. Please send it as a PDF."),
}


@dataclass(frozen=True)
class Prepared:
    """A checked file on the disk, without a row yet. What never gets one is removed at night."""

    name: str
    path: str
    size: int
    sha256: str
    mime: str


def prepare(file: File) -> Prepared:
    """Check and store an uploaded file. Takes up to a second: do it before the transaction that locks the case.

    ValidationError for ``file`` with one of the codes of MESSAGES.
    """
    name = names.clean(file.name or "")
    extension = names.extension(name)
    if extension not in TYPES:
        _refuse("type")
    if file.size is not None and file.size > settings.UPLOAD_MAX_BYTES:
        _refuse("too_large")
    path = storage.new_path(storage.ATTACHMENTS)
    part = path + storage.PART
    try:
        size, digest = storage.write(part, file.chunks(), settings.UPLOAD_MAX_BYTES)
        mime = _inspect(part, extension)
        storage.rename(part, path)
    except storage.TooLongError:
        _refuse("too_large")
    finally:
        storage.remove(part)
    return Prepared(name, path, size, digest, mime)


@transaction.atomic
def attach(
    *,
    actor: Actor,
    subject_kind: str,
    subject_id: int,
    file: File | Prepared,
    by: str,
    public: bool,
    unit_id: int | None = None,
    at: datetime,
) -> Attachment:
    """Hang a file on a subject whose kind was registered. Whether the actor may is asked by the caller.

    The row is part of the caller's transaction; the file of one that was rolled back is removed at night.
    """
    if not registry.known(subject_kind):
        raise LookupError(f"nobody answers for attachments of {subject_kind}")
    prepared = file if isinstance(file, Prepared) else prepare(file)
    post = actor.posts[0] if actor.posts else None
    return Attachment.objects.create(
        subject_kind=subject_kind,
        subject_id=subject_id,
        name=prepared.name,
        path=prepared.path,
        size=prepared.size,
        mime=prepared.mime,
        sha256=prepared.sha256,
        by=by,
        post=post,
        unit_id=unit_id,
        public=public,
        created_at=at,
    )


def _inspect(part: str, extension: str) -> str:
    order = json.dumps({"path": str(storage.full(part)), "extension": extension}).encode()
    try:
        answer = sandbox.run("documents.inspection.inspect", order, LIMITS)
    except sandbox.RefusedError as refusal:
        _refuse(str(refusal))
    except sandbox.SandboxError as error:
        log.warning("a file could not be checked: %s", error)
        _refuse("broken" if error.why == "crash" else "unchecked")
    return json.loads(answer)["mime"]


def _refuse(code: str) -> NoReturn:
    megabytes = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
    raise ValidationError({"file": [ValidationError(str(MESSAGES[code]), code=code, params={"megabytes": megabytes})]})
