"""set_preference, choose: what comes by mail; overdue always does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.actors import ANONYMOUS, Actor
from accounts.models import User
from notices.forms import SettingsForm
from notices.models import Channel, Delivery, Kind, MailLanguage, Preference
from notices.services import notify, set_language, set_preference

Person = Callable[..., User]
ActorOf = Callable[[User], Actor]


def tell(user: User, kind: str, now: datetime, key: str) -> int:
    notify(key=key, users=[user.pk], kind=kind, word="x", ref="WT-1", path="/app/", at=now)
    return Delivery.objects.filter(key__contains=f":{key}:").count()


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.BREACH])
def test_off_and_on_again(person: Person, actor_of: ActorOf, now: datetime, kind: str) -> None:
    chen = person("chen")
    assert tell(chen, kind, now, "before") == 1, "control: everything is on at first"
    set_preference(actor=actor_of(chen), kind=kind, channel=Channel.MAIL, on=False)
    assert tell(chen, kind, now, "off") == 0
    set_preference(actor=actor_of(chen), kind=kind, channel=Channel.MAIL, on=True)
    assert tell(chen, kind, now, "on") == 1
    assert Preference.objects.count() == 1


def test_overdue_cannot_be_turned_off(person: Person, actor_of: ActorOf, now: datetime) -> None:
    chen = person("chen")
    with pytest.raises(ValidationError):
        set_preference(actor=actor_of(chen), kind=Kind.BREACH, channel=Channel.MAIL, on=False)
    assert not Preference.objects.exists()
    assert tell(chen, Kind.BREACH, now, "breach") == 1


def test_nor_by_hand_in_the_database(person: Person, now: datetime) -> None:
    chen = person("chen")
    facts = {"user": chen, "channel": Channel.MAIL, "on": False}
    Preference.objects.create(kind=Kind.TODO, **facts)  # control: another kind can
    with pytest.raises(IntegrityError, match="breach_stays_on"), transaction.atomic():
        Preference.objects.create(kind=Kind.BREACH, **facts)


def test_control_without_the_constraint_it_would(person: Person, now: datetime) -> None:
    chen = person("chen")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notices_preference DROP CONSTRAINT breach_stays_on")
    Preference.objects.create(user=chen, kind=Kind.BREACH, channel=Channel.MAIL, on=False)
    assert tell(chen, Kind.BREACH, now, "breach") == 0


@pytest.mark.parametrize(("kind", "channel"), [("gossip", "mail"), (Kind.TODO, "pigeon"), ("", "")])
def test_only_what_is_there(person: Person, actor_of: ActorOf, kind: str, channel: str) -> None:
    with pytest.raises(ValidationError):
        set_preference(actor=actor_of(person("chen")), kind=kind, channel=channel, on=False)
    with pytest.raises(ValidationError):
        set_language(actor=actor_of(person("lin")), language="tlh")


def test_strangers_choose_nothing(db: None) -> None:
    with pytest.raises(PermissionDenied):
        set_preference(actor=ANONYMOUS, kind=Kind.TODO, channel=Channel.MAIL, on=False)


def test_the_page(person: Person, client: Client) -> None:
    chen, lin = person("chen"), person("lin", mail=False)
    client.force_login(chen)
    page = reverse("notices:settings")
    assert client.get(page).context["form"].initial == SettingsForm.chosen(chen.pk)

    sent = {"mail": [Kind.TODO, Kind.CALENDAR], "language": "en"}
    assert client.post(page, sent).status_code == 302

    off = set(Preference.objects.filter(user=chen, on=False).values_list("kind", flat=True))
    assert off == set(Kind) - {Kind.TODO, Kind.CALENDAR, Kind.BREACH}
    assert MailLanguage.objects.get(user=chen).language == "en"
    assert SettingsForm.chosen(chen.pk) == {"mail": ["breach", "calendar", "todo"], "language": "en"}
    assert not Preference.objects.filter(user=lin).exists()

    assert client.post(page, {"mail": [Kind.BREACH], "language": "en"}).status_code == 422
    assert client.post(page, {"mail": [], "language": "tlh"}).status_code == 422
    client.force_login(lin)
    assert "您还没有登记邮箱" in client.get(page).content.decode()
