"""deliver: what a mail says, digests, failures, and the dead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.mail import BadHeaderError

from accounts.actors import SYSTEM, Actor
from accounts.models import User
from common import clock
from common.errors import PermissionDenied
from notices import delivery, mail, messages, outbox
from notices.delivery import deliver
from notices.models import Delivery, Kind, MailLanguage, Notice
from notices.services import notify, retry

Person = Callable[..., User]


def tell(user: User, at: datetime, number: int = 1, **changes: Any) -> int:
    facts = {"kind": Kind.BREACH, "word": "breach.feedback", "due_at": at, "at": at}
    ref = f"WT2026-{number:06}"
    return notify(key=f"n:{number}", users=[user.pk], **{"ref": ref, "path": f"/app/issues/{ref}/", **facts, **changes})


def deliver_at(instant: datetime) -> int:
    with clock.at(instant):
        return deliver()


# What it says --------------------------------------------------------------------------------------------------------


def test_a_mail_says_number_kind_due_and_link(
    person: Person, now: datetime, mailbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(messages._parts, "feedback", "首次反馈")
    chen = person("chen", phone="13800001234")
    tell(chen, now)
    assert deliver_at(now) == 1

    message, text = mailbox.messages[0], mailbox.text()
    assert message["To"] == "chen@example.test"
    assert mailbox.subject() == "【闭环】WT2026-000001：首次反馈已逾期，应于 11月19日（周四）10:00 前完成"
    assert "编号：WT2026-000001\n类别：逾期\n应于：11月19日（周四）10:00\n" in text
    assert "https://bihuan.example.test/app/issues/WT2026-000001/\n" in text
    assert "https://bihuan.example.test/app/messages/settings/" in text
    assert chen.name not in text + mailbox.subject()
    assert chen.phone not in text


def test_in_the_readers_language(person: Person, now: datetime, mailbox: Any) -> None:
    chen = person("chen")
    MailLanguage.objects.create(user=chen, language="en")
    tell(chen, now)
    deliver_at(now)
    assert mailbox.subject().startswith("[Bihuan] WT2026-000001: ")
    assert "Kind: Overdue" in mailbox.text()


def test_nothing_leaves_before_its_time(person: Person, now: datetime, mailbox: Any) -> None:
    night = now + timedelta(hours=12)
    tell(person("chen"), night)
    morning = now + timedelta(hours=23)
    assert [deliver_at(night), deliver_at(morning - timedelta(seconds=1)), deliver_at(morning)] == [0, 0, 1]


def test_the_id_comes_from_the_key(person: Person, now: datetime, mailbox: Any) -> None:
    tell(person("chen"), now)
    deliver_at(now)
    key = Delivery.objects.get().key
    message = mailbox.messages[0]
    assert (message["X-Bihuan-Key"], message["X-Bihuan-Items"]) == (key, key)
    assert message["Message-ID"] == mail.message_id(key)
    assert mail.message_id(key) != mail.message_id(key + "1")


# Digests -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("notices", "mails"), [(5, 5), (6, 1), (7, 1)], ids=["control: five are five", "six", "seven"])
def test_more_than_five_at_once_come_as_one(
    person: Person, now: datetime, mailbox: Any, notices: int, mails: int
) -> None:
    chen, lin = person("chen"), person("lin")
    for n in range(notices):
        tell(chen, now, n)
    tell(lin, now, 99)

    assert deliver_at(now) == mails + 1
    to_chen = [message for message in mailbox.messages if message["To"] == "chen@example.test"]
    assert len(to_chen) == mails
    told = [item for message in to_chen for item in message["X-Bihuan-Items"].replace("\n", "").split(", ")]
    assert sorted(told) == sorted(Delivery.objects.filter(user=chen).values_list("key", flat=True))
    assert not Delivery.objects.open().exists()


def test_a_digest_lists_each_with_its_link(person: Person, now: datetime, mailbox: Any) -> None:
    chen = person("chen")
    for n in range(6):
        tell(chen, now, n)
    deliver_at(now)
    message, text = mailbox.messages[0], mailbox.text()
    assert mailbox.subject() == "【闭环】您有 6 条新消息"
    assert all(f"/app/issues/WT2026-{n:06}/" in text for n in range(6))
    assert message["X-Bihuan-Key"].startswith(f"digest:{chen.pk}:")


def test_a_digest_repeated_after_a_crash_is_the_same(
    person: Person, now: datetime, mailbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between sending and marking; meanwhile another notice comes, which must not slip into the repeat."""
    chen = person("chen")
    for n in range(6):
        tell(chen, now, n)

    class Killed(BaseException):
        pass

    def killed(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "sent", killed)
        with pytest.raises(Killed):
            deliver_at(now)
    tell(chen, now, 7)

    assert deliver_at(now + outbox.LEASE - timedelta(seconds=1)) == 1, "the new one; the digest is still leased"
    assert deliver_at(now + outbox.LEASE) == 1
    first, new, repeat = mailbox.messages
    assert first["Message-ID"] == repeat["Message-ID"] != new["Message-ID"]
    assert first["X-Bihuan-Items"] == repeat["X-Bihuan-Items"]
    assert first.get_content() == repeat.get_content()
    assert deliver_at(now + timedelta(days=1)) == 0


