"""The list as a file: what the address finds, or what was picked."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.decorators import staff_page
from common import clock
from documents import names
from issues import exports, filters
from issues.models import Issue


@staff_page
@require_safe
def filtered(request: HttpRequest, kind: str) -> HttpResponse:
    """``kind`` is xlsx or csv; at most ten thousand rows, in the order of the list."""
    found = filters.find(request.GET, request.actor, clock.now())
    return _file(request, found.rows.order_by(*filters.ORDERS[found.order].fields), kind)


def of_issues(request: HttpRequest, keys: list[int]) -> HttpResponse:
    rows = Issue.objects.visible_to(request.actor).filter(pk__in=keys).order_by("-submitted_at", "-id")
    return _file(request, rows, "xlsx")


def _file(request: HttpRequest, rows: QuerySet[Issue], kind: str) -> HttpResponse:
    if kind not in ("xlsx", "csv"):
        raise Http404
    now = clock.now()
    lines = list(exports.lines(rows, request.actor, now))
    audit.record(request.actor, "export", "issues", kind, rows=len(lines), query=request.GET.urlencode()[:500])
    data = exports.xlsx(iter(lines)) if kind == "xlsx" else exports.as_csv(iter(lines))
    response = HttpResponse(data, content_type=exports.XLSX if kind == "xlsx" else exports.CSV)
    response["Content-Disposition"] = names.disposition(exports.file_name(now, kind))
    response["Cache-Control"] = "private, no-store"
    return response
