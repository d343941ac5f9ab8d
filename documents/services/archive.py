"""Official papers: numbered, set, archived as bytes that never change; taken back, corrected, signed off."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor
from accounts.policy import can
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError, require
from documents import names, numbers, storage
from documents.enclosures import Enclosure, sums
from documents.models import Document, new_code
from documents.source import SUFFIX, Source

SIGNED_OFF = "signed off"  # the reason at a draft whose signed-off copy is there
# While a paper is set the transaction waits on a child process; the server's own limit for idle ones is shorter.
PATIENCE = "SET LOCAL idle_in_transaction_session_timeout = '200s'"


@transaction.atomic
def issue(
    *,
    actor: Actor,
    kind: str,
    title: str,
    organ: str,
    number_series: str,
    year: int,
    template: str,
    context: dict[str, Any],
    csvs: Iterable[Enclosure] = (),
    period: str = "",
    unit_id: int | None = None,
    readers: Sequence[int] = (),
    source_kind: str = "",
    source_id: int | None = None,
    replaces: Document | None = None,
    reason: str = "",
    at: datetime,
) -> Document:
    """Number, set and archive a paper; ``replaces`` is marked as corrected for ``reason``.

    Whether the actor may is asked by the caller. Takes seconds and holds the number series meanwhile: for the worker. A
    second call for the same kind and source answers with the paper that is there, unless it replaces one. Conflict when
    ``replaces`` is not valid any more; RenderingError when the paper can't be set.
    """
    series = numbers.lock(number_series, year)
    if replaces is None and source_id is not None:
        made = Document.objects.filter(kind=kind, source_kind=source_kind, source_id=source_id, state="valid").first()
        if made:
            return made
    if replaces is not None:
        replaces = _supersede(replaces.pk, reason)
    number = numbers.take(series)
    enclosures = tuple(csvs)
    if enclosures:
        enclosures += (sums(enclosures),)
    paper = {
        "kind": kind,
        "title": title,
        "organ": organ,
        "number": number,
        # A paper without enclosed data has no sum of it.
        "data_sha256": hashlib.sha256(enclosures[-1].data).hexdigest() if enclosures else "",
        **_printed(number="", day=clock.local(at).date(), shown=number),
    }
    row = Document(
        kind=kind, period=period, unit_id=unit_id, readers=sorted(readers), replaces=replaces, source_id=source_id
    )
    row.source_kind = source_kind
    return _archive(row, Source(template, context, paper, enclosures, at), actor, "issue")


@transaction.atomic
def record_official_number(
    *, actor: Actor, document_id: int, official_number: str, issued_on: date, at: datetime
) -> Document:
    """An officer enters the number and date under which the paper was signed. The archived bytes stay: a copy without
    the mark 送审稿 is set from the same source, as the next version of the same number, and replaces the draft."""
    document = _take_hold(actor, document_id, "record_official_number")
    if document.official_number:
        raise Conflict(_("The official number is already recorded."), state=document.state)
    official = _official(official_number, issued_on)
    _supersede(document.pk, SIGNED_OFF)
    source = Source.of(document)
    paper = source.paper | _printed(number=official, day=issued_on, shown=official)
    row = Document(
        kind=document.kind,
        version=document.version + 1,
        period=document.period,
        unit_id=document.unit_id,
        readers=document.readers,
        source_kind=document.source_kind,
        source_id=document.source_id,
        replaces=document,
    )
    return _archive(row, replace(source, paper=paper, at=at), actor, "record_official_number")


@transaction.atomic
def withdraw(*, actor: Actor, document_id: int, reason: str, at: datetime) -> Document:
    """Take a paper back: it stays in the archive and says so wherever it is checked."""
    document = _take_hold(actor, document_id, "withdraw")
    require(reason=(reason.strip(), _("Say why the document is withdrawn.")))
    document.state, document.reason = Document.State.WITHDRAWN, reason.strip()
    document.save(update_fields=["state", "reason"])
    audit.record(actor, "withdraw", "document", document.shown_number, reason=document.reason)
    return document


def verify_url(code: str) -> str:
    """What the QR code opens."""
    return settings.PUBLIC_URL + reverse("documents:verify", args=[code])


def reproduce(document: Document) -> bytes:
    """The paper set once more from its archived source: equal to the archived bytes, else one of the two was changed
    (or the fonts or the press are others than then)."""
    return Source.of(document).render().pdf


def _printed(*, number: str, day: date, shown: str) -> dict[str, Any]:
    code = new_code()
    return {
        "official_number": number,
        "shown_number": shown,
        "draft": not number,
        "issued_on": day.isoformat(),
        "code": code,
        "verify_url": verify_url(code),
    }


def _archive(row: Document, source: Source, actor: Actor, act: str) -> Document:
    with connection.cursor() as cursor:
        cursor.execute(PATIENCE)
    paper, path = source.paper, storage.new_path(storage.DOCUMENTS, ".pdf")
    rendered = source.render()
    row.size, row.sha256 = storage.write(path, [rendered.pdf])
    _size, row.source_sha256 = storage.write(path.removesuffix(".pdf") + SUFFIX, [source.dump()])
    row.path = path
    row.number, row.title, row.organ = paper["number"], paper["title"], paper["organ"]
    row.code, row.official_number, row.data_sha256 = paper["code"], paper["official_number"], paper["data_sha256"]
    row.issued_on, row.created_at = date.fromisoformat(paper["issued_on"]), source.at
    row.created_by = actor.posts[0] if actor.posts else None
    row.save(force_insert=True)
    audit.record(actor, act, "document", row.shown_number, sha256=row.sha256, pages=rendered.pages)
    return row


def _take_hold(actor: Actor, document_id: int, action: str) -> Document:
    """The locked row: visible (404), allowed (403), valid (409)."""
    rows = Document.objects.visible_to(actor).filter(pk=document_id)
    document = rows.select_for_update(of=("self",), no_key=True).first()
    if document is None:
        raise NotVisible
    if not can(actor, action, document):
        raise PermissionDenied
    if document.state != Document.State.VALID:
        raise Conflict(_("The document is not valid any more."), state=document.state)
    return document


def _supersede(pk: int, reason: str) -> Document:
    old = Document.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    if old.state != Document.State.VALID:
        raise Conflict(_("The document is not valid any more."), state=old.state)
    old.state, old.reason = Document.State.CORRECTED, reason
    old.save(update_fields=["state", "reason"])
    return old


def _official(number: str, issued_on: date) -> str:
    cleaned = number.strip()
    require(official_number=(cleaned, _("Enter the official number.")), issued_on=(issued_on, _("Enter the date.")))
    if len(cleaned) > 60 or names.deceives(cleaned):
        raise ValidationError({"official_number": [_("The number has at most 60 characters.")]})
    return cleaned
