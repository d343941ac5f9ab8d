"""What a superuser alters beside the chain: the row of an issue, the figures of a published month."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from issues.models import Issue
from issues.services import anchors, proofs


@pytest.fixture(autouse=True)
def own_book(tmp_path, monkeypatch):
    monkeypatch.setattr(anchors, "book", lambda: tmp_path / "anchors.jsonl")


@pytest.mark.parametrize("change", [{"state": "closed"}, {"layer": 3}, {"round": 2}])
def test_an_issue_that_does_not_say_what_its_last_event_says_is_named(d, change):
    issue = d.disputed()
    d.signed()
    assert list(proofs.findings()) == []
    Issue.objects.filter(pk=issue.pk).update(**change)
    assert list(proofs.findings()) == [
        f"{issue.number}: state, layer or round is not what event {issue.event_seq} says"
    ]
    err = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_chain", stderr=err)
    assert ended.value.code == 1
    assert "ALTERED" in err.getvalue()
    assert issue.number in err.getvalue()
