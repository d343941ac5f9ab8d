"""The bell: rung after the commit, never in the way of a request."""

import threading
import time

import pytest
from celery import current_app
from django.db import transaction

from common import bell

TASK = "common.tasks.heartbeat"


def queue_length() -> int:
    with current_app.connection_for_write() as line:
        return line.default_channel.client.llen("celery")


@pytest.fixture
def rung(monkeypatch):
    """The names that reached the broker, with a ringer of the test's own."""
    names: list[str] = []
    monkeypatch.setattr(bell, "publish", names.append)
    monkeypatch.setattr(bell, "_ringer", bell.Ringer())
    return names


def test_a_committed_ring_reaches_the_broker(transactional_db):
    before = queue_length()
    with transaction.atomic():
        bell.ring(TASK)
        assert queue_length() == before
    assert bell._ringer.flush(5)
    assert queue_length() == before + 1


def test_a_rolled_back_act_rings_nobody(transactional_db, rung):
    with transaction.atomic():
        bell.ring(TASK)
        transaction.set_rollback(True)
    assert bell._ringer.flush(1)
    assert rung == []
    with transaction.atomic():  # control: the same act without the rollback does ring
        bell.ring(TASK)
    assert bell._ringer.flush(1)
    assert rung == [TASK]


def test_a_broker_that_hangs_holds_nobody_up(monkeypatch):
    """Control: called directly the same publish does hold up."""
    release = threading.Event()
    monkeypatch.setattr(bell, "publish", lambda name: release.wait(10))
    ringer = bell.Ringer()
    began = time.monotonic()
    for _ in range(100):
        ringer.ring(TASK)
    assert time.monotonic() - began < 0.1
    assert ringer.flush(0.2) is False
    release.set()
    assert ringer.flush(5) is True


def test_a_broker_that_is_down_is_no_error(monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis+socket:///nowhere/redis.sock")
    monkeypatch.setattr(current_app.conf, "broker_url", "redis+socket:///nowhere/redis.sock")
    current_app.amqp._producer_pool, kept = None, current_app.amqp._producer_pool
    try:
        bell.publish(TASK)
    finally:
        current_app.amqp._producer_pool = kept


def test_equal_bells_that_wait_together_are_rung_once(monkeypatch):
    names: list[str] = []
    first = threading.Event()

    def publish(name):
        names.append(name)
        first.wait(5)

    monkeypatch.setattr(bell, "publish", publish)
    ringer = bell.Ringer()
    ringer.ring("first")
    while not names:
        time.sleep(0.01)
    for _ in range(50):
        ringer.ring(TASK)
    first.set()
    assert ringer.flush(5)
    assert names == ["first", TASK]
