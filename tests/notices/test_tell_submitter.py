"""tell_submitter: a letter with a number and a link, and nothing that a case says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import get_template

from common import clock
from notices import mail, messages
from notices.delivery import deliver
from notices.models import Delivery
from notices.services import tell_submitter

LINK = "/track/WT2026-000001/"

pytestmark = pytest.mark.django_db


def tell(now: datetime, key: str = "issue:1:verify", **changes: Any) -> bool:
    facts: dict[str, Any] = {
        "address": "boss@example.test",
        "template": "verify",
        "context": {"number": "WT2026-000001", "link": LINK, "due_at": now + timedelta(days=7)},
        "at": now,
    }
    return tell_submitter(key=key, **{**facts, **changes})


def test_once_by_its_key(now: datetime) -> None:
    assert [tell(now), tell(now), tell(now, key="issue:1:verify:2")] == [True, False, True]
    assert Delivery.objects.count() == 2


def test_the_letter(now: datetime, mailbox: Any) -> None:
    tell(now)
    with clock.at(now):
        assert deliver() == 1

    letter, text = mailbox.messages[0], mailbox.text()
    assert letter["To"] == "boss@example.test"
    assert mailbox.subject() == "【闭环】请评价办理情况：WT2026-000001"
    assert "https://bihuan.example.test/track/WT2026-000001/\n" in text
    assert "11月26日（周四）10:00" in text
    assert letter["Auto-Submitted"] == "auto-generated"


def test_without_a_date_it_names_none(now: datetime, mailbox: Any) -> None:
    tell(now, context={"number": "WT2026-000001", "link": LINK, "due_at": None})
    with clock.at(now):
        assert deliver() == 1
    assert "前评价" not in mailbox.text()
    assert "请您评价" in mailbox.text()


def test_in_english(now: datetime, mailbox: Any) -> None:
    tell(now, language="en")
    with clock.at(now):
        deliver()
    assert mailbox.subject() == "[Bihuan] Please rate the handling of WT2026-000001"
    assert "Please rate it by Thu 26 Nov, 10:00." in mailbox.text()


def test_once_sent_address_and_link_are_forgotten(now: datetime, mailbox: Any) -> None:
    tell(now)
    assert Delivery.objects.get().address, "control: it is there until then"
    with clock.at(now):
        deliver()
    gone = Delivery.objects.get()
    assert (gone.sent_at, gone.address, gone.context) == (now, "", {})


@pytest.mark.parametrize("word", ["title", "name", "phone", "text", "enterprise"])
def test_nothing_that_the_case_says(now: datetime, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        tell(now, context={"number": "WT2026-000001", "link": LINK, "due_at": now, word: "某某公司"})
    assert tell(now), "control: without that word it is written"


@pytest.mark.parametrize(
    "wrong",
    [
        {"context": {"number": "WT2026-000001", "link": LINK}},
        {"context": {"number": "WT2026-000001", "link": "https://elsewhere.test/", "due_at": None}},
        {"context": {"number": "WT2026-000001", "link": "//elsewhere.test/", "due_at": None}},
        {"context": {"number": "WT2026-000001", "link": f"{settings.PUBLIC_URL}.elsewhere.test/", "due_at": None}},
        {"context": {"number": "WT2026-000001", "link": LINK, "due_at": "11月26日"}},
        {"template": "gossip"},
        {"key": "with a space"},
    ],
)
def test_mistakes_of_the_caller_fail_loudly(now: datetime, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"letter|site|key"):
        tell(now, **wrong)
    assert not Delivery.objects.exists()


def test_no_address_is_no_mistake_and_a_wrong_one_is(now: datetime) -> None:
    assert tell(now, address="") is False
    for address in ("boss", "boss@example.test\r\nBcc: other@example.test", "boss@example.test, other@example.test"):
        with pytest.raises(ValidationError):
            tell(now, address=address)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("template", sorted(messages._letters))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_letter_can_be_written(
    now: datetime, mailbox: Any, template: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all its words in it, and none left unfilled."""
    monkeypatch.setitem(messages._secrets, "of_a_test", lambda number: f"KQ7M-{number}")
    code = messages.Secret("of_a_test", ("2XWP",))
    values = {"number": "WT2026-000001", "link": LINK, "due_at": now, "code": code}
    context = {name: values.get(name, f"{name} & <more>") for name in messages.letter(template).fields}
    tell(now, template=template, context=context, language=language)
    with clock.at(now):
        assert deliver() == 1, Delivery.objects.get().error

    subject, text = mailbox.subject(), mailbox.text()
    assert "WT2026-000001" in subject
    assert "https://bihuan.example.test/track/WT2026-000001/" in text
    assert "%(" not in text
    assert "&amp;" not in text
    assert ("KQ7M-2XWP" in text) is ("code" in context)
    assert "WT2026-000001" in text
    assert get_template(f"notices/mail/{template}.txt")
    assert ("您" in text) is (language == "zh-hans")


def test_a_code_in_clear_is_refused(now: datetime) -> None:
    context = {"number": "WT2026-000001", "link": LINK, "code": "KQ7M-2XWP"}
    with pytest.raises(ValueError, match="code"):
        tell(now, template="submit", context=context)
    assert not Delivery.objects.exists()


def test_the_outbox_keeps_whose_secret_it_is_and_each_attempt_says_the_same(
    now: datetime, mailbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(messages._secrets, "of_a_test", lambda number, n: f"/rate/{number}/{n * 2}/")
    link = messages.Secret("of_a_test", ("WT2026-000001", 21))
    tell(now, template="promise", context={"number": "WT2026-000001", "link": link})
    row = Delivery.objects.get()
    assert row.context["link"] == {"secret": "of_a_test", "of": ["WT2026-000001", 21]}
    first, again = mail.write_letter(row), mail.write_letter(row)
    assert first.body == again.body
    assert first.extra_headers == again.extra_headers
    with clock.at(now):
        assert deliver() == 1
    assert "https://bihuan.example.test/rate/WT2026-000001/42/" in mailbox.text()
    assert Delivery.objects.get().context == {}


def test_a_secret_that_nobody_can_derive_is_an_attempt_not_a_loss(now: datetime, mailbox: Any) -> None:
    link = messages.Secret("forgotten", ("WT2026-000001",))
    tell(now, template="promise", context={"number": "WT2026-000001", "link": link})
    with clock.at(now):
        assert deliver() == 0
    row = Delivery.objects.get()
    assert (row.sent_at, row.attempts) == (None, 1)
    assert row.error
