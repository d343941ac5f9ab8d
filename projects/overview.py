"""What the overview of a project shows: its facts in groups, its days, its land, and what was overridden."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.policy import can
from common import fmt
from projects import gates
from projects.models import Project, StageChange
from projects.states import MILESTONES, OVER, ParcelState

NONE = "—"


def context(actor: Actor, project: Project) -> dict[str, Any]:
    return {
        "what": _what(actor, project),
        "who": _who(project),
        "days": _days(project),
        "parcels": _parcels(project),
        "overrides": overrides(project),
        "ended": project.ended_reason,
        "may": may(actor, project, "change_project", "describe_project"),
        "texts": [
            {"label": label, "text": text}
            for label, text in ((_("What is built"), project.content), (_("Remarks"), project.note))
            if text
        ],
    }


def _fact(label: str, text: object, **more: str) -> dict[str, Any]:
    return {"label": label, "text": text or NONE, **more}


def _what(actor: Actor, project: Project) -> list[dict[str, Any]]:
    firm = project.enterprise
    url = reverse("projects:enterprise", args=[firm.pk]) if firm and may_open(actor, firm) else ""
    return [
        _fact(_("Enterprise"), firm.name if firm else "", url=url),
        _fact(_("Investor"), project.investor),
        _fact(_("Level"), project.get_level_display()),
        _fact(_("Project category"), project.get_category_display() if project.category else ""),
        _fact(_("Approval type"), project.get_approval_type_display() if project.approval_type else ""),
        _fact(_("Fast track"), "、".join(fast_track(project))),
        _fact(_("Line of business"), project.industry),
        _fact(_("Industry chain"), project.chain.name if project.chain else ""),
    ]


def may_open(actor: Actor, firm: models.Model) -> bool:
    """Who sees a project reads its enterprise's name; the enterprise's own page is a matter of its own scope."""
    return type(firm).objects.visible_to(actor).filter(pk=firm.pk).exists()  # type: ignore[attr-defined]


def fast_track(project: Project) -> list[str]:
    flags = ("fast_early", "fast_promise", "fast_build")
    return [str(project._meta.get_field(flag).verbose_name) for flag in flags if getattr(project, flag)]


def _who(project: Project) -> list[dict[str, Any]]:
    land = _("%(area)s mu") % {"area": fmt.places(project.land_area)} if project.land_area is not None else ""
    return [
        _fact(_("Responsible unit"), _name(project.unit)),
        _fact(_("Lead unit"), _name(project.lead_unit)),
        _fact(_("Town"), _name(project.town)),
        _fact(_("Park"), _name(project.park)),
        _fact(_("Site"), project.place),
        _fact(_("Land"), land),
        _fact(_("Total investment"), fmt.wan(project.total_investment)),
        _fact(_("In this stage since"), fmt.full_date(project.stage_since)),
    ]


def _name(unit: Any) -> str:
    return unit.name if unit else ""


def _days(project: Project) -> list[dict[str, Any]]:
    fields = [Project._meta.get_field(name) for name in MILESTONES.values()]
    return [
        {"label": str(field.verbose_name), "text": fmt.full_date(getattr(project, field.name)) or NONE}
        for field in fields
    ]


def _parcels(project: Project) -> list[dict[str, str]]:
    words = dict(ParcelState.choices)
    return [
        {"number": one.number, "area": fmt.places(one.area), "state": str(words[ParcelState(one.state)])}
        for one in project.parcels.all()
    ]


def overrides(project: Project) -> list[dict[str, str]]:
    """Gates that were passed although something was missing: visible for good."""
    changes = StageChange.objects.filter(project=project).exclude(missing=[]).select_related("by")
    return [
        {
            "to": change.get_to_stage_display(),
            "on": fmt.full_date(change.on),
            "by": change.by.name if change.by else "",
            "missing": "、".join(str(gates.LABELS.get(key, key)) for key in change.missing),
            "reason": change.reason,
        }
        for change in changes
    ]


def may(actor: Actor, project: Project, *actions: str) -> dict[str, bool]:
    """Which of the acts the page offers; what has ended is only corrected."""
    return {action: can(actor, action, project) and project.stage not in OVER for action in actions}
