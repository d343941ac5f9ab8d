"""The anchor while others write events, over real connections: what commits late must not break it later."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import connections, transaction

from common import clock
from issues.models import Anchor, Event, Issue
from issues.services import anchors, chain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_book(tmp_path, monkeypatch):
    monkeypatch.setattr(anchors, "book", lambda: tmp_path / "anchors.jsonl")


def issue(number: str) -> Issue:
    return Issue.objects.create(
        number=number, title="停水", channel="web_form", state="submitted", submitted_at=clock.now()
    )


def append(of: Issue) -> Event:
    old = clock.now() - timedelta(days=400)
    event = chain.append(of, kind="submit", at=old, post=None, user_id=None, data={}, public=False)
    of.save(update_fields=["event_seq", "event_hash"])
    return event


class Writer(threading.Thread):
    """Draws a key on a connection of its own and commits only when it is let go."""

    def __init__(self, of: Issue) -> None:
        super().__init__()
        self.of, self.drawn, self.go, self.key = of, threading.Event(), threading.Event(), 0

    def run(self) -> None:
        try:
            with transaction.atomic():
                self.key = append(self.of).pk
                self.drawn.set()
                self.go.wait(30)
        finally:
            connections.close_all()


def test_an_event_of_a_transaction_still_open_is_waited_for():
    early, late = issue("WT2026-000001"), issue("WT2026-000002")
    writer = Writer(early)
    writer.start()
    assert writer.drawn.wait(30)
    with transaction.atomic():
        after = append(late)
    assert writer.key < after.pk
    timer = threading.Timer(0.5, writer.go.set)
    timer.start()
    begun = time.monotonic()
    made = anchors.anchor()
    assert time.monotonic() - begun >= 0.4
    writer.join()
    assert (made.count, made.upto) == (2, after.pk)
    assert anchors.broken_anchor() is None


def test_what_takes_too_long_is_left_to_the_next_hour(monkeypatch):
    monkeypatch.setattr(anchors, "PATIENCE", 0.2)
    early, late = issue("WT2026-000001"), issue("WT2026-000002")
    writer = Writer(early)
    writer.start()
    assert writer.drawn.wait(30)
    with transaction.atomic():
        append(late)
    assert anchors.anchor() is None
    assert Anchor.objects.count() == 0
    writer.go.set()
    writer.join()
    assert anchors.anchor().count == 2
    assert anchors.broken_anchor() is None


def test_control_without_the_wait_the_anchor_would_be_broken(monkeypatch):
    monkeypatch.setattr(anchors, "_writing", set)
    early, late = issue("WT2026-000001"), issue("WT2026-000002")
    writer = Writer(early)
    writer.start()
    assert writer.drawn.wait(30)
    with transaction.atomic():
        append(late)
    assert anchors.anchor().count == 1
    writer.go.set()
    writer.join()
    assert "2 of 1" in anchors.broken_anchor()
