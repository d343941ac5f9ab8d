"""Which lateness raises a layer, each kind by itself; and edges of requests and look-backs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from common import clock
from common.errors import Conflict, PermissionDenied, ValidationError
from deadlines.models import Clock
from deadlines.services.sweep import sweep
from issues import windows
from issues.models import Issue, Request
from issues.services import requests


def red(issue, kind):
    return Clock.objects.of("issue", issue.pk).open().get(kind=kind, part="").red_at


def layer(issue) -> tuple[str, int]:
    return Issue.objects.values_list("state", "layer").get(pk=issue.pk)


def swept(issue, instant):
    with clock.at(instant):
        sweep(instant)
    return layer(issue)


def late_feedback(d):
    return d.signed()


def late_progress(d):
    return d.do("feed_back", d.signed(), d.officer, text="已踏勘")


def late_resolution(d):
    return d.do("feed_back", d.signed(urgency="urgent"), d.officer, text="已踏勘")


def late_coordination(d):
    issue = d.do("feed_back", d.signed(), d.officer, text="已踏勘")
    issue = d.do("escalate", issue, d.officer, text="请定费用")
    with d.later(days=4):
        return d.do("feed_back", issue, d.officer, text="等候决定")


@pytest.mark.parametrize(
    ("kind", "late", "before", "after"),
    [
        ("feedback", late_feedback, ("handling", 1), ("coordinating", 2)),
        ("progress", late_progress, ("handling", 1), ("coordinating", 2)),
        ("resolution", late_resolution, ("handling", 1), ("coordinating", 2)),
        ("coordination", late_coordination, ("coordinating", 2), ("coordinating", 3)),
    ],
)
def test_each_kind_raises_a_layer_when_it_is_late_by_three_days(d, kind, late, before, after):
    issue = late(d)
    instant = red(issue, kind)
    others = Clock.objects.of("issue", issue.pk).open().exclude(kind=kind)
    assert not others.filter(red_at__lte=instant).exists()  # so that it is this kind that does it
    assert swept(issue, instant - timedelta(minutes=1)) == before
    assert swept(issue, instant) == after
    assert swept(issue, instant + timedelta(minutes=1)) == after


def test_a_late_resolution_raises_only_from_handling(d):
    issue = d.do("escalate", late_resolution(d), d.officer, text="请定费用")
    instant = red(issue, "resolution")
    assert instant < red(issue, "coordination")
    assert swept(issue, instant) == ("coordinating", 2)


# --- requests --------------------------------------------------------------------------------------------------------


def test_the_second_extension_has_only_what_the_first_left(d):
    issue = d.do("grant", d.do("extend", d.signed(), d.officer, days=10, reason="需开挖"), d.coordinator)
    with pytest.raises(ValidationError) as refused:
        d.do("extend", issue, d.officer, days=6, reason="需要")
    assert "days" in refused.value.message_dict
    issue = d.do("grant", d.do("extend", issue, d.officer, days=5, reason="需要"), d.coordinator)
    assert Clock.objects.of("issue", issue.pk).get(kind="resolution").extended == 15


@pytest.mark.parametrize(("until", "needed"), [(date(2026, 3, 30), False), (date(2026, 3, 31), True)])
def test_a_suspension_of_21_working_days_needs_the_supervisor_one_of_20_does_not(d, until, needed):
    issue = d.do("suspend", d.signed(), d.officer, reason="season", text="汛期", until=until.isoformat())
    assert Request.objects.get(issue=issue).needs_supervisor is needed
    assert d.do("grant", issue, d.coordinator).state == ("handling" if needed else "suspended")
    assert requests.LONG_SUSPENSION == 20


# --- the look-back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "opens"), [(365, True), (366, False)])
def test_the_supervisor_may_reopen_on_day_365_and_not_on_day_366(d, days, opens):
    issue = d.rating()
    issue = d.do("rate", issue, d.submitter(issue), solved="yes", satisfaction=5)
    assert windows.reopening_open(issue, issue.closed_at + timedelta(days=days), by_submitter=False) is opens
    with clock.at(issue.closed_at + timedelta(days=days)):
        if opens:
            assert d.do("reopen", issue, d.supervisor, reason="问题反弹").state == "handling"
        else:
            with pytest.raises((Conflict, PermissionDenied)):
                d.do("reopen", issue, d.supervisor, reason="问题反弹")
