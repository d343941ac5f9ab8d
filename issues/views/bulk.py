"""Bulk: the list of effects first, then the confirmation, then a result for each row."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import staff_page
from common.render import render_page
from issues.forms import BulkAssignForm
from issues.pages import bulkacts
from issues.views import export


@staff_page
@require_POST
def index(request: HttpRequest) -> HttpResponse:
    kind = request.POST.get("do", "")
    if kind not in bulkacts.LABELS:
        return HttpResponseBadRequest()
    issues = bulkacts.picked(request.POST, request.actor, request.GET.urlencode())
    if not issues:
        return redirect(f"{reverse('issues:list')}?{request.GET.urlencode()}")
    if kind == bulkacts.EXPORT:
        return export.of_issues(request, [issue.pk for issue in issues])
    if request.POST.get("confirm") == "1":
        return _carry_out(request, kind, issues)
    form = BulkAssignForm(auto_id="f-%s") if kind == bulkacts.ASSIGN else None
    return _effects(request, kind, issues, form)


def _effects(request: HttpRequest, kind: str, issues: list[Any], form: Any, status: int = 200) -> HttpResponse:
    rows = bulkacts.effects(kind, issues, request.actor)
    context = _base(request, kind) | {"rows": rows, "able": sum(row.can for row in rows), "form": form}
    return render_page(request, "issues/bulk.html", context, status=status)


def _carry_out(request: HttpRequest, kind: str, issues: list[Any]) -> HttpResponse:
    fields: dict[str, Any] = {}
    if kind == bulkacts.ASSIGN:
        form = BulkAssignForm(request.POST, auto_id="f-%s")
        if not form.is_valid():
            return _effects(request, kind, issues, form, status=422)
        fields = form.verb_fields()
    seen = bulkacts.versions(request.POST)
    able = [row.issue for row in bulkacts.effects(kind, issues, request.actor) if row.can and row.issue.number in seen]
    rows = bulkacts.carry_out(kind, able, request.actor, seen, fields)
    context = _base(request, kind) | {"rows": rows, "done": True, "count": sum(row.can for row in rows)}
    return render_page(request, "issues/bulk.html", context)


def _base(request: HttpRequest, kind: str) -> dict[str, Any]:
    query = request.GET.urlencode()
    back = reverse("issues:list") + (f"?{query}" if query else "")
    return {
        "kind": kind,
        "label": bulkacts.LABELS[kind],
        "back": back,
        "query": query,
        "crumbs": [{"label": _("Issues"), "url": back}, {"label": bulkacts.LABELS[kind]}],
    }
