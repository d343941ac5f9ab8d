"""The API of master data: enterprises by credit code, service lines, industry chains."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.api.base import ApiView, body_of, one_post, plain
from accounts.models import Post
from accounts.policy import can
from accounts.roles import Role
from common import clock, fmt
from common.api.idempotency import answer_once
from common.api.paging import Pages
from common.api.schema import ERRORS, KEY
from common.errors import NotVisible, PermissionDenied
from projects import services
from projects.api import given
from projects.models import Chain, Enterprise, Line, Project
from projects.states import Ownership, Size

Q = OpenApiParameter("q", OpenApiTypes.STR)
LEADING = (Role.LEADER, Role.CHIEF)


class EnterpriseIn(s.Serializer):
    name = s.CharField(max_length=200)
    uscc = s.CharField(max_length=18, required=False, allow_null=True)
    override_reason = s.CharField(required=False, help_text="why a code whose check character is wrong is right")
    town = s.CharField(required=False, allow_null=True, help_text="unit code")
    is_key = s.BooleanField(required=False)
    ownership = s.ChoiceField(Ownership.choices, required=False, allow_blank=True)
    size = s.ChoiceField(Size.choices, required=False, allow_blank=True)
    industry = s.CharField(required=False, allow_blank=True, max_length=100)
    address = s.CharField(required=False, allow_blank=True, max_length=200)
    channel = s.CharField(required=False, allow_blank=True, max_length=200)
    contact_name = s.CharField(required=False, allow_blank=True, max_length=100)
    contact_phone = s.CharField(required=False, allow_blank=True, max_length=32, help_text="masked in answers")
    liaison_leader = s.CharField(required=False, allow_null=True, help_text="user name")
    liaison_unit = s.CharField(required=False, allow_null=True, help_text="unit code")
    specialist = s.CharField(required=False, allow_null=True, help_text="user name")


class EnterpriseOut(EnterpriseIn):
    override_reason = None  # type: ignore[assignment]  # is asked for, never told


class LineIn(s.Serializer):
    name = s.CharField(max_length=100)
    year = s.IntegerField(min_value=2000, max_value=2100)
    order = s.IntegerField(required=False, min_value=1, max_value=999)
    leader = s.CharField(help_text="user name")
    office = s.CharField(help_text="unit code")
    units = s.ListField(child=s.CharField(), required=False, help_text="unit codes")


class LineOut(LineIn):
    id = s.IntegerField()
    categories = s.ListField(child=s.CharField())
    projects = s.ListField(child=s.CharField(), help_text="codes of the projects that the caller sees")
    ends_on = s.DateField(allow_null=True)


class ChainIn(s.Serializer):
    name = s.CharField(max_length=100)
    leader = s.CharField(required=False, allow_null=True, help_text="user name of the chain leader")
    adviser = s.CharField(required=False, allow_blank=True, max_length=200)
    units = s.ListField(child=s.CharField(), required=False, help_text="codes of the units of the task force")
    chief_months = s.IntegerField(required=False, min_value=1, max_value=24)
    force_months = s.IntegerField(required=False, min_value=1, max_value=24)
    starts_on = given.Day()
    ends_on = given.Day(required=False, allow_null=True)


class ChainOut(ChainIn):
    id = s.IntegerField()


ENTERPRISE_FINDS: dict[str, given.Find] = {
    "town": given.unit,
    "liaison_unit": given.unit,
    "liaison_leader": given.post(Role.LEADER),
    "specialist": given.post(Role.SPECIALIST),
}
CHAIN_FINDS: dict[str, given.Find] = {"leader": given.post(Role.LEADER, Role.CHIEF), "units": given.unit}
LINE_FINDS: dict[str, given.Find] = {"leader": given.post(*LEADING), "office": given.unit, "units": given.unit}


def who(post: Post | None) -> str | None:
    return post.user.username if post else None


def enterprise_shape(row: Enterprise, actor: Actor) -> dict[str, Any]:
    contact = can(actor, "view_contact", row)
    return {
        "name": row.name,
        "uscc": row.uscc,
        "town": row.town.code if row.town else None,
        "is_key": row.is_key,
        **{name: getattr(row, name) for name in ("ownership", "size", "industry", "address", "channel")},
        "contact_name": row.contact_name if contact else "",
        "contact_phone": fmt.masked(row.contact_phone) if contact else "",
        "liaison_leader": who(row.liaison_leader),
        "liaison_unit": row.liaison_unit.code if row.liaison_unit else None,
        "specialist": who(row.specialist),
    }


def line_shape(row: Line, seen: frozenset[int]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "year": row.year,
        "order": row.order,
        "leader": who(row.leader),
        "office": row.office.code,
        "units": [unit.code for unit in row.units.all()],
        "categories": row.categories,
        "projects": [one.code for one in row.projects.all() if one.pk in seen],
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
    }


def demand(actor: Actor, action: str, obj: Any) -> None:
    if not can(actor, action, obj):
        raise PermissionDenied(_("Your post may not do this."))


class Enterprises(ApiView):
    @extend_schema(
        operation_id="enterprises_list",
        summary="Enterprises that the caller may see",
        parameters=[Q],
        responses={200: EnterpriseOut(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        rows = Enterprise.objects.visible_to(self.actor).living().for_list()
        if words := plain(request.query_params.get("q", "")):
            rows = rows.matching(words)
        pages = Pages()
        pages.ordering = ("pinyin", "pk")
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([enterprise_shape(row, self.actor) for row in found or []])

    @extend_schema(
        operation_id="enterprises_create",
        summary="A new enterprise",
        parameters=[KEY],
        request=EnterpriseIn,
        responses={201: EnterpriseOut, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        data = body_of(request)
        actor = one_post(self.actor, data.pop("post", None))
        return answer_once(request, lambda: self._create(actor, data))

    def _create(self, actor: Actor, data: dict[str, Any]) -> Response:
        demand(actor, "create_enterprise", Enterprise)
        values = given.values(EnterpriseIn, data, actor, ENTERPRISE_FINDS, partial=False)
        return Response(enterprise_shape(services.create_enterprise(actor=actor, **values), actor), status=201)


class OneEnterprise(ApiView):
    @extend_schema(operation_id="enterprises_read", summary="One enterprise", responses={200: EnterpriseOut, **ERRORS})
    def get(self, request: Request, uscc: str) -> Response:
        return Response(enterprise_shape(self._row(uscc), self.actor))

    @extend_schema(
        operation_id="enterprises_change",
        summary="Change an enterprise",
        request=EnterpriseIn,
        responses={200: EnterpriseOut, **ERRORS},
    )
    def patch(self, request: Request, uscc: str) -> Response:
        data = body_of(request)
        actor = one_post(self.actor, data.pop("post", None))
        row = self._row(uscc)
        demand(actor, "change_enterprise", row)
        values = given.values(EnterpriseIn, data, actor, ENTERPRISE_FINDS, partial=True)
        return Response(
            enterprise_shape(services.change_enterprise(actor=actor, enterprise_id=row.pk, **values), actor)
        )

    def _row(self, uscc: str) -> Enterprise:
        rows = Enterprise.objects.visible_to(self.actor).living().for_list()
        row = rows.filter(uscc=plain(uscc).upper()).first()
        if row is None:
            raise NotVisible
        return row


class Lines(ApiView):
    @extend_schema(
        operation_id="lines_list",
        summary="Service lines",
        parameters=[OpenApiParameter("year", OpenApiTypes.INT)],
        responses={200: LineOut(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        rows = Line.objects.visible_to(self.actor).for_list().prefetch_related("projects")
        year = request.query_params.get("year", "")
        rows = rows.filter(year=int(year)) if year.isascii() and year.isdigit() and len(year) == 4 else rows
        pages = Pages()
        pages.ordering = ("-year", "order", "pk")
        found = pages.paginate_queryset(rows, request, view=self) or []
        seen = seen_projects(self.actor, found)
        return pages.get_paginated_response([line_shape(row, seen) for row in found])

    @extend_schema(
        operation_id="lines_create",
        summary="A new service line",
        parameters=[KEY],
        request=LineIn,
        responses={201: LineOut, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        data = body_of(request)
        actor = one_post(self.actor, data.pop("post", None))
        return answer_once(request, lambda: self._create(actor, data))

    def _create(self, actor: Actor, data: dict[str, Any]) -> Response:
        demand(actor, "create_line", Line)
        values = given.values(LineIn, data, actor, LINE_FINDS, partial=False)
        row = services.create_line(actor=actor, **({"units": []} | values))
        return Response(line_shape(row, seen_projects(actor, [row])), status=201)


class OneLine(ApiView):
    @extend_schema(operation_id="lines_read", summary="One service line", responses={200: LineOut, **ERRORS})
    def get(self, request: Request, pk: int) -> Response:
        row = self._row(pk)
        return Response(line_shape(row, seen_projects(self.actor, [row])))

    @extend_schema(
        operation_id="lines_change",
        summary="Change a service line; its year stays",
        request=LineIn,
        responses={200: LineOut, **ERRORS},
    )
    def patch(self, request: Request, pk: int) -> Response:
        data = body_of(request)
        actor = one_post(self.actor, data.pop("post", None))
        row = self._row(pk)
        demand(actor, "change_line", row)
        if "year" in data:
            raise s.ValidationError({"year": [_("The year of a line stays. Enter a new line for another year.")]})
        values = given.values(LineIn, data, actor, LINE_FINDS, partial=True)
        services.change_line(actor=actor, line_id=row.pk, **values)
        row = self._row(pk)
        return Response(line_shape(row, seen_projects(actor, [row])))

    def _row(self, pk: int) -> Line:
        row = Line.objects.visible_to(self.actor).for_list().prefetch_related("projects").filter(pk=pk).first()
        if row is None:
            raise NotVisible
        return row


def seen_projects(actor: Actor, lines: list[Line]) -> frozenset[int]:
    """Of the projects that the lines name, those that the actor may see."""
    named = Line.projects.through.objects.filter(line__in=[line.pk for line in lines]).values("project")
    return frozenset(Project.objects.visible_to(actor).filter(pk__in=named).values_list("pk", flat=True))


class Chains(ApiView):
    @extend_schema(
        operation_id="chains_list", summary="Industry chains", responses={200: ChainOut(many=True), **ERRORS}
    )
    def get(self, request: Request) -> Response:
        rows = Chain.objects.visible_to(self.actor).living(clock.today()).select_related("leader__user", "leader__unit")
        pages = Pages()
        pages.ordering = ("pinyin", "pk")
        found = pages.paginate_queryset(rows.prefetch_related("units"), request, view=self)
        return pages.get_paginated_response([chain_shape(row) for row in found or []])

    @extend_schema(
        operation_id="chains_create",
        summary="A new industry chain",
        parameters=[KEY],
        request=ChainIn,
        responses={201: ChainOut, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        data = body_of(request)
        actor = one_post(self.actor, data.pop("post", None))
        return answer_once(request, lambda: self._create(actor, data))

    def _create(self, actor: Actor, data: dict[str, Any]) -> Response:
        demand(actor, "create_chain", Chain)
        values = given.values(ChainIn, data, actor, CHAIN_FINDS, partial=False)
        return Response(chain_shape(services.create_chain(actor=actor, **values)), status=201)


class OneChain(ApiView):
    @extend_schema(operation_id="chains_read", summary="One industry chain", responses={200: ChainOut, **ERRORS})
    def get(self, request: Request, pk: int) -> Response:
        return Response(chain_shape(self._row(pk)))

    @extend_schema(
        operation_id="chains_change",
        summary="Change an industry chain, or end it",
        request=ChainIn,
        responses={200: ChainOut, **ERRORS},
    )
    def patch(self, request: Request, pk: int) -> Response:
        data = body_of(request)
        actor = one_post(self.actor, data.pop("post", None))
        row = self._row(pk)
        demand(actor, "change_chain", row)
        values = given.values(ChainIn, data, actor, CHAIN_FINDS, partial=True)
        services.change_chain(actor=actor, chain_id=row.pk, **values)
        return Response(chain_shape(self._row(pk)))

    def _row(self, pk: int) -> Chain:
        row = Chain.objects.visible_to(self.actor).select_related("leader__user", "leader__unit").filter(pk=pk).first()
        if row is None:
            raise NotVisible
        return row


def chain_shape(row: Chain) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "leader": who(row.leader),
        "adviser": row.adviser,
        "units": [unit.code for unit in row.units.all()],
        "chief_months": row.chief_months,
        "force_months": row.force_months,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
    }
