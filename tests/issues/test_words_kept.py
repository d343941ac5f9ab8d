"""Words that were written about a matter reach nobody who may not read it: not by its deadlines, its digest, a search
or the reason why a leader was found."""

from __future__ import annotations

import pytest
from django.urls import reverse

from deadlines.models import Clock
from deadlines.states import ClockKind
from issues import policy
from issues.api import shape
from issues.models import Event, Issue
from issues.services.search import rows_matching
from tests.issues.pages import browser, page, text_of

SECRET = "配方许可第九号"


@pytest.fixture
def secret(d) -> Issue:
    """A commercial issue with a co-unit, its date moved and then held, each with a reason about the matter."""
    issue = d.assign(d.submit(confidentiality="commercial", text=SECRET), co_units=["GDJ"])
    issue = d.do("sign", issue, d.officer)
    issue = d.do("grant", d.do("extend", issue, d.officer, days=3, reason=f"改期：{SECRET}"), d.coordinator)
    asked = d.do("suspend", issue, d.officer, reason="season", text=f"中止：{SECRET}", until="2026-03-20")
    return d.do("grant", asked, d.coordinator)


def sheet(actor, issue: Issue) -> str:
    clock = Clock.objects.get(subject_id=issue.pk, kind=ClockKind.RESOLUTION, part="")
    return text_of(browser(actor).get(reverse("issues:certificate", args=[issue.number, clock.pk])))


def test_why_a_deadline_was_held_or_moved_follows_the_text(d, secret):
    for told in (sheet(d.officer, secret), text_of(browser(d.officer).get(page(secret)))):
        assert f"改期：{SECRET}" in told  # the control: the unit in charge reads it
        assert f"中止：{SECRET}" in told
    for told in (sheet(d.power_officer, secret), text_of(browser(d.power_officer).get(page(secret)))):
        assert SECRET not in told
        assert told.count("商业秘密") >= 2


def test_a_plain_issues_reasons_are_there_for_the_co_unit(d, secret):
    Issue.objects.filter(pk=secret.pk).update(confidentiality="normal")
    assert f"中止：{SECRET}" in sheet(d.power_officer, secret)


def test_the_digest_of_the_words_follows_the_text(d, secret):
    sent = Event.objects.get(issue=secret, kind="submit")
    lead, co = (shape.event_of(sent, policy.fields(one, secret))["data"] for one in (d.officer, d.power_officer))
    assert "sha256" in lead
    assert "sha256" not in co


def test_an_auditor_finds_no_commercial_issue_by_its_words(d, secret):
    d.assign(d.submit(text=f"普通的{SECRET}"))
    assert rows_matching(d.coordinator, SECRET).count() == 2
    assert rows_matching(d.auditor, SECRET).count() == 1
    assert rows_matching(d.auditor, secret.title).count() == 2  # the title is open


def test_no_reason_for_the_leader_is_told_of_an_anonymous_case(d):
    seen = {}
    for word in ("normal", "anonymous"):
        issue = d.assign(d.submit(confidentiality=word))
        assert issue.leader_why == "line"
        seen[word] = text_of(browser(d.officer).get(page(issue)))
        assert d.leader.user.name in seen[word]
    assert "覆盖牵头单位" in seen["normal"]
    assert "覆盖牵头单位" not in seen["anonymous"]
    assert "覆盖牵头单位" in text_of(browser(d.coordinator).get(page(issue)))


def test_the_form_of_whose_issue_it_is_opens_for_its_desk_alone(d):
    issue, complaint = d.submit(), d.submit(kind="complaint")
    path, other = (reverse("issues:identify", args=[one.number]) for one in (issue, complaint))
    assert browser(d.coordinator).get(path).status_code == 200
    assert browser(d.supervisor).get(other).status_code == 200
    assert browser(d.supervisor).get(path).status_code == 403
    assert browser(d.supervisor).post(path, {}).status_code == 403
