"""mark_read, mark_all_read: one's own only, by a button only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import ANONYMOUS, SYSTEM, Actor
from accounts.models import User
from accounts.policy import can
from accounts.roles import Role
from common.errors import NotVisible
from notices.models import Kind, Notice
from notices.services import mark_all_read, mark_read

Person = Callable[..., User]
ActorOf = Callable[[User], Actor]


def notice(user: User, now: datetime, number: int = 1) -> Notice:
    facts = {"kind": Kind.TODO, "word": "assign", "ref": f"WT-{number}", "path": "/app/", "created_at": now}
    return Notice.objects.create(key=f"{number}:{user.pk}", user=user, **facts)


def test_ones_own(person: Person, actor_of: ActorOf, now: datetime) -> None:
    chen = person("chen")
    first, second = notice(chen, now, 1), notice(chen, now, 2)
    assert mark_read(actor=actor_of(chen), notice_ids=[first.pk]) == 1
    assert mark_read(actor=actor_of(chen), notice_ids=[first.pk]) == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.read_at is None, second.read_at) == (False, None)


@pytest.mark.parametrize("role", [Role.UNIT_HEAD, Role.COORDINATOR, Role.CHIEF, Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_nobody_elses_whatever_the_role(person: Person, actor_of: ActorOf, now: datetime, role: str) -> None:
    chen, other = person("chen"), actor_of(person("other", role=role))
    hers = notice(chen, now)
    mine = notice(other.user, now)

    assert list(Notice.objects.visible_to(other)) == [mine]
    with pytest.raises(NotVisible):
        mark_read(actor=other, notice_ids=[mine.pk, hers.pk])
    assert not Notice.objects.filter(read_at__isnull=False).exists(), "all or nothing"
    assert mark_all_read(actor=other, up_to=hers.pk + 99) == 1
    assert (can(other, "view", hers), can(other, "mark_read", hers)) == (False, False)
    assert (can(other, "view", mine), can(other, "mark_read", mine), can(other, "delete", mine)) == (True, True, False)
    hers.refresh_from_db()
    assert hers.read_at is None


@pytest.mark.parametrize("actor", [ANONYMOUS, SYSTEM], ids=["anonymous", "system"])
def test_without_a_person_there_is_no_inbox(person: Person, now: datetime, actor: Actor) -> None:
    row = notice(person("chen"), now)
    assert not Notice.objects.visible_to(actor).exists()
    assert not can(actor, "view", row)
    with pytest.raises(NotVisible):
        mark_read(actor=actor, notice_ids=[row.pk])


def test_all_stops_at_what_was_shown(person: Person, actor_of: ActorOf, now: datetime) -> None:
    chen = person("chen")
    shown, came_since = notice(chen, now, 1), notice(chen, now, 2)
    assert mark_all_read(actor=actor_of(chen), up_to=shown.pk) == 1
    came_since.refresh_from_db()
    assert came_since.read_at is None


def test_the_buttons(person: Person, client: Client, now: datetime) -> None:
    chen, lin = person("chen"), person("lin")
    rows, hers = [notice(chen, now, n) for n in range(3)], notice(lin, now)
    client.force_login(chen)
    one, everything = reverse("notices:mark_read"), reverse("notices:mark_all_read")

    assert [client.get(one).status_code, client.get(everything).status_code] == [405, 405]
    assert client.post(one, {"notice": hers.pk}).status_code == 404
    assert Notice.objects.unread().count() == 4, "control: nothing so far"

    answer = client.post(f"{one}?show=all&next=//evil.test", {"notice": rows[0].pk})
    assert (answer.status_code, answer["Location"]) == (302, "/app/messages/?show=all&next=%2F%2Fevil.test")
    assert Notice.objects.unread().count() == 3
    assert client.post(everything, {"up_to": rows[2].pk}).status_code == 302
    assert list(Notice.objects.unread()) == [hers]


@pytest.mark.parametrize("bad", ["", "x", "-1", "1 OR 1=1", "9" * 40, "１", "\x00"])
def test_bad_numbers(person: Person, client: Client, bad: str) -> None:
    client.force_login(person("chen"))
    assert client.post(reverse("notices:mark_read"), {"notice": bad}).status_code == 400
    assert client.post(reverse("notices:mark_all_read"), {"up_to": bad}).status_code == 400


def test_the_form_needs_its_token(person: Person, now: datetime) -> None:
    chen = person("chen")
    row = notice(chen, now)
    strict: Any = Client(enforce_csrf_checks=True)
    strict.force_login(chen)
    assert strict.post(reverse("notices:mark_read"), {"notice": row.pk}).status_code == 403
