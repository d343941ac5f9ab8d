"""Whose desk a complaint is: never the coordinators', never of the people it is about (PRODUCT.md §3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.models import Post
from accounts.roles import Role
from common import clock
from deadlines.models import Clock
from deadlines.services.sweep import sweep
from issues import desks, policy, services
from issues.models import Issue
from notices.models import Notice
from tests.cast import District


def told_of(issue: Issue) -> set[str]:
    return set(
        Notice.objects.filter(ref=issue.number, key__startswith="rung:").values_list("user__username", flat=True)
    )


def overdue(d: District, issue: Issue) -> None:
    """Past all rungs of its running deadlines."""
    with d.later(days=20) as now:
        sweep(now)
    assert Clock.objects.filter(subject_id=issue.pk, breached_at__isnull=False).exists()


def leave(actor: Actor) -> None:
    Post.objects.filter(user=actor.user).update(ends_at=clock.now() - timedelta(minutes=1))


@pytest.fixture
def second(d: District) -> Actor:
    return d.person("supervisor2", Role.SUPERVISOR, d.office_unit)


def test_a_vacant_desk_of_a_complaint_falls_to_the_other_supervisors(d: District, second: Actor) -> None:
    issue = d.submit(kind="complaint")
    d.person("watch_head", Role.UNIT_HEAD, d.watch_unit)
    leave(d.supervisor)
    overdue(d, issue)
    assert told_of(issue) == {"supervisor2"}


def test_without_any_supervisor_to_the_chiefs_never_the_coordinator(d: District) -> None:
    issue = d.submit(kind="complaint")
    leave(d.supervisor)
    overdue(d, issue)
    assert told_of(issue) == {"chief"}


def test_the_control_an_issues_vacant_desk_falls_to_the_coordinator(d: District) -> None:
    issue = d.submit()
    overdue(d, issue)
    assert "coordinator" in told_of(issue)


def test_nobody_of_the_unit_complained_of_hears_a_rung(d: District, second: Actor) -> None:
    issue = d.submit(kind="complaint")
    Clock.objects.filter(subject_id=issue.pk).update(holder_post=d.supervisor.posts[0], leader=d.supervisor.posts[0])
    Issue.objects.filter(pk=issue.pk).update(about_unit=d.watch_unit)
    overdue(d, issue)
    assert told_of(issue) == {"supervisor2"}


def test_a_complaint_about_the_supervision_office_is_the_chiefs(d: District) -> None:
    issue = d.submit(kind="complaint")
    services.identify(issue_id=issue.pk, actor=d.supervisor, enterprise=None, about_unit=d.watch_unit)
    issue.refresh_from_db()
    assert not Issue.objects.visible_to(d.supervisor).exists()
    assert Clock.objects.open().get(subject_id=issue.pk).holder_post_id == d.chief.posts[0].pk
    issue = Issue.objects.get(pk=issue.pk)
    assert "assign" in policy.allowed_actions(d.chief, issue)
    assert policy.allowed_actions(d.coordinator, issue) == []
    issue = d.assign(issue, actor=d.chief)
    issue = d.do("sign", issue, d.officer)
    overdue(d, issue)
    assert not told_of(issue) & {"supervisor", "coordinator", "auditor", "discipline"}
    d.evidence(issue)
    issue = Issue.objects.get(pk=issue.pk)
    issue = d.do("propose", issue, d.officer, outcome="solved", account="已处理")
    assert Notice.objects.filter(word="propose", user=d.chief.user).exists()
    assert not Notice.objects.filter(word="propose", user=d.supervisor.user).exists()
    d.do("verify", issue, d.chief, text="已核实")


def test_the_chiefs_have_no_desk_while_a_supervisor_is_able(d: District, second: Actor) -> None:
    issue = d.submit(kind="complaint")
    Issue.objects.filter(pk=issue.pk).update(about_unit=d.watch_unit)
    issue = Issue.objects.get(pk=issue.pk)
    assert "assign" not in policy.allowed_actions(d.chief, issue)
    assert "assign" in policy.allowed_actions(second, issue)
    assert desks.posts(issue) == [second.posts[0].pk]


def test_the_set_of_the_chiefs_is_the_same_rule(d: District) -> None:
    ours, theirs = d.submit(kind="complaint"), d.submit(kind="complaint")
    plain = d.submit()
    Issue.objects.filter(pk=theirs.pk).update(about_unit=d.watch_unit)
    found = set(Issue.objects.filter(desks.left_to_chiefs()).values_list("pk", flat=True))
    assert found == {theirs.pk}
    one_by_one = {
        i.pk for i in Issue.objects.filter(pk__in=[ours.pk, theirs.pk, plain.pk]) if desks.role_of(i) == Role.CHIEF
    }
    assert found == one_by_one
    leave(d.supervisor)
    assert Issue.objects.filter(desks.left_to_chiefs()).count() == 2


def test_a_leader_of_the_unit_complained_of_leads_nothing(d: District) -> None:
    issue = d.submit(kind="complaint")
    Issue.objects.filter(pk=issue.pk).update(about_unit=d.hall)
    issue = d.assign(Issue.objects.get(pk=issue.pk), actor=d.supervisor)
    assert issue.leader is None
    assert not Clock.objects.filter(subject_id=issue.pk, leader=d.leader.posts[0]).exists()


def test_a_page_of_complaints_costs_the_same_however_long(d: District) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from issues.api.shape import page_of

    counts = []
    for _n in range(2):
        _one, other = d.submit(kind="complaint"), d.submit(kind="complaint")
        Issue.objects.filter(pk=other.pk).update(about_unit=d.water)
        rows = list(Issue.objects.filter(kind="complaint").for_detail())
        with CaptureQueriesContext(connection) as caught:
            shapes = page_of(rows, d.supervisor)
        assert all("assign" in shape["allowed_actions"] for shape in shapes)
        counts.append(len(caught))
    assert counts[0] == counts[1]
