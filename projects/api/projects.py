"""The API of projects: list, enter, read, change, and on to the next stage."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers as s
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.api.base import ApiView, body_of, one_post, plain, refuse_unknown
from accounts.policy import can
from accounts.roles import Role
from common import clock
from common.api.idempotency import answer_once
from common.api.paging import Pages
from common.api.problems import CONTENT_TYPE, problem
from common.api.schema import ERRORS, KEY
from common.errors import Conflict, NotVisible, PermissionDenied
from projects import filters, policy, services
from projects.api import given, shape
from projects.models import Project
from projects.services.projects import DESCRIBED
from projects.states import NEXT, ApprovalType, Category, Level, Stage

CODE = OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH, description="code of the project")
FINDS: dict[str, given.Find] = {
    "enterprise": given.enterprise,
    "chain": given.chain,
    "manager": given.post(Role.LEADER, Role.CHIEF),
    **dict.fromkeys(shape.UNITS, given.unit),
}
OTHERS = frozenset({"cursor", "page_size", "ordering", "post", "format"})
STEPS = ("advance", "override_gate", "terminate", "strike_off")
ORDERINGS = {"code": ("code",), "-code": ("-code",), "-total_investment": ("-total_investment", "pk")}


class ProjectIn(s.Serializer):
    code = s.CharField(max_length=32)
    name = s.CharField(max_length=200)
    enterprise = s.CharField(required=False, allow_null=True, help_text="credit code")
    investor = s.CharField(required=False, allow_blank=True, max_length=200)
    content = s.CharField(required=False, allow_blank=True, max_length=4000)
    level = s.ChoiceField(Level.choices, required=False)
    category = s.ChoiceField(Category.choices, required=False, allow_blank=True)
    approval_type = s.ChoiceField(ApprovalType.choices, required=False, allow_blank=True)
    fast_early = s.BooleanField(required=False, help_text="批前提速")
    fast_promise = s.BooleanField(required=False, help_text="承诺审批")
    fast_build = s.BooleanField(required=False, help_text="先建后验")
    chain = s.CharField(required=False, allow_null=True, help_text="name of the industry chain")
    industry = s.CharField(required=False, allow_blank=True, max_length=100)
    unit = s.CharField(required=False, allow_null=True, help_text="code of the responsible unit")
    lead_unit = s.CharField(required=False, allow_null=True)
    town = s.CharField(required=False, allow_null=True)
    park = s.CharField(required=False, allow_null=True)
    place = s.CharField(required=False, allow_blank=True, max_length=200)
    total_investment = s.DecimalField(14, 2, required=False, allow_null=True, help_text="万元")
    land_area = s.DecimalField(10, 2, required=False, allow_null=True, help_text="亩")
    note = s.CharField(required=False, allow_blank=True, max_length=4000)


class NewProjectIn(ProjectIn):
    manager = s.CharField(required=False, allow_null=True, help_text="user name of the first manager, a leader")


class ChangeProjectIn(ProjectIn):
    code = None  # type: ignore[assignment]  # stays for ever
    version = s.IntegerField(required=False, min_value=1)


class ProjectOut(ProjectIn):
    enterprise_name = s.CharField(allow_null=True)
    manager = s.CharField(allow_null=True)
    stage = s.ChoiceField(Stage.choices)
    stage_since = s.DateField(allow_null=True)
    talks_on = s.DateField(allow_null=True)
    signed_on = s.DateField(allow_null=True)
    capital_in_on = s.DateField(allow_null=True)
    started_on = s.DateField(allow_null=True)
    completed_on = s.DateField(allow_null=True)
    produced_on = s.DateField(allow_null=True)
    capacity_on = s.DateField(allow_null=True)
    light = s.CharField(allow_null=True)
    ended_reason = s.CharField(required=False)
    version = s.IntegerField()


class StageIn(s.Serializer):
    to = s.ChoiceField(Stage.choices)
    override_reason = s.CharField(
        required=False, max_length=500, help_text="go on although something is missing, and why"
    )
    reason = s.CharField(required=False, max_length=500, help_text="why it is terminated or struck off")
    version = s.IntegerField(required=False, min_value=1)


class ProjectView(ApiView):
    def project(self, actor: Actor, code: str, *, whole: bool = False) -> Project:
        """``whole``: with all that is told of it, for who is going to be told."""
        rows = Project.objects.visible_to(actor)
        if whole:
            rows = rows.for_list().with_light(clock.today())
        row = rows.filter(code=plain(code)).first()
        if row is None:
            raise NotVisible
        return row

    def shown(self, actor: Actor, code: str, status: int = 200) -> Response:
        row = self.project(actor, code, whole=True)
        return Response(shape.project(row, actor, whole=policy.reads_whole(actor, row)), status=status)

    def sent(self, request: Request) -> tuple[Actor, dict[str, Any]]:
        data = body_of(request)
        return one_post(self.actor, data.pop("post", None)), data


class Projects(ProjectView):
    @extend_schema(
        operation_id="projects_list",
        summary="Projects that the caller may see",
        parameters=[
            *(OpenApiParameter(name, OpenApiTypes.STR) for name in filters.ProjectFilter.base_filters),
            OpenApiParameter("ordering", OpenApiTypes.STR, enum=list(ORDERINGS)),
        ],
        responses={200: ProjectOut(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        params = request.query_params
        actor = one_post(self.actor, params.get("post"))
        refuse_unknown(dict(params), set(filters.ProjectFilter.base_filters) | OTHERS)
        seen = Project.objects.visible_to(actor).for_list().with_light(clock.today())
        found = filters.ProjectFilter(data={name: plain(params[name]) for name in params}, queryset=seen)
        if not found.is_valid():
            raise ValidationError(found.errors)
        pages = Pages()
        order = params.get("ordering", "code")
        if order not in ORDERINGS:
            raise ValidationError({"ordering": [_("Choose one of the list.")]})
        pages.ordering = ORDERINGS[order]
        rows = pages.paginate_queryset(found.qs, request, view=self)
        keys = [row.pk for row in rows or []]
        whole = set(Project.objects.whole_for(actor).filter(pk__in=keys).values_list("pk", flat=True))
        return pages.get_paginated_response([shape.project(row, actor, whole=row.pk in whole) for row in rows or []])

    @extend_schema(
        operation_id="projects_create",
        summary="A new project, in the stage of planning",
        parameters=[KEY],
        request=NewProjectIn,
        responses={201: ProjectOut, **ERRORS},
        examples=[
            OpenApiExample(
                "create",
                value={"code": "XM2026-0301", "name": "江澜智能工厂", "total_investment": "52000.00", "unit": "WCZ"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        actor, data = self.sent(request)
        return answer_once(request, lambda: self._create(actor, data))

    def _create(self, actor: Actor, data: dict[str, Any]) -> Response:
        if not can(actor, "create_project", Project):
            raise PermissionDenied(_("Your post may not do this."))
        values = given.values(NewProjectIn, data, actor, FINDS, partial=False)
        made = services.create_project(actor=actor, **values)
        return self.shown(actor, made.code, status=201)


class OneProject(ProjectView):
    @extend_schema(
        operation_id="projects_read", summary="One project", parameters=[CODE], responses={200: ProjectOut, **ERRORS}
    )
    def get(self, request: Request, code: str) -> Response:
        return self.shown(one_post(self.actor, request.query_params.get("post")), code)

    @extend_schema(
        operation_id="projects_change",
        summary="Change a project; the responsible unit what it keeps itself",
        parameters=[CODE],
        request=ChangeProjectIn,
        responses={200: ProjectOut, **ERRORS},
    )
    def patch(self, request: Request, code: str) -> Response:
        actor, data = self.sent(request)
        row = self.project(actor, code)
        verb = services.change_project
        if not can(actor, "change_project", row) and can(actor, "describe_project", row):
            verb = services.describe_project
            refuse_unknown(data, DESCRIBED | {"version"})
        elif not can(actor, "change_project", row):
            raise PermissionDenied(_("Your post may not do this."))
        verb(actor=actor, code=row.code, **given.values(ChangeProjectIn, data, actor, FINDS, partial=True))
        return self.shown(actor, row.code)


class ProjectStage(ProjectView):
    @extend_schema(
        operation_id="projects_stage",
        summary="On to the next stage; 409 “gate” with what is missing",
        parameters=[CODE, KEY],
        request=StageIn,
        responses={200: ProjectOut, **ERRORS},
        examples=[OpenApiExample("advance", value={"to": "signing", "version": 4}, request_only=True)],
    )
    def post(self, request: Request, code: str) -> Response:
        actor, data = self.sent(request)
        return answer_once(request, lambda: self._step(actor, code, data))

    def _step(self, actor: Actor, code: str, data: dict[str, Any]) -> Response:
        row = self.project(actor, code)
        if not any(can(actor, action, row) for action in STEPS):
            raise PermissionDenied(_("Your post may not do this."))
        values = given.values(StageIn, data, actor, {}, partial=False)
        to, version = values["to"], values.get("version")
        try:
            if to == Stage.TERMINATED:
                services.terminate(actor=actor, code=code, reason=values.get("reason", ""), version=version)
            elif to == Stage.STRUCK_OFF:
                services.strike_off(actor=actor, code=code, reason=values.get("reason", ""), version=version)
            else:
                self._advance(actor, row, to, values.get("override_reason"), version)
        except Conflict as held:
            if held.code != "gate":
                raise
            answer = problem(409, held.message, code="gate", **held.facts)
            return Response(answer, status=409, content_type=CONTENT_TYPE)
        return self.shown(actor, code)

    def _advance(self, actor: Actor, row: Project, to: str, why: str | None, version: int | None) -> None:
        if to != NEXT.get(Stage(row.stage)):
            raise Conflict(_("This is not the next stage."), state=row.stage, version=row.version)
        if why is None:
            services.advance(actor=actor, code=row.code, version=version)
        else:
            services.override_gate(actor=actor, code=row.code, reason=why, version=version)
