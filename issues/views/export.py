"""The list as a file: what the address finds, or what was picked."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import staff_page
from common import clock
from documents import sheets
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
    if kind not in sheets.KINDS:
        raise Http404
    lines = exports.lines(rows, request.actor, clock.now())
    return sheets.answer(request, "issues", _("Issues"), exports.heading(), lines, kind=kind)
