"""The audit log: newest first, with conditions in the address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import role_page
from accounts.forms import AuditFilter, midnight
from accounts.messages import act_word, detail_text, kind_word, result_word
from accounts.models import AuditEntry
from accounts.rules import AUDIT_READERS
from common import clock
from common.pages import keyset, pager
from common.render import render_page

PAGE = 50


@role_page(*AUDIT_READERS)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    form = AuditFilter(request.GET)
    entries = AuditEntry.objects.visible_to(request.actor).for_list()
    if form.is_valid():
        entries = _filtered(entries, form.cleaned_data)
    page = keyset(entries, ["-id"], request.GET.get("cursor"), PAGE)
    context = {
        "form": form,
        "rows": [_row(entry) for entry in page.rows],
        "pager": pager(request, page) if page.next or page.previous else None,
        "filtered": form.is_valid() and any(form.cleaned_data.values()),
    }
    return render_page(request, "accounts/audit.html", context)


def _filtered(entries: QuerySet[AuditEntry], data: dict[str, Any]) -> QuerySet[AuditEntry]:
    conditions = {
        "user__username": data["user"],
        "act": data["act"],
        "object_ref": data["ref"],
        "at__gte": data["first"] and midnight(data["first"]),
        "at__lt": data["last"] and midnight(data["last"] + timedelta(days=1)),
    }
    return entries.filter(**{name: value for name, value in conditions.items() if value})


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {
        "at": f"{clock.local(entry.at):%Y-%m-%d %H:%M:%S}",
        "who": entry.user.name if entry.user else "",
        "nobody": _("Not signed in") if entry.address else _("The system"),
        "username": entry.user.username if entry.user else "",
        "post": str(entry.post.get_role_display()) if entry.post else "",
        "act": act_word(entry.act),
        "kind": kind_word(entry.object_kind),
        "ref": entry.object_ref,
        "result": result_word(entry.result),
        "bad": entry.result != "ok",
        "address": entry.address or "",
        "detail": detail_text(entry.detail),
    }
