"""The list of issues: filters in the address, keyset pages, flat rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import staff_page
from common import clock
from common.pages import keyset, pager
from common.render import render_page
from issues import filters, policy
from issues.pages import bulkacts, listrows

PAGE = 50


@staff_page
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    found = filters.find(request.GET, request.actor, now)
    rows = found.rows.values(*listrows.COLUMNS)
    page = keyset(rows, filters.ORDERS[found.order].fields, request.GET.get("cursor"), PAGE)
    totals = listrows.totals(found.rows, now)
    context = {
        "rows": listrows.rows(request.actor, page.rows, now),
        "totals": totals,
        "filter": found.form,
        "more_open": bool(set(found.chosen) - FIRST),
        "chips": filters.chips(found, request.path),
        "clear_url": f"{request.path}?state={filters.ALL}",
        "tabs": listrows.tabs(request.actor, found),
        "pager": pager(request, page, pager_text(totals, found.order)),
        "sorts": sorts(found),
        "order": found.order,
        "export": export_urls(found),
        "bulk": bulkacts.choices(request.actor),
        "may_submit": policy.may_submit(request.actor),
        "all": request.GET.get("pick") == "all",
        "most": bulkacts.MOST,
        "pick_all": pick_all(request),
        "query": request.GET.urlencode(),
        "empty": [] if page.rows else ways_out(found),
    }
    return render_page(request, "issues/list.html", context, part="results")


FIRST = {"q", "state", "light", "unit", "due"}


def pick_all(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["pick"] = "all"
    return f"?{query.urlencode()}"


def pager_text(totals: dict[str, Any], order: str) -> str:
    count = _("%(n)s issues, %(order)s") % {"n": totals["text"], "order": filters.ORDERS[order].label}
    return "　".join((count, _("only those with a running deadline"))) if filters.ORDERS[order].only else count


def sorts(found: filters.Found) -> dict[str, str]:
    return {name: filters.address(reverse("issues:list"), found.chosen, name) for name in filters.ORDERS}


def export_urls(found: filters.Found) -> dict[str, str]:
    return {
        kind: filters.address(reverse("issues:export", args=[kind]), found.chosen, found.order)
        for kind in ("xlsx", "csv")
    }


def ways_out(found: filters.Found) -> list[dict[str, str]]:
    """Nothing found: which condition to leave out."""
    return [
        {"text": _("Without “%(condition)s”") % {"condition": chip["text"]}, "url": chip["url"]}
        for chip in filters.chips(found, reverse("issues:list"))
    ]
