"""The API of assessments: a month's ranking, the cases behind a figure, the three rates."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as s
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView
from accounts.roles import Group, Role
from assessments import casetable
from assessments.models import FrozenCase, Result, Run
from assessments.rates import BY, Rate, rates
from common import clock
from common.api.paging import Pages
from common.api.schema import ERRORS
from common.errors import NotVisible
from issues.api.shape import local

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class IndicatorOut(s.Serializer):
    code = s.CharField()
    numerator = s.IntegerField()
    denominator = s.IntegerField()
    value = s.FloatField(allow_null=True, help_text="numerator ÷ denominator, 0–1")
    points = s.FloatField(allow_null=True)
    weight = s.FloatField()


class CompletionOut(s.Serializer):
    met = s.IntegerField()
    due = s.IntegerField()
    value = s.FloatField(allow_null=True)


class ResultOut(s.Serializer):
    unit = s.CharField()
    name = s.CharField()
    group = s.ChoiceField(Group)
    rank = s.IntegerField(allow_null=True)
    why_not = s.CharField(allow_null=True, help_text="why the unit is not ranked")
    score = s.FloatField(allow_null=True, help_text="0–100, not rounded")
    grade = s.CharField(allow_null=True)
    red_card = s.BooleanField()
    indicators = IndicatorOut(many=True)
    deductions = s.FloatField()
    completion = CompletionOut()
    early = s.IntegerField()
    paused = s.IntegerField()
    lost_days = s.IntegerField()
    window = s.IntegerField(help_text="months")
    state = s.CharField()


class CaseOut(s.Serializer):
    indicator = s.CharField()
    issue = s.CharField()
    counts = s.BooleanField(help_text="in the numerator")
    part = s.CharField(allow_null=True)
    points = s.FloatField()
    due_at = s.DateTimeField(allow_null=True)
    done_at = s.DateTimeField(allow_null=True)
    lost_days = s.IntegerField()
    excluded = s.BooleanField()


class RateOut(s.Serializer):
    numerator = s.IntegerField()
    denominator = s.IntegerField()
    value = s.FloatField(allow_null=True)


class RatesOut(s.Serializer):
    key = s.CharField()
    name = s.CharField()
    response = RateOut(required=False, help_text="not for enterprises: it tells of deadlines that they are not shown")
    solved = RateOut()
    satisfied = RateOut()


def result_shape(run: Run, row: Result) -> dict[str, Any]:
    return {
        "unit": row.unit.code,
        "name": row.unit_name,
        "group": row.group,
        "rank": row.rank,
        "why_not": row.why_not or None,
        "score": number(row.score),
        "grade": row.grade or None,
        "red_card": row.red_card,
        "indicators": [
            {name: figure[name] for name in ("code", "numerator", "denominator")}
            | {name: number(figure[name]) for name in ("value", "points", "weight")}
            for figure in row.indicators
        ],
        "deductions": number(row.deductions),
        "completion": {"met": row.met, "due": row.due, "value": share(row.met, row.due)},
        "early": row.early,
        "paused": row.paused,
        "lost_days": row.lost_days,
        "window": row.window,
        "state": run.state,
    }


def number(value: Decimal | str | None) -> float | None:
    """Computed in Decimal, told as a plain JSON number: rounding to two places is for show only."""
    return None if value is None else float(value)


def share(numerator: int, denominator: int) -> float | None:
    return number(Decimal(numerator) / denominator) if denominator else None


class AssessmentView(ApiView):
    def run(self, month: str) -> Run:
        run = Run.objects.visible_to(self.actor).current(month) if MONTH.fullmatch(month) else None
        if run is None:
            raise NotVisible
        return run


class Monthly(AssessmentView):
    @extend_schema(
        operation_id="assessments_monthly",
        summary="The ranking of a month, all groups in one answer",
        parameters=[OpenApiParameter("group", OpenApiTypes.STR, enum=Group.values)],
        responses={200: ResultOut(many=True), **ERRORS},
    )
    def get(self, request: Request, month: str) -> Response:
        run = self.run(month)
        rows = Result.objects.visible_to(self.actor).filter(run=run).select_related("unit")
        if group := request.query_params.get("group"):
            if group not in Group.values:
                raise ValidationError({"group": [_("There is no such group.")]})
            rows = rows.filter(group=group)
        order = {name: n for n, name in enumerate(Group.values)}
        ordered = sorted(rows, key=lambda row: (row.rank is None, order[row.group], row.rank or 0, row.unit_name))
        return Response([result_shape(run, row) for row in ordered])


class Cases(AssessmentView):
    @extend_schema(
        operation_id="assessments_cases",
        summary="The cases behind a figure",
        parameters=[OpenApiParameter("indicator", OpenApiTypes.STR, enum=list(casetable.CODES))],
        responses={200: CaseOut(many=True), **ERRORS},
    )
    def get(self, request: Request, month: str, unit: str) -> Response:
        run = self.run(month)
        row = Result.objects.visible_to(self.actor).filter(run=run, unit__code=unit).first()
        if row is None:
            raise NotVisible
        indicator = request.query_params.get("indicator", "")
        if indicator and indicator not in casetable.CODES:
            raise ValidationError({"indicator": [_("There is no such indicator.")]})
        pages = Pages()
        pages.ordering = "pk"
        found = pages.paginate_queryset(casetable.cases(self.actor, row, indicator), request, view=self)
        return pages.get_paginated_response([case_shape(case) for case in found or []])


def case_shape(case: FrozenCase) -> dict[str, Any]:
    return {
        "indicator": case.indicator,
        "issue": case.ref,
        "counts": case.counts,
        "part": case.part or None,
        "points": number(case.points),
        "due_at": local(case.due_at),
        "done_at": local(case.done_at),
        "lost_days": case.lost_days,
        "excluded": case.excluded,
    }


class Rates(ApiView):
    @extend_schema(
        operation_id="rates",
        summary="Response, solved, satisfied, with numerators and denominators",
        parameters=[
            OpenApiParameter("from", OpenApiTypes.DATE, description="the first day (default: of this month)"),
            OpenApiParameter("to", OpenApiTypes.DATE, description="the last day (default: today)"),
            OpenApiParameter("by", OpenApiTypes.STR, enum=list(BY)),
        ],
        responses={200: RatesOut(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        today = clock.today()
        since = self._day("from", today.replace(day=1))
        until = self._day("to", today, after=True)
        found = rates(actor=self.actor, since=since, until=until, by=request.query_params.get("by"))
        # Over few cases of one's own the share of feedbacks in time would be the clock that an enterprise isn't shown.
        hidden = self.actor.roles <= {Role.ENTERPRISE}
        shown = ("solved", "satisfied") if hidden else ("response", "solved", "satisfied")
        return Response(
            [
                {"key": one.key, "name": one.name, **{name: rate_shape(getattr(one, name)) for name in shown}}
                for one in found
            ]
        )

    def _day(self, name: str, default: Any, *, after: bool = False) -> datetime:

        text = self.request.query_params.get(name)
        try:
            day = parse_date(text) if text else default
        except ValueError:
            day = None
        if day is None or not 1990 <= day.year <= 2100:
            raise ValidationError({name: [_("This is not a date; write it as 2026-11-20.")]})
        return datetime.combine(day + timedelta(days=1 if after else 0), time(), clock.SHANGHAI)


def rate_shape(rate: Rate) -> dict[str, Any]:
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "value": share(rate.numerator, rate.denominator),
    }
