"""What the shells (base.html, public.html) need on every page, computed only when a template asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from common import nav as registry

ELDER_COOKIE = "elder"
DISTRICT = {"name": "临江区", "office": "临江区营商环境建设办公室", "phone": "0000-1234567"}


def shell(request: HttpRequest) -> dict[str, Any]:
    """``district``, ``elder``, ``home``; ``nav`` and ``me`` for staff pages, ``public_nav`` for public ones."""
    return {
        "district": SimpleLazyObject(district),
        "elder": request.COOKIES.get(ELDER_COOKIE) == "1",
        "home": SimpleLazyObject(lambda: resolve_url(settings.LOGIN_REDIRECT_URL)),
        "search_url": SimpleLazyObject(registry.search_url),
        "public_nav": SimpleLazyObject(lambda: registry.public(getattr(request, "actor", None))),
        "nav": SimpleLazyObject(lambda: nav(request)),
        "me": SimpleLazyObject(lambda: me(request)),
    }


_district: list[Callable[[], dict[str, str] | None]] = []


def register_district(source: Callable[[], dict[str, str] | None]) -> None:
    """Who knows the name, office and phone of the district; None while it has none."""
    _district[:] = [source]


def district() -> dict[str, str]:
    return (_district and _district[0]()) or getattr(settings, "DISTRICT", None) or DISTRICT


def nav(request: HttpRequest) -> list[dict[str, Any]]:
    actor = getattr(request, "actor", None)
    return registry.groups(actor, request.path) if actor is not None and actor.user is not None else []


def me(request: HttpRequest) -> dict[str, str]:
    """Who acts, and as what: the chosen post, or all posts at once."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.user is None:
        return {}
    place = [_place(post) for post in actor.posts]
    return {"name": str(actor.user), "place": "；".join(place) if place else str(_("No post at present"))}


def _place(post: Any) -> str:
    where = post.unit.short_name or post.unit.name if post.unit else ""
    return " · ".join(part for part in (where, post.title or post.get_role_display()) if part)
