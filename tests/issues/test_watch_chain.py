"""The chain is proved each night and by the doctor; both name the first event that was tampered with."""

from __future__ import annotations

import pytest
from celery import current_app

from accounts.models import AuditEntry
from config import doctor
from issues.models import Event, Issue
from issues.services import anchors
from issues.tasks import prove_chain
from tests.issues.test_verify_chain import tamper


@pytest.fixture(autouse=True)
def own_book(tmp_path, monkeypatch):
    monkeypatch.setattr(anchors, "book", lambda: tmp_path / "anchors.jsonl")


def seen() -> tuple[str, str]:
    prove_chain()
    entry = AuditEntry.objects.filter(act="verify_chain").latest("pk")
    return entry.result, entry.detail["broken"]


def test_a_whole_chain(d):
    d.rating()
    assert seen() == ("ok", "")
    [finding] = doctor.event_chain()
    assert (finding.state, finding.text) == ("ok", f"{Event.objects.count()} events proved")


def test_a_changed_event_is_named(d):
    number = d.rating().number
    tamper("UPDATE issues_event SET body = body || ' ' WHERE seq = 3")
    result, broken = seen()
    assert (result, broken) == ("failed", f"BROKEN {number} event 3: the stored text was changed")
    assert AuditEntry.objects.get(act="verify_chain").object_ref == number
    [finding] = doctor.event_chain()
    assert finding.state == "fail"
    assert f"{number} event 3" in finding.text
    assert finding.advice


def test_what_was_altered_beside_the_chain_is_named(d):
    issue = d.rating()
    Issue.objects.filter(pk=issue.pk).update(state="closed")
    result, broken = seen()
    assert result == "failed"
    assert broken.startswith(f"ALTERED {issue.number}: ")
    assert AuditEntry.objects.get(act="verify_chain").object_ref == issue.number
    [finding] = doctor.event_chain()
    assert (finding.state, finding.text) == ("fail", broken)


def test_the_beat_knows_the_task():
    tasks = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    assert prove_chain.name in tasks
