"""What a database superuser does to the audit trail."""

from __future__ import annotations

from django.db import connection

from accounts.services import trail


def tamper(*statements: str, table: str = "accounts_auditentry") -> None:
    """With the trigger switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only")


def broken() -> tuple[int | None, str]:
    """The first entry that the proof names, and why."""
    found = trail.verify_trail()
    return found.entry, found.broken


def delete(numbers: list[int]) -> str:
    return f"DELETE FROM accounts_auditentry WHERE id IN ({', '.join(map(str, numbers))})"


def swap(one: int, other: int) -> tuple[str, ...]:
    """The two change their numbers: each row stays as it is but for its key."""
    move = "UPDATE accounts_auditentry SET id = {} WHERE id = {}".format
    return move(-1, one), move(one, other), move(other, -1)


def copied(number: int, to: str = "nextval(pg_get_serial_sequence('accounts_auditentry', 'id'))") -> str:
    """An entry that was sealed, once more under another number."""
    names = "at, user_id, post_id, act, object_kind, object_ref, result, address, request_id, detail, seal"
    return (
        f"INSERT INTO accounts_auditentry (id, {names}) SELECT {to}, {names} FROM accounts_auditentry"
        f" WHERE id = {number}"
    )
