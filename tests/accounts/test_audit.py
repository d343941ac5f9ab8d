"""The audit trail: written with the act, never changed, read by few."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import audit
from accounts.actors import SYSTEM, Actor
from accounts.messages import detail_text
from accounts.models import AuditEntry
from accounts.roles import Role, UnitKind
from accounts.services import create_unit
from common.errors import ValidationError
from tests.accounts import cast

CHANGES = [
    "UPDATE accounts_auditentry SET act = 'nothing'",
    "DELETE FROM accounts_auditentry",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_append_only(db: None, statement: str) -> None:
    audit.record(SYSTEM, "create_unit", "unit", "A")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().act == "create_unit"


@pytest.mark.parametrize("statement", CHANGES)
def test_also_for_who_switches_triggers_off_in_the_session(db: None, statement: str) -> None:
    """``session_replication_role`` is the usual way round a trigger; this one is ENABLE ALWAYS."""
    audit.record(SYSTEM, "create_unit", "unit", "A")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname = 'accounts_auditentry_append_only'")
        assert cursor.fetchone() == ("A",)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", CHANGES)
def test_control_without_the_trigger_it_changes(db: None, statement: str) -> None:
    audit.record(SYSTEM, "create_unit", "unit", "A")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # checks that still wait would forbid the ALTER
        cursor.execute("ALTER TABLE accounts_auditentry DISABLE TRIGGER accounts_auditentry_append_only")
        cursor.execute(statement)
    assert not AuditEntry.objects.filter(act="create_unit").exists()


def test_an_act_that_cannot_be_recorded_does_not_happen(system_admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    from accounts.models import Unit

    def broken(*args: object, **kwargs: object) -> None:
        raise IntegrityError("audit is down")

    monkeypatch.setattr(audit.AuditEntry, "save", broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        create_unit(actor=system_admin, code="A", name="甲局", kind=UnitKind.TOWN)
    assert not Unit.objects.filter(code="A").exists()


def test_an_act_that_fails_leaves_no_entry(system_admin: Actor) -> None:
    with pytest.raises(ValidationError), transaction.atomic():
        create_unit(actor=system_admin, code="", name="甲局", kind=UnitKind.TOWN)
    assert not AuditEntry.objects.filter(act="create_unit", object_ref="").exists()


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_it(db: None, client: Client, role: str) -> None:
    fields = {"enterprise_id": _enterprise()} if role == Role.ENTERPRISE else {}
    actor = cast.actor(role, **fields)
    client.force_login(actor.user)
    may = role in (Role.AUDIT_ADMIN, Role.AUDITOR)
    assert client.get("/app/audit/").status_code == (200 if may else 403)
    assert AuditEntry.objects.visible_to(actor).exists() == may


def _enterprise() -> int:
    from accounts.models import Principal

    return Principal.objects.create(kind="enterprise").pk


def test_a_refusal_is_recorded_although_the_act_is_rolled_back(client: Client, officer: Actor) -> None:
    client.force_login(officer.user)
    assert client.get("/app/units/-/new/").status_code == 403
    entry = AuditEntry.objects.get(act="refused")
    assert (entry.user, entry.result, entry.object_ref) == (officer.user, "denied", "GET /app/units/-/new/")
    assert entry.address == "127.0.0.1"
    assert entry.request_id


def test_the_page_filters_and_pages(client: Client, audit_admin: Actor) -> None:
    for number in range(60):
        audit.record(SYSTEM, "create_unit", "unit", f"N{number}")
    audit.record(audit_admin, "view_contact", "user", "someone")
    client.force_login(audit_admin.user)
    page = client.get("/app/audit/")
    assert len(page.context["rows"]) == 50
    older = client.get(page.context["pager"]["next"])
    assert {row["ref"] for row in older.context["rows"]} & {row["ref"] for row in page.context["rows"]} == set()
    one = client.get("/app/audit/", {"user": audit_admin.user.username, "act": "view_contact"})
    assert [row["ref"] for row in one.context["rows"]] == ["someone"]
    assert client.get("/app/audit/", {"ref": "N7", "first": "2001-01-01", "last": "2001-01-02"}).context["rows"] == []
    assert client.get("/app/audit/", {"first": "yesterday"}).status_code == 200
    assert client.get("/app/audit/", {"cursor": "forged"}).status_code == 400


def test_details_are_told_in_words() -> None:
    text = detail_text(
        {"role": "unit_head", "changes": {"name": ["城乡建委", "住房城乡建委"], "is_lead": [False, True]}}
    )
    assert text == "角色：单位负责人；名称：城乡建委 → 住房城乡建委；牵头单位：否 → 是"
