"""The API of people: who am I, units, users, keys."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as s
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.api.base import ApiView, body_of, one_post, plain, refuse_unknown
from accounts.models import ApiToken, Post, Unit, User
from accounts.policy import can
from accounts.roles import Role, UnitKind
from common.api.idempotency import answer_once
from common.api.paging import Pages
from common.api.schema import ERRORS, KEY
from common.errors import NotVisible, PermissionDenied


class PostOut(s.Serializer):
    id = s.IntegerField()
    unit = s.CharField(allow_null=True)
    role = s.ChoiceField(Role)
    title = s.CharField()


class MeOut(s.Serializer):
    username = s.CharField()
    name = s.CharField()
    posts = PostOut(many=True)


class UnitIn(s.Serializer):
    code = s.CharField(max_length=32)
    name = s.CharField(max_length=100)
    kind = s.ChoiceField(UnitKind.choices)
    parent = s.CharField(required=False, allow_null=True, help_text="code")
    short_name = s.CharField(required=False)
    is_lead = s.BooleanField(required=False)
    is_responsible = s.BooleanField(required=False)
    groups = s.ListField(child=s.CharField(), required=False)
    phone = s.CharField(required=False)


class UnitOut(UnitIn):
    valid_from = s.DateField()
    valid_until = s.DateField(allow_null=True)
    successor = s.CharField(allow_null=True)


class UserIn(s.Serializer):
    username = s.CharField()
    name = s.CharField()
    phone = s.CharField(required=False)
    email = s.EmailField(required=False)


class UserOut(s.Serializer):
    username = s.CharField()
    name = s.CharField()
    phone = s.CharField(allow_null=True)
    email = s.CharField(allow_null=True)
    posts = PostOut(many=True)
    password = s.CharField(required=False, help_text="only in the answer that made the account, shown once")


class TokenIn(s.Serializer):
    name = s.CharField(required=False)
    scope = s.ChoiceField(ApiToken.Scope, required=False)


class TokenOut(TokenIn):
    id = s.IntegerField()
    hint = s.CharField()
    created_at = s.DateTimeField()
    last_used_at = s.DateTimeField(allow_null=True)
    revoked_at = s.DateTimeField(allow_null=True)
    key = s.CharField(required=False, help_text="only in the answer that made it, shown once")


def post_shape(post: Post) -> dict[str, Any]:
    return {"id": post.pk, "unit": post.unit.code if post.unit else None, "role": post.role, "title": post.title}


def unit_shape(unit: Unit) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "short_name": unit.short_name,
        "kind": unit.kind,
        "parent": unit.parent.code if unit.parent else None,
        "is_lead": unit.is_lead,
        "is_responsible": unit.is_responsible,
        "groups": unit.groups,
        "phone": unit.phone,
        "valid_from": unit.valid_from.isoformat(),
        "valid_until": unit.valid_until.isoformat() if unit.valid_until else None,
        "successor": unit.successor.code if unit.successor else None,
    }


def token_shape(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.pk,
        "name": token.name,
        "scope": token.scope,
        "hint": token.hint,
        "created_at": token.created_at,
        "last_used_at": token.last_used_at,
        "revoked_at": token.revoked_at,
    }


class Me(ApiView):
    @extend_schema(operation_id="me", summary="Who the token is", responses={200: MeOut, **ERRORS})
    def get(self, request: Request) -> Response:
        user = self.actor.user
        if user is None:
            raise NotVisible
        posts = [post_shape(post) for post in self.actor.posts_held]
        return Response({"username": user.username, "name": user.name, "posts": posts})


class Units(ApiView):
    @extend_schema(
        operation_id="units_list",
        summary="Units",
        parameters=[
            OpenApiParameter("q", OpenApiTypes.STR),
            OpenApiParameter("kind", OpenApiTypes.STR, enum=UnitKind.values),
        ],
        responses={200: UnitOut(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        rows = Unit.objects.visible_to(self.actor).living().select_related("parent", "successor")
        if words := plain(request.query_params.get("q", "")):
            rows = rows.matching(words)
        if kind := request.query_params.get("kind"):
            rows = rows.filter(kind=plain(kind))
        pages = Pages()
        pages.ordering = "code"
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([unit_shape(unit) for unit in found or []])

    @extend_schema(
        operation_id="units_create",
        summary="A new unit",
        parameters=[KEY],
        request=UnitIn,
        responses={201: UnitOut, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        data = body_of(request)
        actor = one_post(self.actor, data.pop("post", None))
        return answer_once(request, lambda: self._create(actor, data))

    def _create(self, actor: Any, data: dict[str, Any]) -> Response:
        if not can(actor, "create_unit", Unit):
            raise PermissionDenied(_("Your post may not do this."))
        known = set(UnitIn().fields)
        refuse_unknown(data, known)
        values = unit_values(data, needed={"code", "name", "kind"})
        return Response(unit_shape(services.create_unit(actor=actor, **values)), status=201)


def unit_values(data: dict[str, Any], needed: set[str] | None = None) -> dict[str, Any]:
    """What was sent, checked for shape; the verb checks the rest."""
    sent = UnitIn(data=data, partial=needed is None)
    sent.is_valid(raise_exception=True)
    values = dict(sent.validated_data)
    if values.get("parent"):
        parent = Unit.objects.filter(code=values["parent"]).first()
        if parent is None:
            raise ValidationError({"parent": [_("There is no unit of this code.")]})
        values["parent"] = parent
    return values


class OneUnit(ApiView):
    @extend_schema(operation_id="units_read", summary="One unit", responses={200: UnitOut, **ERRORS})
    def get(self, request: Request, code: str) -> Response:
        return Response(unit_shape(self._unit(code)))

    @extend_schema(
        operation_id="units_change", summary="Change a unit", request=UnitIn, responses={200: UnitOut, **ERRORS}
    )
    def patch(self, request: Request, code: str) -> Response:
        data = body_of(request)
        actor = one_post(self.actor, data.pop("post", None))
        unit = self._unit(code)
        if not can(actor, "change_unit", unit):
            raise PermissionDenied(_("Your post may not do this."))
        refuse_unknown(data, set(UnitIn().fields) - {"code"})
        return Response(unit_shape(services.change_unit(actor=actor, unit_id=unit.pk, **unit_values(data))))

    def _unit(self, code: str) -> Unit:
        unit = Unit.objects.visible_to(self.actor).select_related("parent", "successor").filter(code=code).first()
        if unit is None:
            raise NotVisible
        return unit


def user_shape(user: User, actor: Any) -> dict[str, Any]:
    contact = can(actor, "view_contact", user)
    return {
        "username": user.username,
        "name": user.name,
        "phone": user.phone if contact else None,
        "email": user.email if contact else None,
        "posts": [post_shape(post) for post in user.posts.all() if post.pk in actor._cache["shown_posts"]],
    }


class Users(ApiView):
    @extend_schema(
        operation_id="users_list",
        summary="People with a post",
        parameters=[OpenApiParameter("q", OpenApiTypes.STR), OpenApiParameter("unit", OpenApiTypes.STR)],
        responses={200: UserOut(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        rows = User.objects.visible_to(self.actor).prefetch_related("posts__unit")
        if words := plain(request.query_params.get("q", "")):
            rows = rows.matching(words)
        if code := request.query_params.get("unit"):
            rows = rows.filter(pk__in=Post.objects.visible_to(self.actor).filter(unit__code=plain(code)).values("user"))
        pages = Pages()
        pages.ordering = "username"
        found = pages.paginate_queryset(rows, request, view=self) or []
        shown = Post.objects.visible_to(self.actor).filter(user__in=[user.pk for user in found])
        self.actor._cache["shown_posts"] = set(shown.values_list("pk", flat=True))
        return pages.get_paginated_response([user_shape(user, self.actor) for user in found])

    @extend_schema(
        operation_id="users_create",
        summary="A new account; its random password is shown once",
        parameters=[KEY],
        request=UserIn,
        responses={201: UserOut, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        data = body_of(request)
        actor = one_post(self.actor, data.pop("post", None))
        return answer_once(request, lambda: self._create(actor, data))

    def _create(self, actor: Any, data: dict[str, Any]) -> Response:
        if not can(actor, "create_user", User):
            raise PermissionDenied(_("Your post may not do this."))
        refuse_unknown(data, set(UserIn().fields))
        sent = UserIn(data=data)
        sent.is_valid(raise_exception=True)
        made = services.create_user(actor=actor, **sent.validated_data)
        actor._cache["shown_posts"] = set()
        return Response(user_shape(made.user, actor) | {"password": made.password}, status=201)


class Tokens(ApiView):
    @extend_schema(operation_id="tokens_list", summary="One's own keys", responses={200: TokenOut(many=True), **ERRORS})
    def get(self, request: Request) -> Response:
        pages = Pages()
        found = pages.paginate_queryset(ApiToken.objects.filter(user=self.actor.user), request, view=self)
        return pages.get_paginated_response([token_shape(token) for token in found or []])

    @extend_schema(
        operation_id="tokens_create",
        summary="A new key, shown once",
        parameters=[KEY],
        request=TokenIn,
        responses={201: TokenOut, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        data = body_of(request)
        refuse_unknown(data, set(TokenIn().fields))
        sent = TokenIn(data=data)
        sent.is_valid(raise_exception=True)
        return answer_once(request, lambda: self._create(dict(sent.validated_data)))

    def _create(self, values: dict[str, Any]) -> Response:
        made = services.create_token(actor=self.actor, **values)
        return Response(token_shape(made.token) | {"key": made.key}, status=201)


class OneToken(ApiView):
    @extend_schema(operation_id="tokens_revoke", summary="Revoke a key", responses={200: TokenOut, **ERRORS})
    def delete(self, request: Request, pk: int) -> Response:
        return Response(token_shape(services.revoke_token(actor=self.actor, token_id=pk)))
