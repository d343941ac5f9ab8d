"""bootstrap: what an empty installation needs; run twice it makes nothing and tells no password again."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.core.management import call_command

from accounts.actors import actor_for
from accounts.models import District, Unit, User
from common import bootstrap as parts
from common.context import district as shown

LINE = re.compile(r"^(\w+)  (\S+)$", re.MULTILINE)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    cache.clear()
    monkeypatch.setattr(parts, "_entries", {})


def run(capsys: pytest.CaptureFixture, *arguments: str) -> str:
    call_command("bootstrap", *arguments)
    return capsys.readouterr().out


def test_what_it_makes(capsys: pytest.CaptureFixture) -> None:
    printed = dict(LINE.findall(run(capsys, "--district", "江北新区")))
    assert sorted(printed) == ["audit_admin", "coordinator", "security_admin", "system_admin"]
    for name, password in printed.items():
        user = User.objects.get(username=name)
        assert user.check_password(password)
        assert actor_for(user).roles == {name}
        assert not user.is_superuser
    assert District.objects.get().name == "江北新区"
    cache.clear()
    assert shown() == {"name": "江北新区", "office": "江北新区营商环境建设办公室", "phone": ""}
    assert set(Unit.objects.values_list("name", flat=True)) >= {"区营商环境建设办公室", "区政府督查室"}


def test_again_it_makes_nothing_and_tells_nothing(capsys: pytest.CaptureFixture) -> None:
    first = LINE.findall(run(capsys))
    before = (Unit.objects.count(), User.objects.count())
    second = run(capsys, "--district", "别的区")
    assert LINE.findall(second) == []
    assert not any(password in second for _name, password in first)
    assert (Unit.objects.count(), User.objects.count()) == before
    assert District.objects.get().name == "临江区"
    assert User.objects.get(username=first[0][0]).check_password(first[0][1])


def test_an_account_that_went_missing_is_made_anew(capsys: pytest.CaptureFixture) -> None:
    run(capsys)
    coordinator = User.objects.get(username="coordinator")
    coordinator.posts.all().delete()
    User.objects.filter(pk=coordinator.pk).update(username="left")
    assert [name for name, _password in LINE.findall(run(capsys))] == ["coordinator"]


def test_parts_of_other_apps_run_in_order_and_all_or_nothing(capsys: pytest.CaptureFixture) -> None:
    done = []
    parts.register("late", lambda: done.append("late"), order=90)
    parts.register("early", lambda: done.append("early") or "made it", order=10)
    assert "early: made it" in run(capsys)
    assert done == ["early", "late"]

    def broken() -> str:
        raise RuntimeError("no")

    User.objects.filter(username="coordinator").update(username="other")
    parts.register("broken", broken)
    units = Unit.objects.count()
    with pytest.raises(RuntimeError):
        run(capsys)
    assert Unit.objects.count() == units


def test_only_one_district(db: None) -> None:
    from django.db import IntegrityError

    District.objects.create(name="甲区", office="办")
    with pytest.raises(IntegrityError):
        District.objects.create(id=2, name="乙区", office="办")
