"""A small fixed cast: units and people in a fictional district, made by the services themselves."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import Post, Unit, User
from accounts.roles import Role, UnitKind
from accounts.services import create_post, create_unit
from accounts.services.posts import open_post
from common import clock

_numbers = count(1)
BEGINNING = date(2020, 1, 1)


def unit(name: str = "", kind: str = UnitKind.DEPARTMENT, *, parent: Unit | None = None, **fields: object) -> Unit:
    number = next(_numbers)
    fields.setdefault("valid_from", BEGINNING)
    return create_unit(
        actor=SYSTEM, code=f"U{number}", name=name or f"第{number}单位", kind=kind, parent=parent, **fields
    )


def person(name: str = "", **fields: object) -> User:
    number = next(_numbers)
    return User.objects.create(username=f"p{number}", name=name or f"人员{number}", **fields)


def post(role: str, unit: Unit | None = None, *, user: User | None = None, **fields: object) -> Post:
    fields.setdefault("starts_at", clock.now() - timedelta(days=30))
    user = user or person()
    if role == Role.ENTERPRISE:
        return open_post(actor=SYSTEM, post=Post(user=user, role=role, **fields))
    return create_post(actor=SYSTEM, user=user, role=role, unit=unit, **fields)


def actor(role: str, at: Unit | None = None, **fields: object) -> Actor:
    """Somebody in one post of ``role``; a unit is made where the role needs one."""
    if at is None and role not in (Role.ENTERPRISE, Role.OBSERVER):
        at = unit()
    return actor_for(post(role, at, **fields).user)
