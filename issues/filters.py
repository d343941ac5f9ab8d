"""The filters of the issue list: all in the address, so that a colleague who gets it sees the same, within rights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import django_filters as f
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.models import Unit
from common import clock
from common.forms import FIRST_YEAR, LAST_YEAR
from issues import policy, states
from issues.forms import category_choices, unit_choices
from issues.models import Issue
from issues.services.search import rows_matching

# Words of the parameter ``state`` besides the states themselves.
OPEN, ALL, ENDED = "open", "all", "ended"
STATES = [
    (OPEN, gettext_lazy("All at work")),
    *states.State.choices,
    (ENDED, gettext_lazy("All ended")),
    (ALL, gettext_lazy("All")),
]
LIGHTS = [
    ("late", gettext_lazy("Yellow and red")),
    ("red", gettext_lazy("Red")),
    ("yellow", gettext_lazy("Yellow")),
    ("green", gettext_lazy("Green")),
]
DUE = [
    ("past", gettext_lazy("Already overdue")),
    ("today", gettext_lazy("Today")),
    ("week", gettext_lazy("Within this week")),
    ("month", gettext_lazy("Within this month")),
]
LAYERS = [("1", gettext_lazy("First layer")), ("2", gettext_lazy("Second layer")), ("3", gettext_lazy("Third layer"))]
ANY = gettext_lazy("Any")


@dataclass(frozen=True)
class Order:
    """How a list is sorted; ``only`` keeps to rows that have a value, so that the partial index carries it."""

    label: Any
    fields: tuple[str, ...]
    only: str = ""


ORDERS = {
    "newest": Order(gettext_lazy("newest first"), ("-submitted_at", "-id")),
    "due": Order(gettext_lazy("by due date"), ("due_at", "id"), only="due_at"),
    "red": Order(gettext_lazy("most overdue first"), ("red_at", "id"), only="red_at"),
}


def _choice(choices: Any, **more: Any) -> f.ChoiceFilter:
    return f.ChoiceFilter(choices=choices, empty_label=ANY, **more)


def a_month(value: str) -> None:
    if month_span(value) is None:
        raise ValidationError(_("Give the month as YYYY-MM."))


class IssueFilter(f.FilterSet):
    q = f.CharFilter(method="search", max_length=200, label=gettext_lazy("Number, words, enterprise"))
    state = _choice(STATES, method="by_state", label=gettext_lazy("State"))
    light = _choice(LIGHTS, method="by_light", label=gettext_lazy("Light"))
    unit = _choice((), method="by_unit", label=gettext_lazy("Unit in charge"))
    due = _choice(DUE, method="by_due", label=gettext_lazy("Due"))
    category = _choice((), field_name="category__name", label=gettext_lazy("Category"))
    channel = _choice(states.Channel.choices, label=gettext_lazy("Channel"))
    urgency = _choice(states.Urgency.choices, label=gettext_lazy("Urgency"))
    layer = _choice(LAYERS, label=gettext_lazy("Layer"))
    kind = _choice(states.IssueKind.choices, label=gettext_lazy("Kind"))
    month = f.CharFilter(method="by_month", max_length=7, validators=[a_month], label=gettext_lazy("Submitted in"))
    enterprise = f.CharFilter(method="by_enterprise", max_length=18, label=gettext_lazy("Enterprise (credit code)"))

    class Meta:
        model = Issue
        fields: list[str] = []

    def __init__(self, *args: Any, actor: Actor, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.now = actor, now
        # Only asked for when the form is drawn or checked; the choices are two small queries.
        self.filters["unit"].extra["choices"] = unit_choices()
        self.filters["category"].extra["choices"] = category_choices()[1:]

    def search(self, rows: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        if not value.strip():
            return rows
        return rows.filter(pk__in=rows_matching(self.actor, value).values("issue"))

    def by_state(self, rows: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        if value == ALL:
            return rows
        if value == OPEN:
            return rows.filter(state__in=states.OPEN)
        if value == ENDED:
            return rows.filter(state__in=states.FINAL)
        return rows.filter(state=value)

    def by_light(self, rows: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        """Ranges over the instants on the row; what is suspended or being rated has none."""
        if value == "red":
            return rows.filter(red_at__lte=self.now)
        if value == "late":
            return rows.filter(yellow_at__lte=self.now)
        if value == "yellow":
            return rows.filter(yellow_at__lte=self.now, red_at__gt=self.now)
        return rows.filter(yellow_at__gt=self.now)

    def by_unit(self, rows: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        return rows.filter(lead_unit=Unit.objects.filter(code=value).values("pk")[:1])

    def by_due(self, rows: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        if value == "past":
            return rows.filter(due_at__lt=self.now)
        return rows.filter(due_at__lt=end_of(value, self.now))

    def by_month(self, rows: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        span = month_span(value)
        return rows.filter(submitted_at__gte=span[0], submitted_at__lt=span[1]) if span else rows.none()

    def by_enterprise(self, rows: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        """Only among those whose enterprise the reader may know: a filter must not say what the issue hides."""
        return rows.filter(policy.knows_enterprise(self.actor), enterprise__uscc=value)


def end_of(word: str, now: datetime) -> datetime:
    """The first instant after today, this week or this month in Asia/Shanghai."""
    midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if word == "today":
        return midnight + timedelta(days=1)
    if word == "week":
        return midnight + timedelta(days=7 - midnight.weekday())
    return (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_span(value: str) -> tuple[datetime, datetime] | None:
    """The first instants of the month 2026-10 and of the next one."""
    try:
        first = datetime.strptime(value, "%Y-%m").replace(tzinfo=clock.SHANGHAI)
    except ValueError:
        return None
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        return None
    return first, (first + timedelta(days=32)).replace(day=1)


@dataclass
class Found:
    """What a list's address asks for: the rows, the form with it, and how it is sorted."""

    rows: QuerySet[Issue]
    form: Any
    order: str
    chosen: dict[str, str]


