"""The API of the parts of a project's file: managers, team, plan, investment, service log, promises."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.policy import can
from accounts.roles import Role
from common import clock
from common.api.idempotency import answer_once
from common.api.schema import ERRORS, KEY
from common.errors import PermissionDenied
from projects import services
from projects.api import given, shape
from projects.api.projects import CODE, ProjectView
from projects.models import Project
from projects.policy import reads_whole
from projects.services.managers import SERVING
from projects.services.money import Entry
from projects.states import CheckResult, DayKind, Duty, Finding, ItemKind, ItemState, LogKind, PromiseSide


class WhoOut(s.Serializer):
    username = s.CharField()
    name = s.CharField()
    title = s.CharField()
    unit = s.CharField(allow_null=True)


class ManagerIn(s.Serializer):
    manager = s.CharField(help_text="user name: a leader, or a cadre with the leader above")
    leader = s.CharField(required=False, allow_null=True, help_text="user name of the leader above a cadre")
    reason = s.CharField(required=False, max_length=500)
    on = given.Day(required=False)
    version = s.IntegerField(required=False, min_value=1)


class ManagerOut(s.Serializer):
    id = s.IntegerField()
    manager = WhoOut()
    leader = WhoOut()
    reason = s.CharField(required=False)
    end_reason = s.CharField(required=False)

    def get_fields(self) -> dict[str, Any]:
        # "from" is a word of Python
        return {**super().get_fields(), "from": s.DateField(), "until": s.DateField(allow_null=True)}


class MemberIn(s.Serializer):
    member = s.CharField(help_text="user name")
    duty = s.ChoiceField(Duty.choices)
    on = given.Day(required=False)
    version = s.IntegerField(required=False, min_value=1)


class MemberOut(s.Serializer):
    id = s.IntegerField()
    duty = s.ChoiceField(Duty.choices)
    member = WhoOut()
    end_reason = s.CharField(required=False)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": s.DateField(), "until": s.DateField(allow_null=True)}


class ItemIn(s.Serializer):
    kind = s.ChoiceField(ItemKind.choices)
    name = s.CharField(max_length=100)
    key = s.CharField(required=False, max_length=40)
    unit = s.CharField(required=False, allow_null=True, help_text="code of the responsible unit")
    planned_start = given.Day(required=False, allow_null=True)
    planned_end = given.Day(required=False, allow_null=True)
    statutory_days = s.IntegerField(required=False, allow_null=True, min_value=0, max_value=3000)
    promised_days = s.IntegerField(required=False, allow_null=True, min_value=0, max_value=3000)
    day_kind = s.ChoiceField(DayKind.choices, required=False)


class ItemOut(ItemIn):
    id = s.IntegerField()
    state = s.ChoiceField(ItemState.choices)
    baseline_start = s.DateField(allow_null=True)
    baseline_end = s.DateField(allow_null=True)
    started_on = s.DateField(allow_null=True)
    ended_on = s.DateField(allow_null=True)
    taken_days = s.IntegerField(allow_null=True)
    times_returned = s.IntegerField()
    light = s.CharField(allow_null=True)


class MonthIn(s.Serializer):
    month = s.RegexField(r"\A[0-9]{4}-(0[1-9]|1[0-2])\Z", help_text="YYYY-MM")
    actual = s.DecimalField(14, 2, help_text="万元")
    source = s.CharField(required=False, allow_blank=True, max_length=200)
    seen = s.DecimalField(
        14, 2, required=False, allow_null=True, help_text="the figure last read: another one there by now is a conflict"
    )
    reason = s.CharField(
        required=False, max_length=500, help_text="why a figure changes that statistics has answered already"
    )


class MonthOut(s.Serializer):
    month = s.CharField(help_text="YYYY-MM")
    actual = s.DecimalField(14, 2, allow_null=True, help_text="万元")
    plan = s.DecimalField(14, 2, allow_null=True)
    source = s.CharField(required=False, help_text="not for the enterprise, as all that follows")
    entered_at = s.DateTimeField(required=False, allow_null=True)
    included = s.BooleanField(required=False, allow_null=True)
    why_not = s.CharField(required=False)
    answered_at = s.DateTimeField(required=False, allow_null=True)


class LogIn(s.Serializer):
    kind = s.ChoiceField(LogKind.choices)
    on = given.Day(help_text="the day of the contact, not of the entry")
    text = s.CharField(max_length=2000)


class LogOut(LogIn):
    id = s.IntegerField()
    by = s.CharField()
    entered_at = s.DateTimeField()


class PromiseIn(s.Serializer):
    side = s.ChoiceField(PromiseSide.choices)
    text = s.CharField(max_length=1000)
    due_on = given.Day()
    clause = s.CharField(required=False, allow_blank=True, max_length=100)
    unit = s.CharField(required=False, allow_null=True)


class PromiseOut(PromiseIn):
    id = s.IntegerField()
    result = s.ChoiceField(CheckResult.choices, allow_null=True)
    finding = s.ChoiceField(Finding.choices, allow_null=True)
    checked_on = s.DateField(allow_null=True)
    issue = s.CharField(allow_null=True)


class Part(ProjectView):
    """A list of the file and a POST that adds to it. Lists of one project are short: they come whole."""

    action = ""
    shape_in: type[s.Serializer]
    finds: dict[str, given.Find] = {}
    inside_only = whole_only = False

    def rows(self, row: Project, actor: Actor) -> list[dict[str, Any]]:
        raise NotImplementedError

    def add(self, row: Project, actor: Actor, values: dict[str, Any]) -> Any:
        raise NotImplementedError

    def listed(self, code: str) -> Response:
        row = self.project(self.actor, code)
        if self.inside_only and shape.outsider(self.actor):
            raise PermissionDenied(_("Your post may not do this."))
        if self.whole_only and not reads_whole(self.actor, row):
            raise PermissionDenied(_("Your post may not do this."))
        return Response({"next": None, "previous": None, "results": self.rows(row, self.actor)})

    def added(self, request: Request, code: str) -> Response:
        actor, data = self.sent(request)
        return answer_once(request, lambda: self._add(actor, code, data))

    def _add(self, actor: Actor, code: str, data: dict[str, Any]) -> Response:
        row = self.project(actor, code)
        if not can(actor, self.action, row):
            raise PermissionDenied(_("Your post may not do this."))
        values = given.values(self.shape_in, data, actor, self.finds, partial=False)
        self.add(row, actor, values)
        results = self.rows(self.project(actor, code), actor)
        return Response({"next": None, "previous": None, "results": results}, status=201)


def documented(noun: str, summary: str, verb: str, given_shape: Any, told: Any) -> Callable[[type[Part]], type[Part]]:
    """GET and POST of one part, each with its words in the OpenAPI document."""

    def put_on(part: type[Part]) -> type[Part]:
        @extend_schema(
            operation_id=f"projects_{noun}",
            summary=summary,
            parameters=[CODE],
            responses={200: told(many=True), **ERRORS},
        )
        def get(self: Part, request: Request, code: str) -> Response:
            return self.listed(code)

        @extend_schema(
            operation_id=f"projects_{noun}_add",
            summary=verb,
            parameters=[CODE, KEY],
            request=given_shape,
            responses={201: told(many=True), **ERRORS},
        )
        def post(self: Part, request: Request, code: str) -> Response:
            return self.added(request, code)

        part.get, part.post, part.shape_in = get, post, given_shape  # type: ignore[attr-defined]
        return part

    return put_on


@documented("managers", "Its managers, those in charge first", "Name a manager", ManagerIn, ManagerOut)
class Managers(Part):
    action = "name_manager"
    finds = {"manager": given.post(*SERVING), "leader": given.post(Role.LEADER, Role.CHIEF)}

    def rows(self, row: Project, actor: Actor) -> list[dict[str, Any]]:
        found = row.managers.select_related("post__user", "post__unit", "leader__user", "leader__unit")
        return shape.managers(found, actor)

    def add(self, row: Project, actor: Actor, values: dict[str, Any]) -> Any:
        return services.name_manager(actor=actor, code=row.code, post=values.pop("manager"), **values)


@documented("team", "Its service team", "Name a member of the service team", MemberIn, MemberOut)
class Team(Part):
    action = "name_member"
    finds = {"member": given.post(*SERVING)}

    def rows(self, row: Project, actor: Actor) -> list[dict[str, Any]]:
        return shape.team(row.team.select_related("post__user", "post__unit"), actor)

    def add(self, row: Project, actor: Actor, values: dict[str, Any]) -> Any:
        return services.name_member(actor=actor, code=row.code, post=values.pop("member"), **values)


@documented("plan", "Its milestones, tasks and approvals", "Add a plan item", ItemIn, ItemOut)
class Plan(Part):
    action = "add_item"
    finds = {"unit": given.unit}

    def rows(self, row: Project, actor: Actor) -> list[dict[str, Any]]:
        return shape.plan(row.plan.with_light(clock.today()).select_related("unit"))

    def add(self, row: Project, actor: Actor, values: dict[str, Any]) -> Any:
        return services.add_item(actor=actor, project_id=row.pk, **values)


@documented("investment", "Its investment by month", "Enter the actual figure of a month", MonthIn, MonthOut)
class Investment(Part):
    action = "enter_months"
    whole_only = True

    def rows(self, row: Project, actor: Actor) -> list[dict[str, Any]]:
        return shape.investment(list(row.months.all()), actor)

    def add(self, row: Project, actor: Actor, values: dict[str, Any]) -> Any:
        year, month = map(int, values["month"].split("-"))
        if not 2000 <= year <= 2100:
            raise ValidationError(
                {"month": [_("Give a year from %(first)s to %(last)s.") % {"first": 2000, "last": 2100}]}
            )
        known = row.months.filter(month=date(year, month, 1)).values_list("source", flat=True).first()
        source = values.get("source", known or "")  # what is not named stays
        entry = Entry(row.pk, values["actual"], source, values.get("seen"), values.get("reason", ""))
        return services.enter_months(actor=actor, month=date(year, month, 1), entries=[entry])


@documented("log", "Its service log", "Record a contact, on the day it happened", LogIn, LogOut)
class Log(Part):
    action = "log_contact"
    inside_only = whole_only = True

    def rows(self, row: Project, actor: Actor) -> list[dict[str, Any]]:
        return shape.log(row.log.select_related("by")[:200])

    def add(self, row: Project, actor: Actor, values: dict[str, Any]) -> Any:
        return services.log_contact(actor=actor, project_id=row.pk, **values)


@documented("promises", "What each side promised", "Enter a promise", PromiseIn, PromiseOut)
class Promises(Part):
    action = "add_promise"
    whole_only = True
    finds = {"unit": given.unit}

    def rows(self, row: Project, actor: Actor) -> list[dict[str, Any]]:
        return shape.promises(row.promises.select_related("unit").prefetch_related("checks"))

    def add(self, row: Project, actor: Actor, values: dict[str, Any]) -> Any:
        return services.add_promise(actor=actor, project_id=row.pk, **values)
