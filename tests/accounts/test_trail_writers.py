"""Who writes audit entries seals them, waits for nobody, and reads as it was sealed; the root waits for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import audit, seals
from accounts.actors import SYSTEM, Actor
from accounts.models import AuditAnchor, AuditEntry
from accounts.services import trail
from tests.accounts.tampering import broken

pytestmark = pytest.mark.usefixtures("book")


def test_what_is_written_in_sets_is_sealed_too(db: None) -> None:
    audit.record_many(SYSTEM, "import", "project", ((f"P-{n}", {"row": n}) for n in range(1200)))
    audit.record_many(SYSTEM, "import", "project", [])
    assert trail.verify_trail() == trail.Trail(proved=1200, unsealed=0, waiting=1200)


def test_nobody_writes_entries_but_the_two_writers() -> None:
    """Whoever made one by itself would leave it without a seal."""
    here = Path(__file__).resolve().parents[2]
    files = [path for name in ("accounts", "notices", "deadlines", "documents", "projects", "issues", "assessments",
                               "config", "common") for path in (here / name).rglob("*.py")]  # fmt: skip
    making = ("AuditEntry(", "AuditEntry.objects.create", "AuditEntry.objects.bulk_create", "INTO accounts_auditentry")
    found = {str(path.relative_to(here)) for path in files if any(word in path.read_text() for word in making)}
    assert found == {"accounts/audit.py", "accounts/models.py"}  # the class itself stands in models.py


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12
    ),
    lambda inner: st.lists(inner, max_size=3)
    | st.tuples(inner, inner)
    | st.dictionaries(
        st.text("abcé键", max_size=3) | st.integers(0, 20), inner, max_size=3
    ),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.dictionaries(st.sampled_from(["changes", "reason", "n"]), VALUES, max_size=3),
    st.none() | st.ip_addresses().map(str),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=80),
)
def test_whatever_is_recorded_reads_as_it_was_sealed(detail: dict[str, Any], address: str | None, ref: str) -> None:
    with transaction.atomic():
        entry = audit.record(Actor(user=None, address=address), "change_unit", "unit", ref, **detail)
        found = trail.verify_trail()
        assert (found.broken, found.proved) == ("", 1)
        assert AuditEntry.objects.get(pk=entry.pk).detail == entry.detail
        transaction.set_rollback(True)


class Writer(threading.Thread):
    """Records on a connection of its own and commits only when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn, self.go, self.key = threading.Event(), threading.Event(), 0

    def run(self) -> None:
        try:
            with transaction.atomic():
                self.key = audit.record(SYSTEM, "change_unit", "unit", "early").pk
                self.drawn.set()
                self.go.wait(30)
        finally:
            connections.close_all()


@pytest.fixture
def writer(transactional_db: None) -> Iterator[Writer]:
    one = Writer()
    one.start()
    assert one.drawn.wait(30)
    yield one
    one.go.set()
    one.join()


def test_writers_do_not_wait_for_each_other_and_the_root_waits_for_them(writer: Writer) -> None:
    later = audit.record(SYSTEM, "change_unit", "unit", "late")  # beside the transaction that is still open
    assert writer.key < later.pk
    timer = threading.Timer(0.5, writer.go.set)
    timer.start()
    begun = time.monotonic()
    made = trail.anchor_trail()
    assert time.monotonic() - begun >= 0.4
    assert made is not None
    assert (made.count, made.upto) == (2, later.pk)
    assert broken() == (None, "")


def test_control_without_the_wait_the_root_would_be_broken(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "_writing", set)
    audit.record(SYSTEM, "change_unit", "unit", "late")
    made = trail.anchor_trail()
    assert made is not None
    assert made.count == 1
    writer.go.set()
    writer.join()
    assert broken()[0] == writer.key


def test_a_number_drawn_and_not_written_yet_is_waited_for(transactional_db: None, monkeypatch: Any) -> None:
    """Between the draw and the INSERT the lock is held already."""
    sealing, go = threading.Event(), threading.Event()
    real, keys = seals.seal, []

    def slow(*values: Any) -> str:
        if threading.current_thread() is not threading.main_thread():
            keys.append(values[0])
            sealing.set()
            go.wait(30)
        return real(*values)

    def write() -> None:
        try:
            audit.record(SYSTEM, "change_unit", "unit", "early")  # in no transaction of a caller
        finally:
            connections.close_all()

    monkeypatch.setattr(seals, "seal", slow)
    thread = threading.Thread(target=write)
    thread.start()
    assert sealing.wait(30)
    later = audit.record(SYSTEM, "change_unit", "unit", "late")
    assert keys[0] < later.pk
    monkeypatch.setattr(trail, "PATIENCE", 0.2)
    assert trail.anchor_trail() is None  # left to the next hour
    assert not AuditAnchor.objects.exists()
    go.set()
    thread.join()
    made = trail.anchor_trail()
    assert made is not None
    assert (made.count, broken()) == (2, (None, ""))