def test_one_that_cannot_be_written_leaves_the_others(
    person: Person, now: datetime, mailbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    chen = person("chen")
    for n in range(7):
        tell(chen, now, n)
    describe = mail.describe

    def stumbles(notice: Notice) -> dict[str, str]:
        if notice.ref == "WT2026-000003":
            raise KeyError("no such word")
        return describe(notice)

    monkeypatch.setattr(mail, "describe", stumbles)
    assert deliver_at(now) == 1
    assert "您有 6 条新消息" in mailbox.text()
    bad = Delivery.objects.open().get()
    assert (bad.notice.ref, bad.digest, bad.attempts, bad.error) == ("WT2026-000003", "", 1, "KeyError: 'no such word'")

    monkeypatch.undo()
    assert deliver_at(now + timedelta(minutes=1)) == 1
    assert len({message["Message-ID"] for message in mailbox.messages}) == 2


# What goes wrong -----------------------------------------------------------------------------------------------------


def test_after_five_refusals_a_letter_is_dead(person: Person, now: datetime, mailbox: Any) -> None:
    chen, lin = person("chen"), person("lin")
    mailbox.recipient_seen = lambda address: "550 no such user here" if address.startswith("chen") else None
    tell(chen, now, 1)
    tell(lin, now, 2)

    assert deliver_at(now) == 1, "the other one is not held up"
    at = now
    for attempt, minutes in enumerate((1, 5, 15, 60), start=1):
        waiting = Delivery.objects.get(user=chen)
        at += timedelta(minutes=minutes)
        assert (waiting.attempts, waiting.not_before, waiting.dead_at) == (attempt, at, None)
        assert deliver_at(at - timedelta(seconds=1)) == 0
        assert Delivery.objects.get(user=chen).attempts == attempt, "not before its time"
        deliver_at(at)

    dead = Delivery.objects.get(user=chen)
    assert (dead.attempts, dead.dead_at, dead.error) == (5, at, "SMTPRecipientsRefused [550]")
    mailbox.recipient_seen = lambda address: None
    assert deliver_at(at + timedelta(days=9)) == 0, "a dead one is left alone"


def test_a_dead_letter_lives_again_by_the_administrators_act(person: Person, now: datetime, mailbox: Any) -> None:
    tell(person("chen"), now)
    Delivery.objects.update(dead_at=now, attempts=5)
    with pytest.raises(PermissionDenied):
        retry(actor=Actor(), at=now)
    assert deliver_at(now) == 0, "control"

    assert retry(actor=SYSTEM, at=now) == 1
    assert deliver_at(now) == 1


def test_what_kills_its_worker_five_times_is_dead(person: Person, now: datetime, mailbox: Any) -> None:
    """Nobody lives to count: the attempt was counted when it was taken."""
    chen, lin = person("chen"), person("lin")
    tell(chen, now, 1)
    tell(lin, now, 2)
    Delivery.objects.filter(user=chen).update(attempts=4)
    with clock.at(now):
        assert outbox.take(now).rows[0].user == chen
    assert deliver_at(now) == 1, "the other one goes at once"
    assert Delivery.objects.get(user=chen).dead_at is None

    assert deliver_at(now + outbox.LEASE) == 0
    dead = Delivery.objects.get(user=chen)
    assert (dead.attempts, dead.dead_at) == (5, now + outbox.LEASE)


def test_an_outage_of_the_server_kills_nothing(person: Person, now: datetime, mailbox: Any, settings: Any) -> None:
    tell(person("chen"), now)
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert [deliver_at(now + timedelta(hours=n)) for n in range(20)] == [0] * 20
    waiting = Delivery.objects.get()
    assert (waiting.attempts, waiting.dead_at, waiting.lease_until) == (0, None, None)

    settings.EMAIL_PORT = there
    assert deliver_at(now + timedelta(hours=20)) == 1


def test_a_half_made_release_costs_no_attempt(person: Person, now: datetime, mailbox: Any, settings: Any) -> None:
    tell(person("chen"), now)
    whole, settings.ROOT_URLCONF = settings.ROOT_URLCONF, "notices.nowhere"
    with pytest.raises(ImportError):
        deliver_at(now)
    assert Delivery.objects.get().attempts == 0

    settings.ROOT_URLCONF = whole
    assert deliver_at(now) == 1


def test_without_a_server_letters_wait_a_week(person: Person, now: datetime, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""
    tell(person("chen"), now)
    assert deliver_at(now + outbox.PATIENCE) == 0
    assert Delivery.objects.open().count() == 1
    deliver_at(now + outbox.PATIENCE + timedelta(seconds=1))
    assert Delivery.objects.get().dropped_at
    assert Notice.objects.count() == 1


def test_who_left_or_lost_the_address_gets_nothing(person: Person, now: datetime, mailbox: Any) -> None:
    left, silent, stays = person("left"), person("silent"), person("stays")
    for n, user in enumerate((left, silent, stays)):
        tell(user, now, n)
    User.objects.filter(pk=left.pk).update(is_active=False)
    User.objects.filter(pk=silent.pk).update(email="")

    assert deliver_at(now) == 1
    assert mailbox.messages[0]["To"] == "stays@example.test"
    assert Delivery.objects.filter(dropped_at__isnull=False).count() == 2


def test_reasons_name_no_address() -> None:
    assert delivery.why(ValueError("bad address boss@example.test\r\nX: y")) == "ValueError: bad address … X: y"


# Headers -------------------------------------------------------------------------------------------------------------

EVIL = "WT-1\r\nBcc: spy@example.test\r\n\r\n假链接 https://evil.test/\u202e\x00"


def forge(user: User, now: datetime) -> None:
    """What no service lets in, as an import or a hand in the database might leave it."""
    tell(user, now)
    Notice.objects.update(ref=EVIL.replace("\x00", ""), path="/x\r\nSet: y")
    Delivery.objects.update(key="mail:\r\nBcc: spy@example.test")


def test_no_value_starts_a_header_or_a_line(person: Person, now: datetime, mailbox: Any) -> None:
    forge(person("chen"), now)
    assert deliver_at(now) == 1

    message = mailbox.messages[0]
    assert message["Bcc"] is None
    assert b"\nBcc" not in mailbox.raw[0]
    assert "假链接 https" in mailbox.subject()
    assert not [line for line in mailbox.text().splitlines() if line.startswith(("假链接", "Set:", "Bcc"))]
    assert "\u202e" not in mailbox.text()


def test_control_without_cleaning_it_would(
    person: Person, now: datetime, mailbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "one_line", str)
    chen = person("chen")
    forge(chen, now)
    taken = outbox.take(now)
    message = mail.write_notice(taken.rows[0], address=chen.email)
    assert "\n假链接" in message.body.replace("\r", "")
    with pytest.raises(BadHeaderError):
        message.message()


@pytest.mark.parametrize("address", ["a@example.test\r\nBcc: spy@example.test", "a@example.test\nspy@example.test"])
def test_an_address_with_a_line_break_goes_nowhere(now: datetime, mailbox: Any, address: str, db: None) -> None:
    letter = {"template": "close", "context": {"number": "WT-1", "link": "/"}, "created_at": now, "not_before": now}
    Delivery.objects.create(key="mail:1", address=address, **letter)
    Delivery.objects.create(key="mail:2", address="a@example.test", **letter)
    assert deliver_at(now) == 1
    assert mailbox.keys == ["mail:2"]
    assert Delivery.objects.get(key="mail:1").attempts == 1