def find(params: QueryDict, actor: Actor, now: datetime) -> Found:
    """The rows of an address. Without a state only those at work; a parameter that makes no sense finds nothing."""
    data = {name: value for name in IssueFilter.base_filters if (value := params.get(name, "").replace("\x00", ""))}
    data.setdefault("state", ALL if data.get("q") else OPEN)
    order = params.get("order", "newest")
    order = order if order in ORDERS else "newest"
    found = IssueFilter(data=data, queryset=Issue.objects.visible_to(actor), actor=actor, now=now)
    rows = found.qs if found.is_valid() else Issue.objects.none()
    if only := ORDERS[order].only:
        rows = rows.filter(Q(**{f"{only}__isnull": False}))
    return Found(rows=rows, form=found.form, order=order, chosen=data)


def chips(found: Found, base: str) -> list[dict[str, str]]:
    """Each chosen condition in words, with the address of the list without it."""
    chips = []
    for name, value in found.chosen.items():
        field = found.form.fields[name]
        words = str(dict(_flat(getattr(field, "choices", ()))).get(value, value))
        label = {
            "q": _("contains “%(value)s”"),
            "due": _("due: %(value)s"),
            "month": _("submitted in %(value)s"),
            "enterprise": _("enterprise %(value)s"),
        }.get(name, "%(value)s") % {"value": words}
        if name == "state" and value == ALL:
            continue
        rest = {key: kept for key, kept in found.chosen.items() if key != name}
        if name == "state":
            rest["state"] = ALL
        chips.append({"text": label, "url": address(base, rest, found.order)})
    return chips


def _flat(choices: Any) -> list[tuple[str, Any]]:
    flat: list[tuple[str, Any]] = []
    for value, label in choices:
        flat += label if isinstance(label, list | tuple) else [(value, label)]
    return flat


def address(base: str, chosen: dict[str, str], order: str = "newest") -> str:
    query = QueryDict(mutable=True)
    query.update({key: value for key, value in chosen.items() if value})
    if order != "newest":
        query["order"] = order
    return f"{base}?{query.urlencode()}" if query else base
