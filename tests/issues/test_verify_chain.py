"""The event chain: what a database superuser edits, cuts or swaps is found and named."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from common import clock
from issues.models import Anchor, Event, Issue
from issues.services import anchors
from issues.services.anchors import anchor, broken_anchor
from issues.services.chain import verify_chain
from issues.services.nightly import check_readers


@pytest.fixture(autouse=True)
def own_book(tmp_path, monkeypatch):
    monkeypatch.setattr(anchors, "book", lambda: tmp_path / "anchors.jsonl")


def tamper(statement, *values):
    """As a superuser would: with the trigger switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE issues_event DISABLE TRIGGER issues_event_append_only")
        cursor.execute(statement, values)
        cursor.execute("ALTER TABLE issues_event ENABLE ALWAYS TRIGGER issues_event_append_only")


def test_an_untouched_chain_is_proved(d):
    d.rating()
    assert verify_chain() == (5, None)
    out = io.StringIO()
    call_command("verify_chain", stdout=out)
    assert out.getvalue().splitlines()[0] == "5 events proved"


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (
            "UPDATE issues_event SET body = replace(body, '现场', '远程') WHERE seq = 4",
            "the stored text was changed",
        ),
        ("UPDATE issues_event SET at = at - interval '1 day' WHERE seq = 3", "a column does not say"),
        ("UPDATE issues_event SET public = NOT public WHERE seq = 2", "a column does not say"),
        ("DELETE FROM issues_event WHERE seq = 2", "event 2 is missing"),
        ("DELETE FROM issues_event WHERE seq = 5", "the chain ends before its head"),
        ("UPDATE issues_event SET seq = CASE seq WHEN 2 THEN 103 ELSE 102 END WHERE seq IN (2, 3)", "missing"),
    ],
)
def test_every_kind_of_tampering_is_found(d, statement, why):
    d.do("verify", d.proposed(account="现场已办"), d.coordinator, text="已核")
    tamper(statement)
    _count, broken = verify_chain()
    assert why in broken.why, broken
    with pytest.raises(SystemExit) as ended:
        call_command("verify_chain", stderr=io.StringIO())
    assert ended.value.code == 1


def test_a_tail_cut_together_with_its_head_is_found_by_the_anchor(d):
    issue = d.rating()
    with d.later(hours=1):
        assert anchor().count == 5
        assert anchor() is None
    tamper("DELETE FROM issues_event WHERE seq = 5")
    last = Event.objects.get(issue=issue, seq=4)
    Issue.objects.filter(pk=issue.pk).update(event_seq=4, event_hash=last.hash)
    assert verify_chain() == (4, None)  # the chain alone does not see it
    err = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_chain", stderr=err)
    assert "4 of 5" in err.getvalue()


def test_an_import_of_old_acts_after_a_fresh_one_does_not_break_the_anchor(d):
    """Keys are bounds, times are not: the imported events have greater keys and lie years back."""
    fresh = d.submit()
    with clock.at(clock.now() - timedelta(days=400)):
        old = d.submit()
    assert old.events.get().at < fresh.events.get().at
    assert anchor().count == 2  # both, although the one of the web is only seconds old
    with d.later(hours=1):
        assert anchor() is None
        d.assign(fresh)
        assert anchor().count == 1
    assert broken_anchor() is None
    assert Anchor.objects.count() == 2


def test_the_table_takes_inserts_only(d):
    d.submit()
    for statement in ("UPDATE issues_event SET public = false", "DELETE FROM issues_event"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_wrong_readers_are_found_and_mended_at_night(d):
    issue = d.signed()
    assert check_readers() == []
    Issue.objects.filter(pk=issue.pk).update(readers=[d.city.pk])
    assert check_readers() == [issue.number]
    assert Issue.objects.get(pk=issue.pk).readers == issue.readers
