"""Enterprises: the list, one of them, and the coordinator's forms."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.decorators import role_page
from accounts.forms import post_label
from accounts.policy import can
from common import clock, fmt
from common.errors import NotVisible
from common.forms import form_page
from common.pages import keyset, pager
from common.render import render_page
from projects import policy, services
from projects.forms import EnterpriseForm, MergeForm
from projects.forms_work import LogContactForm
from projects.models import Enterprise, LogEntry
from projects.views.care import log_row

FORM = ["GET", "HEAD", "POST"]
PAGE, SHOWN = 50, 20
ORDER = ["pinyin", "principal_id"]
enterprise_page = role_page(*policy.MEETING_ENTERPRISES)


@enterprise_page
@require_safe
def enterprises(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:40]
    found = Enterprise.objects.visible_to(request.actor).living().for_list()
    page = keyset(found.matching(words) if words else found, ORDER, request.GET.get("cursor"), PAGE)
    context = {
        "rows": [_row(enterprise) for enterprise in page.rows],
        "pager": pager(request, page) if page.next or page.previous else None,
        "words": words,
        "may_create": can(request.actor, "create_enterprise", Enterprise),
    }
    return render_page(request, "projects/enterprises.html", context)


@enterprise_page
@require_safe
def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """One enterprise. The contact's phone opens by ``?show=contact``, and that it was opened is recorded."""
    found = find(request, pk)
    shown = request.GET.get("show") == "contact" and can(request.actor, "view_contact", found)
    if shown:
        audit.record(request.actor, "view_contact", "enterprise", found.pk)
    context = {
        "enterprise": found,
        "facts": _facts(found),
        "phone": found.contact_phone if shown else fmt.masked(found.contact_phone),
        "shown": shown,
        "projects": [f"{project.code} {project.name}" for project in found.projects.visible_to(request.actor)],
        "may": {
            action: can(request.actor, action, found) and found.merged_into_id is None
            for action in ("change_enterprise", "merge_enterprise", "invite_enterprise", "log_contact")
        },
        "log": [_contact(entry) for entry in _log(request, found)],
        "crumbs": crumbs(found.name),
    }
    return render_page(request, "projects/enterprise.html", context)


@enterprise_page
@require_http_methods(FORM)
def create_enterprise(request: HttpRequest) -> HttpResponse:
    demand(request, "create_enterprise", Enterprise)
    return form_page(
        request,
        EnterpriseForm(request.POST or None),
        verb=lambda data: services.create_enterprise(actor=request.actor, **data),
        to=url_of,
        told=_("The enterprise is entered."),
        context=page_of(_("New enterprise"), _("Enter it")),
    )


@enterprise_page
@require_http_methods(FORM)
def change_enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    demand(request, "change_enterprise", found)
    return form_page(
        request,
        EnterpriseForm(request.POST or None, initial=EnterpriseForm.values_of(found)),
        verb=lambda data: services.change_enterprise(actor=request.actor, enterprise_id=pk, **data),
        to=url_of,
        told=_("The enterprise is changed."),
        context=page_of(_("Change %(name)s") % {"name": found.name}, _("Save"), found),
    )


@enterprise_page
@require_http_methods(FORM)
def merge_enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    demand(request, "merge_enterprise", found)
    form = MergeForm(request.POST or None)

    def merge(data: dict[str, Any]) -> Enterprise:
        into = form.enterprise(request.actor)
        if into is None:
            raise ValidationError({"into": [_("There is no such enterprise.")]})
        return services.merge_enterprise(actor=request.actor, enterprise_id=pk, into_id=into.pk)

    lede = _("Accounts and projects go to the one that stays; issues keep the name they came under. It is for good.")
    title = _("Merge %(name)s into another enterprise") % {"name": found.name}
    return form_page(
        request,
        form,
        verb=merge,
        to=url_of,
        told=_("The enterprises are merged."),
        context=page_of(title, _("Merge them"), found, lede),
    )


@enterprise_page
@require_http_methods(FORM)
def log_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """With the enterprise as a whole, whether it has a project or not."""
    found = find(request, pk)
    demand(request, "log_contact", found)
    return form_page(
        request,
        LogContactForm(request.POST or None, initial={"on": clock.today()}),
        verb=lambda data: services.log_contact(actor=request.actor, enterprise_id=pk, **data),
        to=url_of(found),
        told=_("The contact is entered."),
        context=page_of(_("New contact"), _("Enter it"), found),
    )


def _log(request: HttpRequest, found: Enterprise) -> Any:
    rows = LogEntry.objects.visible_to(request.actor).filter(enterprise=found)
    return rows.select_related("by", "post__unit", "project")[:SHOWN]


def _contact(entry: LogEntry) -> dict[str, str]:
    return log_row(entry) | {"project": entry.project.name if entry.project else ""}


def demand(request: HttpRequest, action: str, obj: Any) -> None:
    if not can(request.actor, action, obj):
        raise PermissionDenied


def find(request: HttpRequest, pk: int) -> Enterprise:
    found = (
        Enterprise.objects.visible_to(request.actor)
        .for_list()
        .select_related("merged_into", "partner__user", "partner__unit", "resident__user", "resident__unit")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def url_of(enterprise: Enterprise) -> str:
    return reverse("projects:enterprise", args=[enterprise.pk])


def crumbs(last: str) -> list[dict[str, str]]:
    return [{"label": _("Enterprises"), "url": reverse("projects:enterprises")}, {"label": last, "url": ""}]


def page_of(title: str, submit: str, enterprise: Enterprise | None = None, lede: str = "") -> dict[str, Any]:
    cancel = url_of(enterprise) if enterprise else reverse("projects:enterprises")
    return {"title": title, "submit": submit, "cancel": cancel, "lede": lede, "crumbs": crumbs(title)}


def _row(enterprise: Enterprise) -> dict[str, Any]:
    leader, specialist = enterprise.liaison_leader, enterprise.specialist
    return {
        "name": enterprise.name,
        "url": url_of(enterprise),
        "key": enterprise.is_key,
        "town": enterprise.town.label if enterprise.town else "",
        "leader": leader.user.name if leader else "",
        "specialist": specialist.user.name if specialist else "",
        "uscc": enterprise.uscc or "",
    }


def _facts(enterprise: Enterprise) -> list[dict[str, Any]]:
    leader, specialist = enterprise.liaison_leader, enterprise.specialist
    town, unit, into = enterprise.town, enterprise.liaison_unit, enterprise.merged_into
    facts = [
        {"label": _("Credit code"), "text": enterprise.uscc or "—"},
        {"label": _("Town or park"), "text": town.name if town else "—"},
        {"label": _("Leader"), "text": post_label(leader) if leader else "—"},
        {"label": _("Lead unit"), "text": unit.name if unit else "—"},
        {"label": _("Specialist"), "text": post_label(specialist) if specialist else "—"},
        {"label": _("Partner cadre"), "text": post_label(enterprise.partner) if enterprise.partner else "—"},
        {"label": _("Officer in residence"), "text": post_label(enterprise.resident) if enterprise.resident else "—"},
        {"label": _("Ownership"), "text": enterprise.get_ownership_display() or "—"},
        {"label": _("Size"), "text": enterprise.get_size_display() or "—"},
        {"label": _("Line of business"), "text": enterprise.industry or "—"},
        {"label": _("Address"), "text": enterprise.address or "—"},
        {"label": _("Channel"), "text": enterprise.channel or "—"},
        {"label": _("Contact"), "text": enterprise.contact_name or "—"},
    ]
    if into:
        facts.insert(0, {"label": _("Merged into"), "text": into.name, "url": url_of(into)})
    return facts
