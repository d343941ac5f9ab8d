"""Units: the tree, one unit, and the system administrator's forms."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.decorators import staff_page
from accounts.forms import ChangeUnitForm, CloseUnitForm, CreateUnitForm, DistrictForm
from accounts.models import District, Post, Unit
from accounts.policy import can
from common import clock, fmt
from common.errors import NotVisible
from common.forms import form_page
from common.render import render_page

FORM = ["GET", "HEAD", "POST"]


@staff_page
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """All living units as a tree; with ``q`` those that match, without their branches."""
    words = request.GET.get("q", "").strip()[:40]
    rows = Unit.objects.visible_to(request.actor).living()
    people = Count("posts__user", filter=Q(posts__in=Post.objects.current().values("pk")), distinct=True)
    found = list((rows.matching(words) if words else rows).annotate(people=people).order_by("pinyin", "code"))
    context = {
        "rows": [_row(unit, depth) for unit, depth in (((unit, 0) for unit in found) if words else _tree(found))],
        "words": words,
        "may_create": can(request.actor, "create_unit", Unit),
        "may_name": can(request.actor, "change_district", District),
    }
    return render_page(request, "accounts/units.html", context)


@staff_page
@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    found = _find(request, code)
    posts = (
        Post.objects.visible_to(request.actor).current().filter(unit=found).for_actor().order_by("role", "user__pinyin")
    )
    context = {
        "unit": found,
        "facts": _facts(found),
        "posts": [
            {
                "name": post.user.name,
                "url": reverse("accounts:user", args=[post.user.username]),
                "role": post.get_role_display(),
                "title": post.title,
            }
            for post in posts
        ],
        "names": [
            {"name": name.name, "since": fmt.full_date(name.valid_from), "until": fmt.full_date(name.valid_until)}
            for name in found.names.all()
        ],
        "below": [_row(child, 0) for child in found.children.living()],
        "may_change": can(request.actor, "change_unit", found),
        "crumbs": _crumbs(found.name),
    }
    return render_page(request, "accounts/unit.html", context)


@staff_page
@require_http_methods(FORM)
def create_unit(request: HttpRequest) -> HttpResponse:
    _demand(request, "create_unit", Unit)
    form = CreateUnitForm(request.POST or None)
    return form_page(
        request,
        form,
        verb=lambda data: services.create_unit(actor=request.actor, **{**data, "groups": data["groups"] or None}),
        to=_url,
        told=_("The unit is entered."),
        context=_page(_("New unit"), _("Enter it"), reverse("accounts:units")),
    )


@staff_page
@require_http_methods(FORM)
def change_unit(request: HttpRequest, code: str) -> HttpResponse:
    found = _find(request, code)
    _demand(request, "change_unit", found)
    form = ChangeUnitForm(request.POST or None, initial=ChangeUnitForm.values_of(found))
    lede = _("A new name begins today; rankings of earlier months go on printing the old one.")
    return form_page(
        request,
        form,
        verb=lambda data: services.change_unit(actor=request.actor, unit_id=found.pk, **data),
        to=_url,
        told=_("The unit is changed."),
        context=_page(_("Change %(name)s") % {"name": found.name}, _("Save"), _url(found), lede),
    )


@staff_page
@require_http_methods(FORM)
def close_unit(request: HttpRequest, code: str) -> HttpResponse:
    found = _find(request, code)
    _demand(request, "close_unit", found)
    form = CloseUnitForm(request.POST or None, initial={"on": clock.today()})
    lede = _("It keeps its history. Nothing can be assigned to it after its last day.")
    return form_page(
        request,
        form,
        verb=lambda data: services.close_unit(actor=request.actor, unit_id=found.pk, **data),
        to=_url,
        told=_("The unit is closed."),
        context=_page(_("Close the unit %(name)s") % {"name": found.name}, _("Close the unit"), _url(found), lede),
    )


@staff_page
@require_http_methods(FORM)
def change_district(request: HttpRequest) -> HttpResponse:
    _demand(request, "change_district", District)
    now = District.objects.values("name", "office", "phone").first()
    return form_page(
        request,
        DistrictForm(request.POST or None, initial=now),
        verb=lambda data: services.change_district(actor=request.actor, **data),
        to=reverse("accounts:units"),
        told=_("The district is changed."),
        context=_page(_("The district"), _("Save"), reverse("accounts:units")),
    )


def _demand(request: HttpRequest, action: str, obj: Any) -> None:
    if not can(request.actor, action, obj):
        raise PermissionDenied


def _find(request: HttpRequest, code: str) -> Unit:
    found = Unit.objects.visible_to(request.actor).select_related("parent", "successor").filter(code=code).first()
    if found is None:
        raise NotVisible
    return found


def _url(unit: Unit) -> str:
    return reverse("accounts:unit", args=[unit.code])


def _crumbs(last: str) -> list[dict[str, str]]:
    return [{"label": _("Units"), "url": reverse("accounts:units")}, {"label": last, "url": ""}]


def _page(title: str, submit: str, cancel: str, lede: str = "") -> dict[str, Any]:
    return {"title": title, "submit": submit, "cancel": cancel, "lede": lede, "crumbs": _crumbs(title)}


def _tree(units: list[Unit]) -> list[tuple[Unit, int]]:
    """Each unit under its parent, with its depth. Whose parent is closed stands at the top."""
    known = {unit.pk for unit in units}
    below: dict[int | None, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    ordered: list[tuple[Unit, int]] = []
    waiting = [(unit, 0) for unit in reversed(below.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        ordered.append((unit, depth))
        waiting += [(child, depth + 1) for child in reversed(below.get(unit.pk, []))]
    return ordered


def _row(unit: Unit, depth: int) -> dict[str, Any]:
    return {
        "name": unit.name,
        "url": _url(unit),
        "code": unit.code,
        "kind": unit.get_kind_display(),
        "depth": min(depth, 4),
        "duty": _duty(unit),
        "people": getattr(unit, "people", ""),
    }


def _duty(unit: Unit) -> str:
    words = [_("Lead unit")] * unit.is_lead + [_("Responsible unit")] * unit.is_responsible
    return "、".join(str(word) for word in words)


def _facts(unit: Unit) -> list[dict[str, Any]]:
    groups = dict(Unit._meta.get_field("groups").base_field.choices)
    above = unit.parent
    facts = [
        {"label": _("Unit code"), "text": unit.code},
        {"label": _("Kind"), "text": unit.get_kind_display()},
        {"label": _("Belongs to"), "text": above.name if above else "—", "url": _url(above) if above else ""},
        {"label": _("Duties"), "text": _duty(unit) or "—"},
        {"label": _("Assessed with"), "text": "、".join(str(groups[group]) for group in unit.groups) or "—"},
        {"label": _("Office phone"), "text": unit.phone or "—"},
        {"label": _("From"), "text": fmt.full_date(unit.valid_from)},
    ]
    if unit.valid_until:
        facts.append({"label": _("Until"), "text": fmt.full_date(unit.valid_until)})
    if unit.successor:
        facts.append({"label": _("Successor"), "text": unit.successor.name, "url": _url(unit.successor)})
    return facts
