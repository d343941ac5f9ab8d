"""A small district with one of each who is told of a rung, and clocks for a subject kind of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.actors import Actor, actor_for
from accounts.models import Post, Unit, User
from accounts.roles import Role, UnitKind
from common.clock import SHANGHAI
from deadlines import registry
from deadlines.models import Clock
from deadlines.services import clocks

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    """An instant given in Shanghai time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def make_person(db: None) -> Callable[..., Post]:
    def make(username: str, role: str, unit: Unit | None, **fields: Any) -> Post:
        user, _created = User.objects.get_or_create(
            username=username, defaults={"name": f"某{username}", "email": f"{username}@example.test"}
        )
        return Post.objects.create(user=user, role=role, unit=unit, **({"starts_at": LONG_AGO} | fields))

    return make


@pytest.fixture
def make_unit(db: None) -> Callable[[str], Unit]:
    def make(code: str, kind: str = UnitKind.DEPARTMENT) -> Unit:
        unit = Unit.objects.create(code=code, name=f"临江区{code}", kind=kind, valid_from=date(2010, 1, 1))
        Unit.objects.filter(pk=unit.pk).update(path=[unit.pk])
        return unit

    return make


@pytest.fixture
def cast(make_person: Callable[..., Post], make_unit: Callable[..., Unit]) -> SimpleNamespace:
    """``cast.officer`` and the like are posts; ``cast.water`` is a unit with an officer and a head."""
    water, power, hall, desk = make_unit("水务局"), make_unit("供电"), make_unit("区政府"), make_unit("营商办")
    return SimpleNamespace(
        water=water,
        power=power,
        hall=hall,
        desk=desk,
        officer=make_person("officer", Role.UNIT_OFFICER, water),
        head=make_person("head", Role.UNIT_HEAD, water),
        power_head=make_person("power_head", Role.UNIT_HEAD, power),
        leader=make_person("leader", Role.LEADER, hall),
        office=make_person("office", Role.SERVICE_OFFICE, desk),
        coordinator=make_person("coordinator", Role.COORDINATOR, desk),
        supervisor=make_person("supervisor", Role.SUPERVISOR, hall),
        admin=make_person("admin", Role.SYSTEM_ADMIN, hall),
    )


@pytest.fixture
def admin(cast: SimpleNamespace) -> Actor:
    return actor_for(cast.admin.user)


@pytest.fixture
def start(cast: SimpleNamespace) -> Callable[..., Clock]:
    """Start a clock of the water bureau; each one has a subject of its own unless told otherwise."""
    numbers = iter(range(1, 100_000))

    def begin(kind: str, when: str | datetime, **fields: Any) -> Clock:
        number = next(numbers)
        chosen: dict[str, Any] = {
            "subject_kind": "thing",
            "subject_id": number,
            "subject_ref": f"T-{number}",
            "holder_unit_id": cast.water.pk,
            "leader_id": cast.leader.pk,
            "office_id": cast.desk.pk,
        } | fields
        return clocks.start(kind=kind, at=at(when) if isinstance(when, str) else when, **chosen)

    return begin


@pytest.fixture
def plugged() -> Iterator[None]:
    """What a test plugs in is taken out again."""
    tables = (registry.paths, registry.rung_handlers, registry.wake_handlers, registry.move_handlers)
    before = [dict(table) for table in tables]
    for table in tables:
        table.clear()
    registry.subject("thing", path="/app/things/{ref}/")
    yield
    for table, kept in zip(tables, before, strict=True):
        table.clear()
        table.update(kept)
