"""The hourly root over the audit trail: its book outside the database, its signature, who looks at it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db import IntegrityError, connection, transaction

from accounts import audit, tasks
from accounts.actors import SYSTEM
from accounts.models import AuditEntry
from accounts.services import trail
from common import clock
from config import doctor
from tests.accounts.tampering import broken, delete, tamper

pytestmark = pytest.mark.usefixtures("book")


def hours(count: int) -> None:
    for number in range(count):
        with clock.at(datetime(2026, 11, 2, 8 + number, 8, tzinfo=UTC)):
            audit.record(SYSTEM, "change_unit", "unit", f"H{number}")
            trail.anchor_trail()


def test_a_tail_that_is_cut_with_its_anchors_is_found_by_the_book(db: None) -> None:
    hours(3)
    last = AuditEntry.objects.order_by("pk").last()
    assert last is not None
    tamper(f"DELETE FROM accounts_auditanchor WHERE upto = {last.pk}", table="accounts_auditanchor")
    assert broken() == (
        None,
        "the audit root of 2026-11-02T10:08:00.000000+00:00 is not in the database as it was written",
    )
    tamper(delete([last.pk]))
    assert broken() == (last.pk, f"audit entry {last.pk}: it is missing")
    # Nor does the next hour cover it up.
    audit.record(SYSTEM, "change_unit", "unit", "H9")
    trail.anchor_trail()
    assert broken()[0] == last.pk


def test_control_without_the_book_the_cut_is_not_noticed(db: None, book: Path) -> None:
    hours(3)
    last = AuditEntry.objects.order_by("pk").last()
    assert last is not None
    tamper(f"DELETE FROM accounts_auditanchor WHERE upto = {last.pk}", table="accounts_auditanchor")
    tamper(delete([last.pk]))
    book.unlink()
    assert broken() == (None, "")


@pytest.mark.parametrize("change", ["root = repeat('0', 64)", "ids = '1-9'", "upto = upto + 1", "at = now()"])
def test_an_anchor_that_is_changed_is_found(entries: list[int], change: str, book: Path) -> None:
    trail.anchor_trail()
    tamper(f"UPDATE accounts_auditanchor SET {change}", table="accounts_auditanchor")
    assert "is not in the database as it was written" in broken()[1]
    book.unlink()
    assert "is not signed by this district" in broken()[1]


def test_a_line_of_the_book_that_is_changed_is_found(entries: list[int], book: Path) -> None:
    trail.anchor_trail()
    line = json.loads(book.read_text())
    book.write_text(json.dumps(line | {"count": 6}) + "\n")
    assert "is not signed by this district" in broken()[1]
    book.write_text("nothing\n")
    assert broken() == (None, "the book of audit roots can't be read")


def test_the_table_of_anchors_takes_inserts_only(entries: list[int]) -> None:
    trail.anchor_trail()
    for statement in ("UPDATE accounts_auditanchor SET count = 0", "DELETE FROM accounts_auditanchor"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_book_that_could_not_be_written_is_caught_up(db: None, book: Path) -> None:
    """A full disk, or a death between commit and file: the anchor is in the database, its line missing or torn."""
    hours(2)
    whole = book.read_bytes()
    first, second = whole.splitlines(keepends=True)
    for left in (b"", first, first + second[:40], second[:40]):
        book.write_bytes(left)
        assert broken() == (None, "")
        trail.anchor_trail()
        assert book.read_bytes() == whole


def test_the_key_is_not_in_the_database(entries: list[int], settings: Any) -> None:
    trail.anchor_trail()
    settings.CHAIN_KEY = "another key of another district, long enough"
    assert "is not signed" in trail._signed()[1]
    assert broken()[0] == entries[0]


def test_the_night_says_what_it_found(entries: list[int]) -> None:
    tasks.anchor_trail()
    tasks.prove_trail()
    told = AuditEntry.objects.get(act="verify_trail")
    assert (told.result, told.detail) == ("ok", {"proved": 7, "unsealed": 0, "broken": ""})
    tamper(f"UPDATE accounts_auditentry SET act = 'nothing' WHERE id = {entries[4]}")
    tasks.prove_trail()
    told = AuditEntry.objects.filter(act="verify_trail").latest("pk")
    assert (told.result, told.object_ref) == ("failed", str(entries[4]))
    assert told.detail["broken"] == f"audit entry {entries[4]}: it was altered"
    [finding] = doctor.audit_trail()
    assert finding.state == "fail"
    assert f"audit entry {entries[4]}" in finding.text
    assert finding.advice


def test_the_beat_knows_both_tasks() -> None:
    known = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    assert {tasks.anchor_trail.name, tasks.prove_trail.name} <= known


def test_hours_follow_each_other(db: None, book: Path) -> None:
    hours(4)
    told = [json.loads(line) for line in book.read_text().splitlines()]
    assert [line["since"] for line in told] == [0, *(line["upto"] for line in told[:-1])]
    assert [datetime.fromisoformat(line["at"]) for line in told] == [
        datetime(2026, 11, 2, 8, 8, tzinfo=UTC) + timedelta(hours=n) for n in range(4)
    ]
    assert len({line["root"] for line in told}) == 4
