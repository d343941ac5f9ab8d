"""The filters of the list of projects: all in the address, so that a colleague who gets it sees the same, within
rights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_filters as f
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.models import Unit
from common import clock
from deadlines.states import Light
from projects import states
from projects.models import Project

# Words of the parameter ``stage`` besides the stages themselves.
LIVING, ALL = "living", "all"
STAGES = [(LIVING, gettext_lazy("All under way")), *states.Stage.choices, (ALL, gettext_lazy("All"))]
ANY = gettext_lazy("Any")
LIGHTS = [("late", gettext_lazy("Overdue or longer")), *Light.choices]
ORDERS = {
    "code": (gettext_lazy("by code"), ("code",)),
    "money": (gettext_lazy("by investment"), ("-total_investment", "id")),
}


def _choice(choices: Any, **more: Any) -> f.ChoiceFilter:
    return f.ChoiceFilter(choices=choices, empty_label=ANY, **more)


def unit_choices() -> list[tuple[str, str]]:
    units = Unit.objects.living().order_by("kind", "pinyin")
    return [(unit.code, unit.label) for unit in units]


class ProjectFilter(f.FilterSet):
    q = f.CharFilter(method="search", max_length=200, label=gettext_lazy("Code, name, enterprise"))
    stage = _choice(STAGES, method="by_stage", label=gettext_lazy("Stage"))
    category = _choice(states.Category.choices, label=gettext_lazy("Project category"))
    level = _choice(states.Level.choices, label=gettext_lazy("Level"))
    light = _choice(LIGHTS, method="by_light", label=gettext_lazy("Light"))
    unit = _choice((), method="by_unit", label=gettext_lazy("Unit, town or park"))

    class Meta:
        model = Project
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["unit"].extra["choices"] = unit_choices()

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.matching(value.strip()) if value.strip() else rows

    def by_stage(self, rows: Any, name: str, value: str) -> Any:
        if value == ALL:
            return rows
        return rows.living() if value == LIVING else rows.filter(stage=value)

    def by_light(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(light__in=(Light.OVERDUE, Light.RED) if value == "late" else (value,))

    def by_unit(self, rows: Any, name: str, value: str) -> Any:
        return rows.of_unit(Unit.objects.filter(code=value).values("pk")[:1])


@dataclass
class Found:
    """What a list's address asks for: the rows, the form with it, and how it is sorted."""

    rows: QuerySet[Project]
    form: Any
    order: str
    chosen: dict[str, str]


def find(params: QueryDict, actor: Actor) -> Found:
    """The rows of an address. Without a stage only those under way; what makes no sense finds nothing."""
    data = {name: value for name in ProjectFilter.base_filters if (value := params.get(name, "").replace("\x00", ""))}
    data.setdefault("stage", ALL if data.get("q") else LIVING)
    order = params.get("order", "code")
    found = ProjectFilter(data=data, queryset=Project.objects.visible_to(actor).with_light(clock.today()))
    rows = found.qs if found.is_valid() else Project.objects.none()
    return Found(rows=rows, form=found.form, order=order if order in ORDERS else "code", chosen=data)


def chips(found: Found, base: str) -> list[dict[str, str]]:
    """Each chosen condition in words, with the address of the list without it."""
    chips = []
    for name, value in found.chosen.items():
        if name == "stage" and value == ALL:
            continue
        words = str(dict(getattr(found.form.fields[name], "choices", ())).get(value, value))
        rest = {key: kept for key, kept in found.chosen.items() if key != name}
        if name == "stage":
            rest["stage"] = ALL
        text = _("contains “%(value)s”") % {"value": words} if name == "q" else words
        chips.append({"text": text, "url": address(base, rest, found.order)})
    return chips


def address(base: str, chosen: dict[str, str], order: str = "code") -> str:
    query = QueryDict(mutable=True)
    query.update({key: value for key, value in chosen.items() if value})
    if order != "code":
        query["order"] = order
    return f"{base}?{query.urlencode()}" if query else base
