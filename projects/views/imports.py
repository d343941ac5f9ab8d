"""The list of projects as a workbook: sent in, looked at, taken over, taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import role_page
from common import clock, fmt
from common.errors import Conflict, NotVisible
from common.forms import form_page
from common.render import render_page
from documents import sheets
from projects import policy, services
from projects.imports import books, run
from projects.models import ProjectImport
from projects.services.imports import UNDO_WITHIN, WAITING
from projects.states import ImportState

SHOWN, LISTED = 100, 20
desk_page = role_page(*policy.DESK)


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Workbook"),
        help_text=gettext_lazy("An Excel workbook (.xlsx) under the headings of the template, at most 5,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def check_import(request: HttpRequest) -> HttpResponse:
    rows = ProjectImport.objects.visible_to(request.actor).select_related("by").defer("problems", "changes", "before")
    lede = _("It is only compared first: you see what is new, what changes and what is wrong; nothing is written.")
    return form_page(
        request,
        ImportForm(request.POST or None, request.FILES or None),
        verb=lambda data: services.check_import(actor=request.actor, file=data["file"]),
        to=_url,
        told=_("The workbook is being checked."),
        context={
            "title": _("Import projects"),
            "submit": _("Check it"),
            "cancel": reverse("projects:projects"),
            "lede": lede,
            "crumbs": _crumbs(),
            "rows": [_line(row) for row in rows[:LISTED]],
        },
        template="projects/import_new.html",
    )


@desk_page
@require_safe
def import_template(request: HttpRequest) -> HttpResponse:
    return sheets.download(books.template(), _("List of projects template") + ".xlsx")


@desk_page
@require_safe
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _find(request, pk))


@desk_page
@require_safe
def import_mistakes(request: HttpRequest, pk: int) -> HttpResponse:
    row = _find(request, pk)
    if not row.problems:
        raise NotVisible
    return sheets.download(books.mistakes(row), _("Mistakes of list %(n)d") % {"n": row.pk} + ".xlsx")


@desk_page
@require_POST
def apply_import(request: HttpRequest, pk: int) -> HttpResponse:
    services.apply_import(actor=request.actor, import_id=pk)
    return HttpResponseRedirect(reverse("projects:import_page", args=[pk]))


@desk_page
@require_POST
def undo_import(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        row = services.undo_import(actor=request.actor, import_id=pk)
    except Conflict as conflict:
        if "by" not in conflict.facts:
            raise
        return _page(request, _find(request, pk), in_the_way=conflict.facts["by"], status=409)
    flash.success(request, _("The import is undone: everything is as before."))
    return HttpResponseRedirect(_url(row))


def _find(request: HttpRequest, pk: int) -> ProjectImport:
    row = ProjectImport.objects.visible_to(request.actor).select_related("by").filter(pk=pk).first()
    if row is None:
        raise NotVisible
    return row


def _url(row: ProjectImport) -> str:
    return reverse("projects:import_page", args=[row.pk])


def _page(
    request: HttpRequest, row: ProjectImport, *, in_the_way: list[str] | None = None, status: int = 200
) -> HttpResponse:
    counts = run.counts(row)
    kinds = {"problems": len(row.problems), "changed": counts["changed"], "new": counts["new"]}
    kind = request.GET.get("show", "")
    kind = kind if kind in kinds else next((name for name, many in kinds.items() if many), "new")
    start = _start(request)
    bad = len({problem[0] for problem in row.problems if problem[5] == "error"})
    context = {
        "row": row,
        "state": row.get_state_display(),
        "by": row.by.name if row.by else _("System"),
        "at": fmt.cn_datetime(row.uploaded_at),
        "waits": row.state in WAITING,
        "crumbs": [*_crumbs()[:-1], {"label": _("Import projects"), "url": reverse("projects:check_import")},
                   {"label": row.name, "url": ""}],
        "figures": _figures(row, counts, bad),
        "tabs": _tabs(row, kinds, kind),
        "kind": kind,
        "listed": _listed(row, kind, start),
        "pager": _pager(row, kind, start, kinds[kind]),
        "may_apply": row.state == ImportState.CHECKED and bool(row.changes),
        "may_undo": _may_undo(row),
        "undo_until": fmt.cn_datetime(row.applied_at + UNDO_WITHIN) if row.applied_at else "",
        "in_the_way": in_the_way,
    }  # fmt: skip
    return render_page(request, "projects/import.html", context, status=status)


def _may_undo(row: ProjectImport) -> bool:
    fresh = row.applied_at is not None and clock.now() - row.applied_at <= UNDO_WITHIN
    return row.state == ImportState.APPLIED and fresh


def _start(request: HttpRequest) -> int:
    text = request.GET.get("from", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _figures(row: ProjectImport, counts: dict[str, int], bad: int) -> list[dict[str, Any]]:
    unchanged = max(0, row.rows - len(row.changes) - bad)
    told = [(_("Rows"), row.rows), (_("New"), counts["new"]), (_("Changed"), counts["changed"])]
    told += [(_("Unchanged"), unchanged), (_("Rows with mistakes"), bad)]
    return [{"label": label, "value": fmt.count(value), "unit": _("rows")} for label, value in told]


def _tabs(row: ProjectImport, kinds: dict[str, int], kind: str) -> list[dict[str, Any]]:
    labels = {"problems": _("Mistakes and hints"), "changed": _("Changed"), "new": _("New")}
    return [
        {"label": labels[name], "url": f"{_url(row)}?show={name}", "count": many, "current": name == kind}
        for name, many in kinds.items()
    ]


def _listed(row: ProjectImport, kind: str, start: int) -> list[dict[str, Any]]:
    if kind == "problems":
        names_ = ("row", "column", "heading", "value", "message", "weight")
        return [dict(zip(names_, problem, strict=True)) for problem in row.problems[start : start + SHOWN]]
    found = [change for change in row.changes if change["new"] == (kind == "new")][start : start + SHOWN]
    return [
        {
            "code": change["code"],
            "name": change["name"],
            "changes": [
                {"label": label, "before": before, "now": now} for label, (before, now) in change["changes"].items()
            ],
        }
        for change in found
    ]


def _pager(row: ProjectImport, kind: str, start: int, many: int) -> dict[str, str] | None:
    if many <= SHOWN:
        return None
    here = f"{_url(row)}?show={kind}&from="
    return {
        "previous": f"{here}{max(0, start - SHOWN)}" if start else "",
        "next": f"{here}{start + SHOWN}" if start + SHOWN < many else "",
        "text": _("%(first)s to %(last)s of %(all)s")
        % {"first": start + 1, "last": min(many, start + SHOWN), "all": many},
    }


def _line(row: ProjectImport) -> dict[str, Any]:
    return {
        "name": row.name,
        "url": _url(row),
        "state": row.get_state_display(),
        "rows": fmt.count(row.rows),
        "by": row.by.name if row.by else _("System"),
        "at": fmt.md_hm(row.uploaded_at),
    }


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("Projects"), "url": reverse("projects:projects")},
        {"label": _("Import projects"), "url": ""},
    ]
