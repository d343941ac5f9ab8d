"""What is read: the months, a month's ranking, why a score is what it is, the cases behind a figure."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.decorators import staff_page
from accounts.policy import can
from assessments import casetable, finding, periods, ranking, why
from assessments.models import Run
from assessments.states import COMPLETION
from common import clock
from common.pages import keyset, pager
from common.render import render_page
from documents.enclosures import harmless

PAGE = 50


@staff_page
@require_safe
def months(request: HttpRequest) -> HttpResponse:
    last = periods.before(periods.month_of(clock.now()))
    missing = can(request.actor, "assess", Run) and not Run.objects.filter(month=last, version__gt=0).exists()
    context = {"rows": ranking.months(request.actor), "missing": last if missing else ""}
    return render_page(request, "assessments/months.html", context)


@staff_page
@require_safe
def month(request: HttpRequest, month: str) -> HttpResponse:
    return _month(request, finding.run(request.actor, month, request.GET.get("version")))


@staff_page
@require_safe
def rehearsal(request: HttpRequest, month: str) -> HttpResponse:
    return _month(request, finding.run(request.actor, month, 0))


def _month(request: HttpRequest, run: Run) -> HttpResponse:
    acts = ranking.acts(request.actor, run)
    context = {
        "title": ranking.title(run),
        "lede": ranking.lede(run),
        "aside": ranking.aside(run),
        "run": run,
        "groups": ranking.groups(request.actor, run),
        "contests": ranking.contests(request.actor, run),
        "primary": acts[0] if acts else None,
        "acts": acts[1:],
        "versions": [
            {"label": ranking.state_of(one), "url": ranking.address(one)} for one in finding.others(request.actor, run)
        ],
        "document": ranking.paper(request.actor, run),
    }
    return render_page(request, "assessments/month.html", context)


@staff_page
@require_safe
def why_page(request: HttpRequest, month: str, unit: str, group: str) -> HttpResponse:
    run = finding.run(request.actor, month, request.GET.get("version"))
    row = finding.result(request.actor, run, unit, group)
    return render_page(request, "assessments/why.html", why.page(request.actor, row))


@staff_page
@require_safe
def cases(request: HttpRequest, month: str, unit: str, group: str) -> HttpResponse:
    """The cases of one figure (``?indicator=``) or all; ``?only=lost`` those that cost something."""
    actor, row = request.actor, _result(request, month, unit, group)
    indicator = _indicator(request)
    lost = request.GET.get("only") == "lost"
    found = casetable.cases(actor, row, indicator, lost=lost)
    page = keyset(found, casetable.ORDER, request.GET.get("cursor"), PAGE)
    context = {
        "title": _("%(unit)s, %(month)s: the cases") % {"unit": row.unit_name, "month": ranking.month_label(row.run)},
        "crumbs": [*why.crumbs(row, ""), {"label": _("Cases"), "url": ""}],
        "row": row,
        "rows": casetable.rows(actor, row, page.rows),
        "tabs": casetable.filters(actor, row, indicator),
        "summary": casetable.summary(row, indicator, casetable.hidden(actor, row, indicator, lost=lost)),
        "combined": why.combined(row),
        "explain": indicator in ("", COMPLETION),
        "may_contest": why.may_contest(actor, row),
        "csv_url": ranking.address(row.run, "cases_csv", row.unit.code, row.group, indicator=indicator),
        "pager": pager(request, page) if page.next or page.previous else None,
    }
    context["crumbs"][3] = {"label": row.unit_name, "url": ranking.why_url(row.run, row)}
    return render_page(request, "assessments/cases.html", context)


@staff_page
@require_safe
def cases_csv(request: HttpRequest, month: str, unit: str, group: str) -> StreamingHttpResponse:
    row = _result(request, month, unit, group)
    audit.record(request.actor, "export", "assessment", f"{row.run.month} {row.unit.code}", rows="cases")
    lines = casetable.csv_rows(request.actor, row, _indicator(request))
    response = StreamingHttpResponse(_written(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.run.month}-{row.pk}.csv"'
    return response


class _Echo:
    def write(self, value: str) -> str:
        return value


def _written(lines: Iterator[list[Any]]) -> Iterator[str]:
    """CSV that spreadsheets open as Chinese text, no cell a formula."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for cells in lines:
        yield writer.writerow([harmless(cell) for cell in cells])


def _result(request: HttpRequest, month: str, unit: str, group: str) -> Any:
    run = finding.run(request.actor, month, request.GET.get("version"))
    return finding.result(request.actor, run, unit, group)


def _indicator(request: HttpRequest) -> str:
    wanted = request.GET.get("indicator", "")
    return wanted if wanted in casetable.CODES else ""
