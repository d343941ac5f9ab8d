"""The edges of papers: attachments out, the library, the page of one document."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages as flash
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import Actor
from accounts.decorators import staff_page
from accounts.policy import can
from common import clock, fmt
from common.errors import NotVisible, PermissionDenied
from common.pages import keyset, pager
from common.render import render_form, render_page
from documents import registry, serving
from documents.forms import FilterForm, OfficialNumberForm, WithdrawForm
from documents.models import Attachment, Document
from documents.services import archive

PAGE = 50


@require_safe
def attachment(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """A file of a case, for whom the case's own policy lets read it. ``name`` is for people; the key decides."""
    found = Attachment.objects.filter(pk=pk).first()
    if found is None or not registry.may_read(request.actor, found):
        raise NotVisible
    return serving.attachment(found, request.actor)


@staff_page
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    rows = Document.objects.visible_to(request.actor).last_versions().for_list()
    if form.is_valid():
        rows = rows.narrowed(**form.cleaned_data)
    page = keyset(rows, ["-id"], request.GET.get("cursor"), PAGE)
    context = {
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "rows": [_row(document) for document in page.rows],
        "pager": pager(request, page) if page.next or page.previous else None,
    }
    return render_page(request, "documents/library.html", context)


@staff_page
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    document = _visible(request.actor, pk)
    crumbs = [{"label": _("Documents"), "url": reverse("documents:library")}, {"label": document.shown_number}]
    valid = document.state == Document.State.VALID
    context = {
        "crumbs": crumbs,
        "document": document,
        "facts": _facts(document),
        "state": _state(document),
        "newer": None if valid else _link(document.newest(), document),
        "older": _link(document.replaces, document) if document.replaces else None,
        "can_record": valid and not document.official_number and can(request.actor, "record_official_number", document),
        "can_withdraw": valid and can(request.actor, "withdraw", document),
    }
    return render_page(request, "documents/detail.html", context)


@staff_page
@require_safe
def download(request: HttpRequest, pk: int) -> FileResponse:
    return serving.document(_visible(request.actor, pk), request.actor, at=clock.now())


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def record_official_number(request: HttpRequest, pk: int) -> HttpResponse:
    document = _offered(request.actor, "record_official_number", pk)
    form = OfficialNumberForm(request.POST or None, initial={"official_number": document.number})
    if form.is_valid():
        copy = archive.record_official_number(actor=request.actor, document_id=pk, at=clock.now(), **form.cleaned_data)
        flash.success(request, _("The signed-off copy %(number)s is archived.") % {"number": copy.shown_number})
        return redirect("documents:detail", pk=copy.pk)
    lede = _(
        "A copy without the mark “draft for signature” is archived in its place. The draft stays and points to it."
    )
    return _form(request, document, form, _("Record the official number"), lede)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    document = _offered(request.actor, "withdraw", pk)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        archive.withdraw(actor=request.actor, document_id=pk, at=clock.now(), **form.cleaned_data)
        flash.success(request, _("%(number)s is revoked.") % {"number": document.shown_number})
        return redirect("documents:detail", pk=pk)
    lede = _("Whoever checks the document will see that it is withdrawn. This can't be undone.")
    return _form(request, document, form, _("Withdraw the document"), lede)


def _state(document: Document) -> str:
    """A paper is revoked; the word “withdrawn” is that of cases."""
    revoked = document.state == Document.State.WITHDRAWN
    return _("revoked") if revoked else str(document.get_state_display())


def _visible(actor: Actor, pk: int) -> Document:
    rows = Document.objects.visible_to(actor).select_related("unit", "replaces", "replaced_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def _offered(actor: Actor, action: str, pk: int) -> Document:
    """The form is offered only to whom the verb would not refuse."""
    document = _visible(actor, pk)
    if not can(actor, action, document):
        raise PermissionDenied
    return document


def _form(request: HttpRequest, document: Document, form: Any, title: str, lede: str) -> HttpResponse:
    here = reverse("documents:detail", args=[document.pk])
    crumbs = [
        {"label": _("Documents"), "url": reverse("documents:library")},
        {"label": document.shown_number, "url": here},
        {"label": title},
    ]
    context = {
        "title": f"{title}：{document.shown_number}",
        "lede": lede,
        "submit": title,
        "cancel": here,
        "crumbs": crumbs,
    }
    return render_form(request, "form.html", context, form=form)


def _row(document: Document) -> dict[str, Any]:
    return {
        "number": document.shown_number,
        "title": document.title,
        "kind": str(document.get_kind_display()),
        "unit": document.unit.name if document.unit else "",
        "issued": fmt.full_date(document.issued_on),
        "state": _state(document),
        "valid": document.state == Document.State.VALID,
        "draft": not document.official_number,
        "url": reverse("documents:detail", args=[document.pk]),
        "file": reverse("documents:download", args=[document.pk]),
        "verify": reverse("documents:verify", args=[document.code]),
    }


def _facts(document: Document) -> list[dict[str, str]]:
    waiting = _("not recorded yet") if document.state == Document.State.VALID else ""
    facts = [
        {"label": _("Number"), "text": document.number},
        {"label": _("Official number"), "text": document.official_number or waiting},
        {"label": _("Issued by"), "text": document.organ},
        {"label": _("Date"), "text": fmt.full_date(document.issued_on)},
        {"label": _("Month"), "text": _month(document.period)},
        {"label": _("Unit"), "text": document.unit.name if document.unit else ""},
        {"label": _("Size"), "text": fmt.file_size(document.size)},
        {"label": "SHA-256", "text": document.sha256},
        {"label": _("Data"), "text": document.data_sha256, "small": _("SHA-256 of the list of enclosed files")},
        {"label": _("Reason"), "text": "" if document.reason == archive.SIGNED_OFF else document.reason},
    ]
    return [fact for fact in facts if fact["text"]]


def _month(period: str) -> str:
    return fmt.month(date.fromisoformat(f"{period}-01")) if period else ""


def _link(other: Document, document: Document) -> dict[str, str]:
    signed_off = other.number == document.number
    return {
        "url": reverse("documents:detail", args=[other.pk]),
        "number": other.shown_number,
        "words": _("the signed-off copy") if signed_off and other.version > document.version else "",
    }
