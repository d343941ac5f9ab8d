"""The audit trail is provable: what a database superuser alters, deletes, moves or puts in is found and named."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection

from accounts import audit, seals
from accounts.actors import SYSTEM
from accounts.models import AuditEntry
from accounts.services import trail
from common import clock
from config import doctor
from tests.accounts import cast
from tests.accounts.tampering import broken, copied, delete, swap, tamper

pytestmark = pytest.mark.usefixtures("book")


def test_an_untouched_trail_is_proved(entries: list[int]) -> None:
    assert str(trail.verify_trail()) == "7 audit entries proved, the last 7 await the root of the hour"
    made = trail.anchor_trail()
    assert made is not None
    assert (made.count, made.since, made.upto) == (7, 0, entries[-1])
    assert trail.anchor_trail() is None
    audit.record(SYSTEM, "change_unit", "unit", "H")
    assert trail.verify_trail() == trail.Trail(proved=8, unsealed=0, waiting=1)
    trail.anchor_trail()
    assert trail.verify_trail() == trail.Trail(proved=8, unsealed=0, waiting=0)
    out = io.StringIO()
    call_command("verify_chain", stdout=out)
    assert out.getvalue().splitlines() == ["0 events proved", "8 audit entries proved"]


COLUMNS = [
    "at = at + interval '1 microsecond'",
    "user_id = {user}",
    "post_id = {post}",
    "act = 'view_contact'",
    "object_kind = 'user'",
    "object_ref = 'C '",
    "result = 'denied'",
    "address = NULL",
    "address = '2001:db8::2'",
    "request_id = ''",
    """detail = '{{"changes": {{"name": ["C", "旧"]}}}}'""",
    """detail = detail || '{{"reason": ""}}'""",
    "seal = repeat('0', 64)",
    "seal = ''",
    "seal = (SELECT seal FROM accounts_auditentry ORDER BY id LIMIT 1)",
]


@pytest.mark.parametrize("change", COLUMNS)
@pytest.mark.parametrize("anchored", [False, True])
def test_any_column_that_is_changed_is_found_and_its_entry_named(
    entries: list[int], change: str, anchored: bool
) -> None:
    other = cast.actor("auditor")
    if anchored:
        trail.anchor_trail()
    change = change.format(user=other.user.pk, post=other.posts[0].pk)
    tamper(f"UPDATE accounts_auditentry SET {change} WHERE id = {entries[2]}")
    number, why = broken()
    assert number == entries[2]
    assert why.startswith(f"audit entry {entries[2]}: ")
    err = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_chain", stderr=err)
    assert ended.value.code == 1
    assert f"BROKEN audit entry {entries[2]}: " in err.getvalue()


def test_every_column_is_sealed() -> None:
    """A column that is added to the trail and not to the seal could be altered unseen."""
    assert {field.attname for field in AuditEntry._meta.concrete_fields} - {"seal"} == set(seals.COLUMNS)


DONE: dict[str, Callable[[list[int]], tuple[tuple[str, ...], int]]] = {
    "the first": lambda of: ((delete(of[:1]),), 0),
    "one in the middle": lambda of: ((delete(of[3:4]),), 3),
    "two in the middle": lambda of: ((delete(of[2:4]),), 2),
    "the tail": lambda of: ((delete(of[5:]),), 5),
    "all": lambda of: ((delete(of),), 0),
    "two swapped": lambda of: (swap(of[1], of[4]), 1),
    "one doubled under a free number": lambda of: ((delete(of[4:5]), copied(of[1], str(of[4]))), 4),
}


@pytest.mark.parametrize("way", DONE)
def test_what_is_deleted_moved_or_put_in_is_found_and_named(entries: list[int], way: str) -> None:
    trail.anchor_trail()
    statements, place = DONE[way](entries)
    tamper(*statements)
    number, why = broken()
    assert (number, why.startswith(f"audit entry {entries[place]}: ")) == (entries[place], True)


@pytest.mark.parametrize("way", ["the first", "one in the middle", "the tail", "all"])
def test_control_without_the_roots_no_deletion_is_noticed(
    entries: list[int], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trail.anchor_trail()
    tamper(*DONE[way](entries)[0])
    monkeypatch.setattr(trail, "_signed", lambda: ([], ""))
    assert broken() == (None, "")


def test_control_without_the_seals_no_edit_is_noticed(entries: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    trail.anchor_trail()
    tamper(f"UPDATE accounts_auditentry SET act = 'view_contact' WHERE id = {entries[2]}")
    assert broken()[0] == entries[2]
    monkeypatch.setattr(trail, "_broken", lambda *args, **kwargs: None)
    assert broken() == (None, "")


def test_a_copy_at_the_end_is_found_before_its_hour_has_a_root(entries: list[int]) -> None:
    trail.anchor_trail()
    tamper(copied(entries[2]))
    number, why = broken()
    assert number is not None
    assert number > entries[-1]
    assert "altered" in why


def test_an_entry_put_in_between_two_hours_is_found(entries: list[int]) -> None:
    trail.anchor_trail()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('accounts_auditentry', 'id'))")  # rolled back somewhere
        free = cursor.fetchone()[0]
    audit.record(SYSTEM, "change_unit", "unit", "H")
    trail.anchor_trail()
    assert broken() == (None, "")
    tamper(copied(entries[0], str(free)))
    assert broken() == (free, f"audit entry {free}: it was put in after its hour")


def test_another_entry_with_a_true_seal_under_the_same_number_is_found(entries: list[int]) -> None:
    """Deleted, the sequence set back, and the application made to write something harmless under the number."""
    trail.anchor_trail()
    last = entries[-1]
    tamper(delete([last]), f"SELECT setval(pg_get_serial_sequence('accounts_auditentry', 'id'), {last}, false)")
    assert audit.record(SYSTEM, "sign_in", "user", "someone").pk == last
    number, why = broken()
    assert number == entries[0]  # the root knows the hour, not which of its entries
    assert f"up to {last}" in why


# Entries older than the seals ----------------------------------------------------------------------------------------


@pytest.fixture
def older(db: None) -> list[int]:
    """As an installation has them that lived before the seals."""
    return [AuditEntry.objects.create(at=clock.now(), act="sign_in", object_ref=name).pk for name in "abc"]


def test_entries_older_than_the_seals_are_counted_and_not_called_proved(older: list[int], entries: list[int]) -> None:
    assert trail.verify_trail() == trail.Trail(proved=7, unsealed=3, waiting=7)
    trail.anchor_trail()
    assert str(trail.verify_trail()) == "7 audit entries proved; 3 from before the seals are not"
    [finding] = doctor.audit_trail()
    assert (finding.state, finding.text) == ("ok", "7 audit entries proved; 3 from before the seals are not")


def test_from_the_first_root_on_none_of_them_disappears(older: list[int], entries: list[int]) -> None:
    trail.anchor_trail()
    tamper(delete([older[1]]))
    assert broken() == (older[1], f"audit entry {older[1]}: it is missing")


def test_nobody_makes_an_entry_pass_for_older_than_the_seals(older: list[int], entries: list[int]) -> None:
    tamper(f"UPDATE accounts_auditentry SET seal = '', act = 'nothing' WHERE id = {entries[3]}")
    assert broken() == (
        entries[3],
        f"audit entry {entries[3]}: it has no seal, although entries before it have one",
    )


def test_nor_a_whole_beginning_of_them(older: list[int], entries: list[int]) -> None:
    trail.anchor_trail()
    tamper(f"UPDATE accounts_auditentry SET seal = '' WHERE id <= {entries[3]}")
    assert broken() == (entries[0], f"audit entry {entries[0]}: its seal was taken off")
