"""The enterprise's own page, and the towns' ledger of enterprises."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import role_page
from accounts.models import Unit
from accounts.roles import Role
from common import clock, fmt
from common.pages import keyset, pager
from common.render import render_page
from documents import sheets
from projects import corner, ledger
from projects.exports import overviews
from projects.models import Enterprise, Project
from projects.views.enterprises import ORDER, enterprise_page

PAGE = 50


@role_page(Role.ENTERPRISE)
@require_safe
def enterprise_corner(request: HttpRequest) -> HttpResponse:
    firms = corner.own(request.actor)
    names = [firm.name for firm in firms if firm.merged_into_id is None]
    context = {
        "title": "、".join(names) or _("My enterprise"),
        "projects": [_project(project) for project in corner.projects_of(firms)],
        "liaison": [asdict(person) for firm in firms for person in _liaison(firm)],
        "issues": corner.issues_of(request.actor),
    }
    return render_page(request, "projects/corner.html", context)


@enterprise_page
@require_safe
def enterprise_ledger(request: HttpRequest) -> HttpResponse:
    """``?town=`` a code, ``?without=`` one of LACKS, ``?cursor=``."""
    rows = Enterprise.objects.visible_to(request.actor).living()
    towns = list(Unit.objects.filter(pk__in=rows.order_by().values("town")).order_by("pinyin"))
    town = next((one for one in towns if one.code == request.GET.get("town")), None)
    rows = rows.filter(town=town) if town else rows
    without = request.GET.get("without", "")
    without = without if without in ledger.LACKS else ""
    day = clock.today()
    found = ledger.lacking(ledger.with_visits(rows, request.actor), without, day)
    found = found.select_related("town", "partner__user")
    if sheets.wanted(request):
        return sheets.answer(request, "ledger", *overviews.enterprise_ledger(found.order_by(*ORDER)))
    page = keyset(found, ORDER, request.GET.get("cursor"), PAGE)
    names = ledger.visitors(page.rows)
    here = reverse("projects:enterprise_ledger")
    context = {
        "export": sheets.address(request),
        "figures": ledger.figures(rows, request.actor, day, lambda key: _address(here, town, key)),
        "rows": [_row(enterprise, names) for enterprise in page.rows],
        "towns": [{"code": one.code, "name": one.name, "chosen": one == town} for one in towns],
        "without": without,
        "tabs": [
            {"label": label, "url": _address(here, town, key), "current": key == without}
            for key, label in (("", _("All")), *ledger.LACKS.items())
        ],
        "pager": pager(request, page) if page.next or page.previous else None,
    }
    return render_page(request, "projects/enterprise_ledger.html", context)


def _address(here: str, town: Unit | None, without: str) -> str:
    query = urlencode({**({"town": town.code} if town else {}), **({"without": without} if without else {})})
    return f"{here}?{query}" if query else here


def _project(project: Project) -> dict[str, Any]:
    words = {"manager": _("Project manager"), "lead_unit": _("Lead unit"), "unit": _("Responsible unit")}
    return {
        "code": project.code,
        "name": project.name,
        "money": fmt.wan(project.total_investment),
        "way": corner.way(project),
        "people": [asdict(one) for one in (*corner.people(project, words), *corner.units(project, words))],
        "unnamed": corner.managerless(project),
        "coming": corner.coming(project),
    }


def _liaison(firm: Enterprise) -> list[corner.Person]:
    named = (
        (_("Liaison leader"), firm.liaison_leader),
        (_("Service specialist"), firm.specialist),
        (_("Partner cadre"), firm.partner),
        (_("Officer in residence"), firm.resident),
    )
    found = [corner.Person.of(duty, post) for duty, post in named if post is not None]
    unit = firm.liaison_unit
    return [*found, *([corner.Person(_("Liaison unit"), unit.name, "", unit.phone)] if unit else [])]


def _row(enterprise: Enterprise, names: dict[int, str]) -> dict[str, Any]:
    last = enterprise.last_visit  # type: ignore[attr-defined]  # with_visits
    return {
        "name": enterprise.name,
        "url": reverse("projects:enterprise", args=[enterprise.pk]),
        "town": enterprise.town.label if enterprise.town else "",
        "contact": enterprise.contact_name,
        "channel": enterprise.channel,
        "partner": enterprise.partner.user.name if enterprise.partner else "",
        "visited": fmt.md(last) if last else "",
        "by": names.get(enterprise.last_entry, "") if last else "",  # type: ignore[attr-defined]
    }
