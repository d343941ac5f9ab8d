"""A district small enough for papers: a coordinator, a supervisor, one unit with an officer, an outsider."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from accounts.actors import Actor, actor_for
from accounts.models import Post, Principal, Unit, User
from accounts.roles import Role, UnitKind

AT = datetime(2026, 11, 5, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def make_unit(code: str) -> Unit:
    unit = Unit(code=code, name=f"单位{code}", kind=UnitKind.DEPARTMENT, valid_from=date(2020, 1, 1), pinyin=code)
    unit.save()
    Unit.objects.filter(pk=unit.pk).update(path=[unit.pk])
    return unit


def make_actor(role: str, unit: Unit | None = None) -> Actor:
    user = User.objects.create_user(username=f"{role}{User.objects.count()}", password="x", name=f"某{role}")
    enterprise = Principal.objects.create(kind="enterprise") if role == Role.ENTERPRISE else None
    Post(user=user, role=role, unit=unit, enterprise=enterprise, starts_at=datetime(2020, 1, 1, tzinfo=UTC)).save()
    return actor_for(user, address="10.0.0.9", request_id="r-1")


@pytest.fixture
def unit() -> Unit:
    return make_unit("A")


@pytest.fixture
def office() -> Unit:
    return make_unit("OFFICE")


@pytest.fixture
def coordinator(office: Unit) -> Actor:
    return make_actor(Role.COORDINATOR, office)


@pytest.fixture
def officer(unit: Unit) -> Actor:
    return make_actor(Role.UNIT_OFFICER, unit)
