"""Filters of the issue list of the API. Unknown parameters are refused: a misspelt filter must not mean "all"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import django_filters as f
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError

from accounts.actors import Actor
from accounts.roles import Role
from common import clock
from common.forms import within_reach
from issues import policy, states
from issues.api.shape import NO_LIGHT
from issues.models import Issue
from issues.services.search import rows_matching

ORDERINGS = {
    "submitted_at": ("submitted_at", "pk"),
    "-submitted_at": ("-submitted_at", "-pk"),
    "number": ("number",),
    "-number": ("-number",),
}
OTHERS = frozenset({"cursor", "page_size", "ordering", "post", "format"})


def beside_enterprise(actor: Actor) -> Actor:
    """The same person without what was submitted, and without the posts that speak for an enterprise."""
    posts = tuple(post for post in actor.posts if post.role != Role.ENTERPRISE)
    return replace(actor, posts=posts, submitter_of=None, _cache={})


class IssueFilter(f.FilterSet):
    q = f.CharFilter(method="search", max_length=200)
    state = f.MultipleChoiceFilter(choices=states.State)
    phase = f.ChoiceFilter(choices=states.Phase, method="by_phase")
    kind = f.ChoiceFilter(choices=states.IssueKind)
    channel = f.ChoiceFilter(choices=states.Channel)
    urgency = f.ChoiceFilter(choices=states.Urgency)
    difficulty = f.ChoiceFilter(choices=states.Difficulty)
    layer = f.NumberFilter(min_value=1, max_value=3)
    unit = f.CharFilter(field_name="lead_unit__code", max_length=32)
    category = f.CharFilter(field_name="category__name", max_length=40)
    leader = f.CharFilter(field_name="leader__user__username", max_length=150)
    light = f.ChoiceFilter(choices=[("green", "green"), ("yellow", "yellow"), ("red", "red")], method="by_light")
    enterprise = f.CharFilter(method="by_enterprise", max_length=18)
    submitted_after = f.IsoDateTimeFilter(field_name="submitted_at", lookup_expr="gte", validators=[within_reach])
    submitted_before = f.IsoDateTimeFilter(field_name="submitted_at", lookup_expr="lt", validators=[within_reach])

    class Meta:
        model = Issue
        fields: list[str] = []

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def search(self, rows: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        return rows.filter(pk__in=rows_matching(self.actor, value).values("issue"))

    def by_phase(self, rows: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        return rows.filter(state__in=[state for state, phase in states.PHASE_OF.items() if phase == value])

    def by_light(self, rows: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        """Only among those whose light the caller is shown: the own issue as its enterprise has none."""
        now = clock.now()
        rows = rows.exclude(state__in=NO_LIGHT).filter(pk__in=Issue.objects.visible_to(beside_enterprise(self.actor)))
        if value == "red":
            return rows.filter(red_at__lte=now)
        if value == "yellow":
            return rows.filter(yellow_at__lte=now, red_at__gt=now)
        return rows.filter(yellow_at__gt=now)

    def by_enterprise(self, rows: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        """Only among those whose enterprise the caller may know: a filter must not say what the issue hides."""
        return rows.filter(policy.knows_enterprise(self.actor), enterprise__uscc=value)


def apply(params: Mapping[str, Any], actor: Actor, rows: QuerySet[Issue]) -> QuerySet[Issue]:
    unknown = sorted(set(params) - set(IssueFilter.base_filters) - OTHERS)
    if unknown:
        raise ValidationError({name[:80]: [_("There is no such filter.")] for name in unknown})
    if any("\x00" in value for value in params.values()):
        raise ValidationError({"non_field_errors": [_("The text holds a character that cannot be stored.")]})
    found = IssueFilter(data=params, queryset=rows, actor=actor)
    if not found.is_valid():
        raise ValidationError(found.errors)
    return found.qs


def ordering(params: Mapping[str, Any]) -> tuple[str, ...]:
    wanted = params.get("ordering") or "-submitted_at"
    if wanted not in ORDERINGS:
        raise ValidationError({"ordering": [_("One of %(words)s.") % {"words": ", ".join(ORDERINGS)}]})
    return ORDERINGS[wanted]


PARAMETERS = [
    *(OpenApiParameter(name, OpenApiTypes.STR) for name in IssueFilter.base_filters),
    OpenApiParameter("ordering", OpenApiTypes.STR, enum=list(ORDERINGS)),
    OpenApiParameter("cursor", OpenApiTypes.STR),
    OpenApiParameter("page_size", OpenApiTypes.INT),
]
