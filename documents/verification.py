"""The public check of a paper: no account, no script. Facts of the cover only; a code that was never given and one that
is no code at all get the same page."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common import fmt, ratelimit
from common.errors import NotVisible
from common.http import client_address
from common.render import render_form
from common.views import too_large, too_many
from documents.forms import CodeForm, CompareForm
from documents.models import Document
from documents.services.verify import hash_of, verify

CODE = re.compile(r"[A-Za-z0-9_-]{22}")
MINUTE = 60
MOST_MEGABYTES = 30


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """For who has the paper but no camera."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        code = "".join(form.cleaned_data["code"].split()).strip("/").rpartition("/")[2]
        return redirect("documents:verify", code=code) if CODE.fullmatch(code) else _unknown(request)
    return render_form(request, "documents/enter_code.html", {}, form=form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code opens; with a file, whether it is the archived one."""
    wait = ratelimit.hit("verify", client_address(request), limit=settings.VERIFY_PER_MINUTE, seconds=MINUTE)
    if wait:
        return too_many(request, wait)
    form = CompareForm(request.POST or None, request.FILES or None) if request.method == "POST" else CompareForm()
    sent = form.files.get("file") if form.is_bound and form.is_valid() else None
    if sent is not None and (sent.size or 0) > MOST_MEGABYTES * 1024 * 1024:
        return too_large(request, MOST_MEGABYTES)
    try:
        if not CODE.fullmatch(code):
            raise NotVisible
        found = verify(code, hash_of(sent.chunks()) if sent is not None else None)
    except NotVisible:
        return _unknown(request)
    context = {"found": found, "facts": _facts(found), "state": Document.State(found["state"]).label}
    return render_form(request, "documents/verify.html", context, form=form)


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "documents/unknown_code.html", {"form": CodeForm()}, status=404)


def _facts(found: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {"label": _("Title"), "text": found["title"]},
        {"label": _("Issued by"), "text": found["organ"]},
        {"label": _("Number"), "text": found["number"]},
        {"label": _("Date"), "text": fmt.full_date(date.fromisoformat(found["issued_on"]))},
        {
            "label": _("Size"),
            "text": fmt.file_size(found["size"]),
            "small": _("%(bytes)d bytes") % {"bytes": found["size"]},
        },
        {"label": "SHA-256", "text": found["sha256"]},
    ]
