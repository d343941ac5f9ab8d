"""Industry chains: the list with what was missed, one chain, and the forms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import staff_page
from accounts.forms import post_label
from accounts.policy import can
from common import clock, fmt
from common.errors import NotVisible
from common.forms import form_page
from common.render import render_page
from projects import chains as rhythm
from projects import services
from projects.forms_chains import ChainForm, MeetingForm, TargetForm
from projects.models import Chain, Enterprise, Project
from projects.views.enterprises import FORM, demand

ACTIONS = ("change_chain", "record_meeting", "add_target")
SHOWN = 30


@staff_page
@require_safe
def chains(request: HttpRequest) -> HttpResponse:
    """Those that run; ``?show=all`` has the ended ones too."""
    everything = request.GET.get("show") == "all"
    rows = Chain.objects.visible_to(request.actor).select_related("leader__user").prefetch_related("units")
    found = list(rows if everything else rows.living(clock.today()))
    seen = Project.objects.visible_to(request.actor).living().filter(chain__in=found)
    projects = list(seen.order_by().values_list("chain", flat=True))
    here = reverse("projects:chains")
    context = {
        "rows": [_row(chain, projects.count(chain.pk), beats) for chain, beats in _with_beats(found)],
        "may_create": can(request.actor, "create_chain", Chain),
        "tabs": [
            {"label": _("Running"), "url": here, "current": not everything},
            {"label": _("All"), "url": f"{here}?show=all", "current": everything},
        ],
    }
    return render_page(request, "projects/chains.html", context)


@staff_page
@require_safe
def chain(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    ((_found, beats),) = _with_beats([found])
    projects = Project.objects.visible_to(request.actor).living().filter(chain=found).with_light(clock.today())
    known = set(Enterprise.objects.visible_to(request.actor).filter(pk__in=found.targets.values("enterprise")))
    context = {
        "chain": found,
        "facts": _facts(found),
        "beats": [_beat(beat) for beat in beats],
        "targets": [_target(target, known) for target in found.targets.select_related("enterprise")],
        "projects": [_project(project) for project in projects.order_by("code")],
        "meetings": [_meeting(meeting) for meeting in found.meetings.select_related("by")[:SHOWN]],
        "may": {action: can(request.actor, action, found) for action in ACTIONS},
        "crumbs": _crumbs(found.name),
    }  # fmt: skip
    return render_page(request, "projects/chain.html", context)


@staff_page
@require_http_methods(FORM)
def create_chain(request: HttpRequest) -> HttpResponse:
    demand(request, "create_chain", Chain)
    return form_page(
        request,
        ChainForm(request.POST or None, initial={"starts_on": clock.today()}),
        verb=lambda data: services.create_chain(actor=request.actor, **{**data, "units": list(data["units"])}),
        to=_url,
        told=_("The chain is entered."),
        context=_page(_("New chain"), _("Enter it")),
    )


@staff_page
@require_http_methods(FORM)
def change_chain(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    demand(request, "change_chain", found)
    return form_page(
        request,
        ChainForm(request.POST or None, initial=ChainForm.values_of(found)),
        verb=lambda data: services.change_chain(
            actor=request.actor, chain_id=pk, **{**data, "units": list(data["units"])}
        ),
        to=_url,
        told=_("The chain is changed."),
        context=_page(_("Change %(name)s") % {"name": found.name}, _("Save"), found),
    )


@staff_page
@require_http_methods(FORM)
def record_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    demand(request, "record_meeting", found)
    return form_page(
        request,
        MeetingForm(request.POST or None, initial={"on": clock.today()}),
        verb=lambda data: services.record_meeting(actor=request.actor, chain_id=pk, **data),
        to=_url(found),
        told=_("The meeting is recorded."),
        context=_page(_("Meeting of %(name)s") % {"name": found.name}, _("Record it"), found),
    )


@staff_page
@require_http_methods(FORM)
def add_target(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    demand(request, "add_target", found)
    form = TargetForm(request.POST or None)
    return form_page(
        request,
        form,
        verb=lambda data: services.add_target(actor=request.actor, chain_id=pk, **form.values(request.actor)),
        to=_url(found),
        told=_("The target enterprise is entered."),
        context=_page(_("Target enterprise of %(name)s") % {"name": found.name}, _("Enter it"), found),
    )


def find(request: HttpRequest, pk: int) -> Chain:
    rows = Chain.objects.visible_to(request.actor).select_related("leader__user").prefetch_related("units")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def _url(chain: Chain) -> str:
    return reverse("projects:chain", args=[chain.pk])


def _with_beats(found: list[Chain]) -> list[tuple[Chain, list[rhythm.Beat]]]:
    beats = list(rhythm.beats(found))
    return [(chain, [beat for beat in beats if beat.chain.pk == chain.pk]) for chain in found]


def _beat(beat: rhythm.Beat) -> dict[str, Any]:
    late = beat.missed(clock.today())
    return {
        "kind": str(beat.kind.label),
        "every": _("every month") if beat.months == 1 else _("every %(n)d months") % {"n": beat.months},
        "last": fmt.full_date(beat.last) or _("none so far"),
        "due": fmt.full_date(beat.due),
        "light": fmt.light("yellow" if late else "green", _("Missed") if late else _("On track")),
    }


def _row(chain: Chain, projects: int, beats: list[rhythm.Beat]) -> dict[str, Any]:
    return {
        "name": chain.name,
        "url": _url(chain),
        "leader": chain.leader.user.name if chain.leader else "—",
        "units": "、".join(unit.label for unit in chain.units.all()) or "—",
        "projects": projects,
        "beats": [_beat(beat) for beat in beats],
        "until": fmt.full_date(chain.ends_on),
    }


def _facts(chain: Chain) -> list[dict[str, str]]:
    until = fmt.full_date(chain.ends_on)
    return [
        {"label": _("Chain leader"), "text": post_label(chain.leader) if chain.leader else "—"},
        {"label": _("Adviser"), "text": chain.adviser or "—"},
        {"label": _("Units of the task force"), "text": "、".join(unit.name for unit in chain.units.all()) or "—"},
        {"label": _("Since"), "text": fmt.full_date(chain.starts_on)},
        *([{"label": _("Last day"), "text": until}] if until else []),
    ]


def _target(target: Any, known: set[Enterprise]) -> dict[str, str]:
    firm = target.enterprise
    url = reverse("projects:enterprise", args=[firm.pk]) if firm in known else ""
    return {"name": target.name, "note": target.note, "url": url}


def _project(project: Project) -> dict[str, Any]:
    light = project.light  # type: ignore[attr-defined]  # with_light
    amber = "yellow" if light == "overdue" else light
    return {
        "code": project.code,
        "name": project.name,
        "url": reverse("projects:project", args=[project.code]),
        "stage": project.get_stage_display(),
        "money": fmt.wan(project.total_investment),
        "light": fmt.light(amber, breached=light == "overdue"),
    }


def _meeting(meeting: Any) -> dict[str, str]:
    return {
        "on": fmt.full_date(meeting.on),
        "kind": meeting.get_kind_display(),
        "text": meeting.text,
        "by": meeting.by.name if meeting.by else "",
    }


def _crumbs(last: str) -> list[dict[str, str]]:
    return [{"label": _("Industry chains"), "url": reverse("projects:chains")}, {"label": last, "url": ""}]


def _page(title: str, submit: str, chain: Chain | None = None) -> dict[str, Any]:
    cancel = _url(chain) if chain else reverse("projects:chains")
    return {"title": title, "submit": submit, "cancel": cancel, "crumbs": _crumbs(title)}
