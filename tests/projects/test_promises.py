"""Promises of both sides, the look back, and what was found becoming an issue."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actors import SYSTEM, Actor
from accounts.roles import Role
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from projects import raising
from projects.models import Promise
from projects.services import add_promise, check_promise, raise_promise
from tests.accounts import cast
from tests.projects.planning import officer, project

pytestmark = pytest.mark.django_db
DUE = date(2026, 6, 1)


def promise(**fields: object) -> Promise:
    of = project()
    given = {"side": "enterprise", "text": "六月底前开工", "due_on": DUE, **fields}
    return add_promise(actor=SYSTEM, project_id=of.pk, **given)


def check(of: Promise, result: str, actor: Actor = SYSTEM, **fields: object) -> object:
    return check_promise(actor=actor, promise_id=of.pk, on=clock.today(), result=result, **fields)


def broken(of: Promise, actor: Actor = SYSTEM) -> object:
    return check(of, "broken", actor, finding="not_started", text="未开工")


def test_add_promise() -> None:
    of = project()
    given = {"project_id": of.pk, "side": "government", "text": "通水", "due_on": DUE}
    with pytest.raises(ValidationError) as caught:
        add_promise(actor=officer(of), **given)
    assert list(caught.value.message_dict) == ["unit"]
    assert add_promise(actor=officer(of), unit=of.unit, **given).entered_at
    with pytest.raises(PermissionDenied):
        add_promise(actor=cast.actor(Role.SUPERVISOR), unit=of.unit, **given)
    with pytest.raises(NotVisible):
        add_promise(actor=cast.actor(Role.UNIT_OFFICER), unit=of.unit, **given)


def test_check_promise(coordinator: Actor) -> None:
    one = promise()
    check(one, "under_way", coordinator)
    found = broken(one, cast.actor(Role.SUPERVISOR))
    assert one.checks.first() == found
    with pytest.raises(ValidationError):
        check_promise(actor=SYSTEM, promise_id=one.pk, on=clock.today() + timedelta(days=1), result="kept")
    for wrong in (
        {"result": "broken"},
        {"result": "kept", "finding": "slow"},
        {"result": "broken", "finding": "slow", "text": " "},
        {"result": "broken", "finding": "nonsense", "text": "x"},
        {"result": "perhaps"},
    ):
        with pytest.raises(ValidationError):
            check_promise(actor=SYSTEM, promise_id=one.pk, on=clock.today(), **wrong)


def test_nobody_checks_the_own_units_promise() -> None:
    one = promise()
    with pytest.raises(PermissionDenied):
        check(one, "kept", officer(one.project))
    with pytest.raises(PermissionDenied):
        check(one, "kept", cast.actor(Role.COORDINATOR, one.project.unit))
    assert check(one, "kept", cast.actor(Role.COORDINATOR))


def test_raised_once(coordinator: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(raising, "_raise", [lambda *facts: asked.append(facts) or "WT2026-000007"])
    one = promise()
    for result in (None, "kept"):
        if result:
            check(one, result)
        with pytest.raises(Conflict):
            raise_promise(actor=coordinator, promise_id=one.pk)
    found = broken(one)
    assert raise_promise(actor=coordinator, promise_id=one.pk).issue == "WT2026-000007"
    assert asked == [(coordinator, one, found)]
    with pytest.raises(Conflict):
        raise_promise(actor=coordinator, promise_id=one.pk)
    with pytest.raises(PermissionDenied):
        raise_promise(actor=officer(one.project), promise_id=one.pk)
