"""The promises of both sides, and the service log of a project."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import Actor
from accounts.policy import can
from common import clock, fmt
from common.errors import NotVisible
from common.forms import form_page
from common.pages import keyset, pager
from documents import sheets
from projects import sections, services
from projects.exports import files
from projects.forms_work import AddPromiseForm, CheckPromiseForm, LogContactForm
from projects.models import LogEntry, Project, Promise, PromiseCheck
from projects.services.log import SILENCE
from projects.states import CheckResult
from projects.views.plan import demand, page_of
from projects.views.projects import FORM, project_page

PAGE = 50
ORDER = ["-on", "-id"]


@project_page
@require_safe
def promises(request: HttpRequest, code: str) -> HttpResponse:
    project = sections.find(request.actor, code, "promises")
    found = project.promises.select_related("unit").prefetch_related("checks__by")
    rows = [_promise_row(request.actor, project, promise) for promise in found]
    context = {"rows": rows, "may_add": can(request.actor, "add_promise", project)}
    return sections.page(request, project, "promises", "projects/promises.html", context)


@project_page
@require_http_methods(FORM)
def add_promise(request: HttpRequest, code: str) -> HttpResponse:
    project = sections.find(request.actor, code)
    demand(request, "add_promise", project)
    back = reverse("projects:promises", args=[project.code])
    return form_page(
        request,
        AddPromiseForm(request.POST or None),
        verb=lambda data: services.add_promise(actor=request.actor, project_id=project.pk, **data),
        to=back,
        told=_("The promise is entered."),
        context=page_of(project, _("New promise"), _("Enter it"), back),
    )


@project_page
@require_http_methods(FORM)
def check_promise(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    promise = _find(request.actor, code, pk)
    demand(request, "check_promise", promise)
    back = reverse("projects:promises", args=[promise.project.code])
    return form_page(
        request,
        CheckPromiseForm(request.POST or None, initial={"on": clock.today()}),
        verb=lambda data: services.check_promise(actor=request.actor, promise_id=pk, **data),
        to=back,
        told=_("The check is recorded."),
        context=page_of(promise.project, _("Check of a promise"), _("Record it"), back, promise.text),
    )


@project_page
@require_POST
def raise_promise(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One click: no form, what is to be said stands in the check."""
    promise = _find(request.actor, code, pk)
    try:
        found = services.raise_promise(actor=request.actor, promise_id=pk)
        flash.success(request, _("The finding is the issue %(number)s now.") % {"number": found.issue})
    except ValidationError as wrong:
        flash.error(request, " ".join(wrong.messages))
    return HttpResponseRedirect(reverse("projects:promises", args=[promise.project.code]))


def _find(actor: Actor, code: str, pk: int) -> Promise:
    project = sections.find(actor, code)
    promise = Promise.objects.visible_to(actor).filter(pk=pk, project=project).first()
    if promise is None:
        raise NotVisible
    promise.project = project
    return promise


def _promise_row(actor: Actor, project: Project, promise: Promise) -> dict[str, Any]:
    promise.project = project
    checks = list(promise.checks.all())
    last = checks[0] if checks else None
    broken = last is not None and last.result == CheckResult.BROKEN
    kept = last is not None and last.result == CheckResult.KEPT
    days = (clock.today() - promise.due_on).days
    return {
        "pk": promise.pk,
        "side": promise.get_side_display(),
        "text": promise.text,
        "clause": promise.clause,
        "due": fmt.md(promise.due_on),
        "late": ngettext("%(n)d day over", "%(n)d days over", days) % {"n": days} if days > 0 and not kept else "",
        "unit": promise.unit.label if promise.unit else "—",
        "checks": [_check_row(one) for one in checks],
        "broken": broken,
        "may_check": can(actor, "check_promise", promise),
        "may_raise": broken and last is not None and not last.issue and can(actor, "raise_promise", promise),
    }


def _check_row(check: PromiseCheck) -> dict[str, str]:
    return {
        "on": fmt.md(check.on),
        "result": check.get_result_display(),
        "finding": check.get_finding_display() if check.finding else "",
        "text": check.text,
        "by": check.by.name if check.by else "",
        "issue": check.issue,
        "url": issue_url(check.issue),
    }


def issue_url(number: str) -> str:
    """The issue's own page, where the app of the issues is there."""
    try:
        return reverse("issues:page", args=[number]) if number else ""
    except NoReverseMatch:
        return ""


# --- the log ---------------------------------------------------------------------------------------------------------


@project_page
@require_safe
def log(request: HttpRequest, code: str) -> HttpResponse:
    project = sections.find(request.actor, code, "log")
    entries = LogEntry.objects.visible_to(request.actor).about(project).select_related("by", "post__unit")
    if sheets.wanted(request):
        return sheets.answer(request, "log", *files.log(project, entries.order_by(*ORDER)), ref=project.code)
    page = keyset(entries, ORDER, request.GET.get("cursor"), PAGE)
    touched = entries.order_by("-on").values_list("on", flat=True).first()
    context = {
        "export": sheets.address(request),
        "rows": [log_row(entry) for entry in page.rows],
        "pager": pager(request, page),
        "last": last_contact(touched),
        "silent": touched is None or clock.today() - touched >= SILENCE,
        "may_log": can(request.actor, "log_contact", project),
    }
    return sections.page(request, project, "log", "projects/log.html", context)


@project_page
@require_http_methods(FORM)
def log_contact(request: HttpRequest, code: str) -> HttpResponse:
    project = sections.find(request.actor, code)
    demand(request, "log_contact", project)
    back = reverse("projects:log", args=[project.code])
    return form_page(
        request,
        LogContactForm(request.POST or None, initial={"on": clock.today()}),
        verb=lambda data: services.log_contact(actor=request.actor, project_id=project.pk, **data),
        to=back,
        told=_("The contact is entered."),
        context=page_of(project, _("New contact"), _("Enter it"), back),
    )


def last_contact(day: Any) -> str:
    """Last contact N days ago."""
    if day is None:
        return _("Nobody has been in touch yet")
    days = (clock.today() - day).days
    if days == 0:
        return _("Last contact today")
    return ngettext("Last contact %(n)d day ago", "Last contact %(n)d days ago", days) % {"n": days}


def log_row(entry: LogEntry) -> dict[str, str]:
    unit = entry.post.unit if entry.post else None
    typed = clock.local(entry.entered_at).date()
    return {
        "on": fmt.md(entry.on),
        "kind": entry.get_kind_display(),
        "text": entry.text,
        "by": entry.by.name,
        "unit": unit.label if unit else "",
        "typed": _("entered %(day)s") % {"day": fmt.md(typed)} if typed != entry.on else "",
    }
