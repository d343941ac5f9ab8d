"""The section of stages, its gate and its acts; the days of a project; its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policy import can
from common import clock, fmt
from common.errors import Conflict
from documents.models import Attachment
from projects import gates, sections, services, stagepage
from projects.models import Project
from projects.projectforms import CorrectDateForm, FileForm, ReasonForm, RecordDateForm
from projects.services.projects import DAYS
from projects.views._act import FORM, act_page, find_for, project_page


@project_page
@require_safe
def stages(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, sections.find(request.actor, code))


@project_page
@require_POST
def advance(request: HttpRequest, code: str) -> HttpResponse:
    """On to the next stage; when something is missing the page says what, and where it is mended."""
    version = request.POST.get("version", "")[:9]  # nobody's version is longer
    try:
        moved = services.advance(
            actor=request.actor, code=code, version=int(version) if version.isascii() and version.isdigit() else None
        )
    except Conflict as conflict:
        return _page(request, sections.find(request.actor, code), conflict)
    messages.success(request, _("The project is in the stage “%(stage)s” now.") % {"stage": moved.get_stage_display()})
    return HttpResponseRedirect(_stages(code))


@project_page
@require_http_methods(FORM)
def override_gate(request: HttpRequest, code: str) -> HttpResponse:
    return _with_reason(
        request,
        code,
        "override_gate",
        services.override_gate,
        title=_("Let it pass although something is missing"),
        submit=_("Let it pass"),
        lede=_("What is missing, your reason and your name stay visible on the project for good."),
        told=_("The project has passed."),
    )


@project_page
@require_http_methods(FORM)
def terminate(request: HttpRequest, code: str) -> HttpResponse:
    return _with_reason(
        request,
        code,
        "terminate",
        services.terminate,
        title=_("Terminate the project"),
        submit=_("Terminate"),
        lede=_("Its deadlines stop; there is no way back. What was done stays readable."),
        told=_("The project is terminated."),
    )


@project_page
@require_http_methods(FORM)
def strike_off(request: HttpRequest, code: str) -> HttpResponse:
    return _with_reason(
        request,
        code,
        "strike_off",
        services.strike_off,
        title=_("Strike the project off"),
        submit=_("Strike off"),
        lede=_("The terminated project leaves the lists for good."),
        told=_("The project is struck off."),
    )


def _with_reason(
    request: HttpRequest, code: str, action: str, verb: Any, *, title: str, submit: str, lede: str, told: str
) -> HttpResponse:
    found = find_for(request, code, action)
    return act_page(
        request,
        found,
        ReasonForm(request.POST or None, initial={"version": found.version}),
        verb=lambda data: verb(actor=request.actor, code=code, **data),
        title=title,
        submit=submit,
        lede=lede,
        told=told,
        back=_stages(code),
    )


@project_page
@require_http_methods(FORM)
def record_date(request: HttpRequest, code: str, field: str) -> HttpResponse:
    found = find_for(request, code, "record_date")
    return act_page(
        request,
        found,
        RecordDateForm(request.POST or None, initial={"version": found.version, "on": clock.today()}),
        verb=lambda data: services.record_date(actor=request.actor, code=code, field=field, **data),
        title=_("Record the day: %(what)s") % {"what": _word(field)},
        submit=_("Record"),
        lede=_("It is written once; afterwards the coordinator alone corrects it, with a reason."),
        told=_("The day is recorded."),
        back=_stages(code),
    )


@project_page
@require_http_methods(FORM)
def correct_date(request: HttpRequest, code: str, field: str) -> HttpResponse:
    found = find_for(request, code, "correct_date")
    return act_page(
        request,
        found,
        CorrectDateForm(request.POST or None, initial={"version": found.version, "on": getattr(found, _known(field))}),
        verb=lambda data: services.correct_date(actor=request.actor, code=code, field=field, **data),
        title=_("Correct the day: %(what)s") % {"what": _word(field)},
        submit=_("Correct"),
        told=_("The day is corrected."),
        back=_stages(code),
    )


@project_page
@require_safe
def project_files(request: HttpRequest, code: str) -> HttpResponse:
    found = sections.find(request.actor, code, "files")
    files = Attachment.objects.filter(subject_kind__in=(gates.AGREEMENT, gates.FILE), subject_id=found.pk)
    words = {gates.AGREEMENT: _("The signed agreement"), gates.FILE: _("Another file")}
    rows = [
        {
            "name": one.name,
            "url": reverse("documents:attachment", args=[one.pk, one.name]),
            "kind": words[one.subject_kind],
            "size": fmt.file_size(one.size),
            "day": fmt.full_date(one.created_at),
            "unit": one.unit.label if one.unit else "—",
            "public": one.public,
        }
        for one in files.select_related("unit").order_by("-id")
    ]
    context = {"rows": rows, "may_add": can(request.actor, "add_project_file", found)}
    return sections.page(request, found, "files", "projects/project_files.html", context)


@project_page
@require_http_methods(FORM)
def add_project_file(request: HttpRequest, code: str) -> HttpResponse:
    found = find_for(request, code, "add_project_file")
    return act_page(
        request,
        found,
        FileForm(request.POST or None, request.FILES or None),
        verb=lambda data: services.add_project_file(actor=request.actor, code=code, **data),
        title=_("Add a file"),
        submit=_("Add it"),
        told=_("The file is added."),
        back=reverse("projects:project_files", args=[code]),
    )


def _page(request: HttpRequest, project: Project, conflict: Conflict | None = None) -> HttpResponse:
    context = {**stagepage.context(request.actor, project), "conflict": conflict}
    return sections.page(
        request, project, "stages", "projects/project_stages.html", context, status=409 if conflict else 200
    )


def _stages(code: str) -> str:
    return reverse("projects:stages", args=[code])


def _known(field: str) -> str:
    if field not in DAYS:
        raise Http404
    return field


def _word(field: str) -> str:
    return str(Project._meta.get_field(_known(field)).verbose_name)
