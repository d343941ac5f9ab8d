"""Where a person belongs after sign-in. Higher apps register the pages of those who are not staff."""

from __future__ import annotations

from django.conf import settings
from django.shortcuts import resolve_url

from accounts.actors import Actor
from accounts.roles import Role

OUTSIDERS = frozenset({Role.ENTERPRISE, Role.OBSERVER})
_homes: dict[str, str] = {}


def register(role: str, url_name: str) -> None:
    """``url_name`` is the start page of a ``role`` that has no to-dos: outsiders, administrators, statistics."""
    _homes[role] = url_name


def is_staff(actor: Actor) -> bool:
    """Holds a post inside the district: whoever only speaks for an enterprise or observes doesn't."""
    return not actor.roles <= OUTSIDERS


def home_of(actor: Actor) -> str | None:
    """The address of the actor's own start page; None without any post, or when nobody registered one."""
    staff = is_staff(actor)
    roles = actor.roles - OUTSIDERS if staff else actor.roles
    if staff and not roles <= _homes.keys():
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    return next((resolve_url(_homes[role]) for role in sorted(roles) if role in _homes), None)
