"""At least once whatever crashes, never twice without a crash, however many workers there are."""

from __future__ import annotations

import contextlib
import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from common import clock
from notices import delivery, outbox, tasks
from notices.delivery import deliver
from notices.models import Delivery, Kind, Notice
from notices.services import notify

Person = Callable[..., User]

pytestmark = pytest.mark.django_db(transaction=True)


def tell(users: list[User], each: int = 1) -> None:
    for n in range(each):
        notify(
            key=f"n:{n}",
            users=[user.pk for user in users],
            kind=Kind.BREACH,
            word="breach.feedback",
            ref=f"WT2026-{n:06}",
            path="/app/",
            urgent=True,
            at=clock.now(),
        )


def too_early() -> int:
    """The protection switched off: marked as sent before the sending."""
    write = delivery._write

    def marked(taken: outbox.Taken) -> Any:
        message = write(taken)
        outbox.sent(taken, clock.now())
        return message

    delivery._write = marked
    return deliver()


def run_and_kill(work: Callable[[], int], mailbox: Any, when: str) -> None:
    """A worker, a process of its own, killed with -9 in the middle of its second message."""
    reverse("notices:list")  # loads all addresses here, once, and not in each child
    connection.close()  # the child must not share it
    worker = 0
    seen = Counter[str]()

    def kill(event: str) -> None:
        seen[event] += 1
        if event == when and seen[event] == 2:
            # Pending before the server answers: the worker never gets to read the answer.
            os.kill(worker, signal.SIGKILL)

    mailbox.sender_seen = lambda sender: kill("before the content")
    mailbox.content_seen = lambda content: kill("before the mark")
    # Not multiprocessing: kombu then closes the parent's connections in the child, and waits half a minute for one.
    worker = os.fork()
    if not worker:
        with contextlib.suppress(BaseException):
            work()
        os._exit(1)
    assert os.waitpid(worker, 0)[1] == signal.SIGKILL
    mailbox.sender_seen = lambda sender: None
    mailbox.content_seen = lambda content: None


def leases_run_out() -> None:
    Delivery.objects.filter(lease_until__isnull=False).update(lease_until=clock.now() - timedelta(seconds=1))


def test_killed_between_sending_and_marking(person: Person, mailbox: Any) -> None:
    """kill -9 three times: every key arrives, raw repeats at most as many as kills, with the same id."""
    tell([person(f"user{n}") for n in range(9)])
    for when in ("before the mark", "before the content", "before the mark"):
        run_and_kill(deliver, mailbox, when)
        leases_run_out()
    deliver()

    arrived = Counter(mailbox.keys)
    assert set(arrived) == set(Delivery.objects.values_list("key", flat=True))
    assert sum(arrived.values()) == 9 + 2, "two were killed after the server had the letter"
    assert len({(message["Message-ID"], message["X-Bihuan-Key"]) for message in mailbox.messages}) == 9
    assert (Delivery.objects.open().count(), Notice.objects.count()) == (0, 9)


def test_control_marking_before_sending_loses_one(person: Person, mailbox: Any) -> None:
    tell([person(f"user{n}") for n in range(4)])
    run_and_kill(too_early, mailbox, "before the content")
    leases_run_out()
    deliver()
    assert len(set(mailbox.keys)) == 3


@pytest.mark.parametrize(("lease", "doubles"), [(60, False), (0, True)], ids=["leased", "control: no lease"])
def test_four_workers_at_once(
    person: Person, mailbox: Any, monkeypatch: pytest.MonkeyPatch, lease: int, doubles: bool
) -> None:
    """Each letter once, and nobody's eight are split into what would be fewer than a digest each."""
    monkeypatch.setattr(outbox, "LEASE", timedelta(seconds=lease))
    users = [person(f"user{n}") for n in range(12)]
    tell(users[:4], each=8)
    tell(users[4:], each=5)

    def work(_n: int) -> int:
        try:
            return deliver()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        left = sum(pool.map(work, range(4)))

    arrived = Counter(mailbox.keys)
    assert len(arrived) == 4 + 8 * 5
    assert (max(arrived.values()) > 1) is doubles
    assert (left > 44) is doubles
    assert not Delivery.objects.open().exists()


def test_the_next_one_goes_on_at_once_after_a_kill(person: Person, mailbox: Any) -> None:
    """One letter is left in the dead worker's lease, the others are not late for it."""
    tell([person(f"user{n}") for n in range(6)])
    run_and_kill(deliver, mailbox, "before the content")
    assert deliver() == 4
    assert Delivery.objects.open().count() == 1


def test_a_frozen_worker_does_not_keep_the_others_from_taking(person: Person, mailbox: Any) -> None:
    """Its session ends after ten seconds: asserted where it is set, for the ten seconds are long."""
    tell([person("chen")])
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        assert outbox.take(clock.now())
        with connection.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            assert cursor.fetchone() == ("10s",)
    assert any("SKIP LOCKED" in query["sql"] for query in queries)


def test_the_task_rings_for_what_is_left(person: Person, mailbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr("common.bell.ring", rung.append)
    tell([person("chen"), person("lin")])
    rung.clear()

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "deliver", lambda: deliver(seconds=0.001))
        tasks.deliver()
    assert (len(mailbox.raw), rung) == (1, ["notices.tasks.deliver"])

    tasks.deliver()
    assert (len(mailbox.raw), len(rung)) == (2, 1), "nothing left: no bell"


def test_the_task_does_not_ring_in_circles_while_the_server_is_down(
    person: Person, mailbox: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    tell([person("chen")])
    monkeypatch.setattr("common.bell.ring", rung.append)
    settings.EMAIL_PORT = 1
    tasks.deliver()
    assert rung == []
    assert Delivery.objects.open().count() == 1
