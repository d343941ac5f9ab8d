"""The plan of a project: its table and Gantt chart, and the form of each verb on an item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import can
from common import clock
from common.errors import NotVisible
from common.forms import form_page
from deadlines import calendar
from documents import sheets
from projects import forms_work, gantt, planrows, sections, services
from projects.exports import files
from projects.models import PlanItem, Project
from projects.services.items import RETURN_DAYS
from projects.services.plan import templates_for
from projects.states import ItemState
from projects.views.projects import FORM, project_page


class Act(NamedTuple):
    """One verb on an item: its form, its words, and whether it wants the day first shown to be today."""

    form: type[forms.Form]
    title: str | Promise
    told: str | Promise


ACTS: dict[str, Act] = {
    "start_item": Act(forms_work.StartItemForm, gettext_lazy("Begin"), gettext_lazy("It is begun.")),
    "return_item": Act(
        forms_work.ReturnItemForm,
        gettext_lazy("Return for correction"),
        gettext_lazy("It is returned; the limit stands still."),
    ),
    "finish_item": Act(forms_work.FinishItemForm, gettext_lazy("Report as done"), gettext_lazy("It is done.")),
    "refuse_item": Act(forms_work.RefuseItemForm, gettext_lazy("Refuse it"), gettext_lazy("It is refused.")),
    "assign_item": Act(
        forms_work.AssignItemForm, gettext_lazy("Give to a unit"), gettext_lazy("The unit answers for it now.")
    ),
    "drop_item": Act(forms_work.DropItemForm, gettext_lazy("Not needed"), gettext_lazy("It is no longer needed.")),
    "revise_item": Act(
        forms_work.ReviseItemForm,
        gettext_lazy("Change the dates"),
        gettext_lazy("It is recorded; a later end holds once it is consented to."),
    ),
    "grant_revision": Act(
        forms_work.GrantRevisionForm,
        gettext_lazy("Consent to the later date"),
        gettext_lazy("The later date holds."),
    ),
    "deny_revision": Act(
        forms_work.DenyRevisionForm, gettext_lazy("Do not consent"), gettext_lazy("The date stays as it was.")
    ),
}


@project_page
@require_safe
def plan(request: HttpRequest, code: str) -> HttpResponse:
    project = sections.find(request.actor, code, "plan")
    rows = planrows.items_of(project)
    if sheets.wanted(request):
        return sheets.answer(request, "plan", *files.plan(project, rows), ref=project.code)
    context = {
        "export": sheets.address(request),
        "rows": planrows.rows(request.actor, rows),
        "chart": gantt.chart(rows, clock.today()),
        "figure": planrows.compression(rows),
        "may": {verb: can(request.actor, verb, project) for verb in ("add_item", "plan_from_template")},
    }
    return sections.page(request, project, "plan", "projects/plan.html", context)


@project_page
@require_http_methods(FORM)
def add_item(request: HttpRequest, code: str) -> HttpResponse:
    project = sections.find(request.actor, code)
    demand(request, "add_item", project)
    return form_page(
        request,
        forms_work.AddItemForm(request.POST or None),
        verb=lambda data: services.add_item(actor=request.actor, project_id=project.pk, **data),
        to=_url(project),
        told=_("The item is in the plan."),
        context=page_of(project, _("New item of the plan"), _("Enter it"), _url(project)),
    )


@project_page
@require_http_methods(FORM)
def plan_from_template(request: HttpRequest, code: str) -> HttpResponse:
    project = sections.find(request.actor, code)
    demand(request, "plan_from_template", project)
    form = forms_work.TemplateForm(
        request.POST or None, templates=templates_for(project), initial={"starts_on": clock.today()}
    )
    lede = _("Items that the plan has already stay as they are.")
    return form_page(
        request,
        form,
        verb=lambda data: services.plan_from_template(actor=request.actor, project_id=project.pk, **data),
        to=_url(project),
        told=_("The items of the template are in the plan."),
        context=page_of(project, _("Plan from a template"), _("Take them over"), _url(project), lede),
    )


@project_page
@require_http_methods(FORM)
def act(request: HttpRequest, code: str, pk: int, verb: str) -> HttpResponse:
    """The form of one verb of ``ACTS``."""
    project = sections.find(request.actor, code)
    item = PlanItem.objects.visible_to(request.actor).filter(pk=pk, project=project).first()
    if item is None:
        raise NotVisible
    item.project = project
    demand(request, verb, item)
    known = ACTS[verb]
    service: Callable[..., Any] = getattr(services, verb)
    return form_page(
        request,
        _form(request, verb, item),
        verb=lambda data: service(actor=request.actor, item_id=pk, **data),
        to=_url(project),
        told=str(known.told),
        context=page_of(project, str(known.title), str(known.title), _url(project), planrows.lede(item, verb)),
    )


def _form(request: HttpRequest, verb: str, item: PlanItem) -> forms.Form:
    kind = ACTS[verb].form
    if verb == "start_item" and item.state == ItemState.RETURNED:
        kind = forms_work.ResumeItemForm
    initial: dict[str, Any] = {"on": clock.today(), "unit": item.unit}
    if verb == "return_item":
        initial["until"] = calendar.add_working_days(clock.today(), RETURN_DAYS)
    if verb == "revise_item":
        initial |= forms_work.ReviseItemForm.values_of(item)
    # A form of which nothing need be filled in may come back empty.
    sent = request.POST if request.method == "POST" else None
    return kind(sent, request.FILES or None, initial=initial)


def demand(request: HttpRequest, action: str, obj: Any) -> None:
    if not can(request.actor, action, obj):
        raise PermissionDenied


def page_of(project: Project, title: str, submit: str, back: str, lede: str = "") -> dict[str, Any]:
    crumbs = sections.crumbs(project, title)
    return {"title": title, "submit": submit, "cancel": back, "lede": lede, "crumbs": crumbs}


def _url(project: Project) -> str:
    return reverse("projects:plan", args=[project.code])
