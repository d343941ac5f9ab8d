"""The API of decisions and the feedback on them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.api.base import ApiView, body_of, one_post, refuse_unknown
from common.api.idempotency import answer_once
from common.api.paging import Pages
from common.api.schema import ERRORS, KEY
from common.errors import NotVisible
from issues import reading, services
from issues.api import schema, shape
from issues.api.views import complete, number_of, scalars
from issues.models import Decision, Issue
from issues.services.step import begin


class Decisions(ApiView):
    @extend_schema(
        operation_id="decisions_list",
        summary="Decisions that the caller may see",
        parameters=[OpenApiParameter("issue", OpenApiTypes.STR, description="number of the issue")],
        responses={200: schema.DecisionOut(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        rows = Decision.objects.visible_to(self.actor).for_api()
        if number := request.query_params.get("issue"):
            rows = rows.filter(issue__number=number)
        pages = Pages()
        found = pages.paginate_queryset(rows, request, view=self)
        reading.note_commercial(self.actor, {one.issue.pk: one.issue for one in found or [] if one.issue}.values())
        return pages.get_paginated_response([shape.decision_of(one, self.actor) for one in found or []])

    @extend_schema(
        operation_id="decisions_decide",
        summary="Decide on an issue (the same as its action decide)",
        parameters=[KEY],
        request=schema.DecisionIn,
        responses={201: schema.DecisionOut, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        data = body_of(request)
        actor, number = one_post(self.actor, data.pop("post", None)), str(data.pop("issue", "") or "")
        version = number_of(data.pop("version", None))
        return answer_once(request, lambda: self._decide(actor, number, version, data))

    def _decide(self, actor: Actor, number: str, version: int | None, data: dict[str, Any]) -> Response:
        if not number:
            raise ValidationError({"issue": [_("Give the number of the issue.")]})
        issue = Issue.objects.visible_to(actor).filter(number=number).first()
        if issue is None:
            raise NotVisible
        begin(issue_id=issue.pk, actor=actor, action="decide", version=version)
        verb, fields = services.ACTIONS["decide"]
        refuse_unknown(data, fields)
        scalars(data, but={"co_units"})
        if not isinstance(data.get("co_units") or [], list):
            raise ValidationError({"co_units": [_("A list of codes is expected.")]})
        verb(issue_id=issue.pk, actor=actor, version=version, **complete(verb, fields, data))
        made = Decision.objects.for_api().filter(issue=issue).order_by("-pk").first()
        return Response(shape.decision_of(made, actor), status=201) if made else Response(status=201)


class FeedBackDecision(ApiView):
    @extend_schema(
        operation_id="decisions_feedback",
        summary="The responsible unit's feedback; done ends the decision",
        parameters=[KEY],
        request=schema.DecisionFeedbackIn,
        responses={200: schema.DecisionOut, **ERRORS},
    )
    def post(self, request: Request, pk: int) -> Response:
        data = body_of(request)
        actor = one_post(self.actor, data.pop("post", None))
        return answer_once(request, lambda: self._feed_back(actor, pk, data))

    def _feed_back(self, actor: Actor, pk: int, data: dict[str, Any]) -> Response:
        # A first look, so that what is not there or not allowed is told before unknown fields.
        if not Decision.objects.visible_to(actor).filter(pk=pk).exists():
            raise NotVisible
        with transaction.atomic():
            refuse_unknown(data, {"text", "done"})
            scalars(data, but=set())
            services.feed_back_decision(
                decision_id=pk, actor=actor, text=data.get("text") or "", done=data.get("done") or False
            )
        return Response(shape.decision_of(Decision.objects.for_api().get(pk=pk), actor))
