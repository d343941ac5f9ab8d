"""The inbox of messages: one's own, unread first, page by page, every link a plain one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import User
from accounts.roles import Role
from common import clock
from notices import health
from notices.apps import unread
from notices.models import Delivery, Kind, Notice

Person = Callable[..., User]


def notices(user: User, now: datetime, count: int, **changes: Any) -> list[Notice]:
    facts = {"user": user, "kind": Kind.BREACH, "word": "breach.feedback", "created_at": now, "due_at": now, **changes}
    return Notice.objects.bulk_create(
        Notice(key=f"{user.pk}:{n}:{changes}", ref=f"WT2026-{n:06}", path=f"/app/issues/{n}/", **facts)
        for n in range(count)
    )


def test_ones_own_newest_first(person: Person, client: Client, now: datetime) -> None:
    chen = person("chen")
    notices(chen, now, 3)
    notices(person("lin"), now, 5)
    client.force_login(chen)
    page = client.get(reverse("notices:list"))
    assert [row["url"] for row in page.context["rows"]] == ["/app/issues/2/", "/app/issues/1/", "/app/issues/0/"]
    assert 'href="/app/issues/2/"' in page.content.decode()
    assert Notice.objects.unread().count() == 8, "a look reads nothing"


def test_read_ones_are_behind_the_second_tab(person: Person, client: Client, now: datetime) -> None:
    chen = person("chen")
    notices(chen, now, 2, read_at=now)
    client.force_login(chen)
    assert "没有未读消息" in client.get(reverse("notices:list")).content.decode()
    assert len(client.get(reverse("notices:list"), {"show": "all"}).context["rows"]) == 2


def test_page_by_page(person: Person, client: Client, now: datetime) -> None:
    chen = person("chen")
    notices(chen, now, 120)
    client.force_login(chen)
    address, seen = reverse("notices:list"), []
    while address:
        page = client.get(address)
        seen += [row["id"] for row in page.context["rows"]]
        address = page.context["pager"]["next"]
    assert seen == list(Notice.objects.order_by("-id").values_list("pk", flat=True))


def test_the_same_queries_whatever_the_length(person: Person, client: Client, now: datetime) -> None:
    chen = person("chen")
    client.force_login(chen)
    client.get(reverse("notices:list"))  # the first page of a process fills caches
    counts = []
    for more in (1, 48):
        notices(chen, now, more, word=f"w{more}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("notices:list")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_gets_in(person: Person, client: Client) -> None:
    address = reverse("notices:list")
    assert client.get(address)["Location"].startswith("/accounts/login/")
    client.force_login(person("nobody", role=None))
    assert client.get(address).status_code == 403
    client.force_login(person("chen", role=Role.SUPERVISOR))
    assert client.get(address).status_code == 200
    assert client.get(address, {"cursor": "x"}).status_code == 400


def test_hostile_numbers_are_only_text(person: Person, client: Client, now: datetime) -> None:
    chen = person("chen")
    evil = "<script>alert(1)</script>"
    notices(chen, now, 1)
    Notice.objects.update(ref=evil, word="x", path='/app/"onclick="x')
    client.force_login(chen)
    html = client.get(reverse("notices:list")).content.decode()
    assert evil not in html
    assert "&lt;script&gt;alert(1)" in html
    assert '"onclick="' not in html


def test_the_bell(person: Person, now: datetime) -> None:
    chen = person("chen")
    notices(chen, now, 3)
    notices(chen, now, 2, read_at=now)
    assert unread(Actor(user=chen)) == 3


def test_health_tells_what_waits_and_what_died(person: Person, now: datetime, settings: Any) -> None:
    assert (health.status()["waiting"], health.status()["oldest"], health.status()["dead"]) == (0, None, 0)
    letter = {"template": "close", "created_at": now, "not_before": now}
    Delivery.objects.create(key="waits", **letter)
    Delivery.objects.create(key="sent", sent_at=now, **letter)
    Delivery.objects.create(key="dropped", dropped_at=now, **letter)
    Delivery.objects.create(key="dead", dead_at=now, error="SMTPRecipientsRefused [550]", **letter)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""

    with clock.at(now):
        assert health.status() == {
            "configured": False,
            "waiting": 1,
            "oldest": now,
            "dead": 1,
            "errors": ["SMTPRecipientsRefused [550]"],
        }
