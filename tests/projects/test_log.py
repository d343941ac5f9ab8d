"""The service log, and the one reminder of each silence."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from accounts.actors import SYSTEM, Actor
from accounts.models import Post
from accounts.roles import Role, UnitKind
from common import clock
from common.errors import NotVisible, PermissionDenied, ValidationError
from notices.models import Notice
from projects.models import Enterprise, LogEntry, Project, ProjectManager, TeamMember
from projects.services import create_enterprise, log_contact, remind_of_silence
from tests.accounts import cast
from tests.projects.planning import officer, project

pytestmark = pytest.mark.django_db
BEGIN = clock.parse("2026-03-02T10:00")


def after(days: int) -> datetime:
    return BEGIN + timedelta(days=days)


def touch(of: Project, days: int, *, typed: int | None = None) -> LogEntry:
    """Contact ``days`` after the beginning, typed in at once or later."""
    with clock.at(after(days if typed is None else typed)):
        on = clock.local(after(days)).date()
        return log_contact(actor=officer(of), project_id=of.pk, kind="visit", on=on, text="走访")


def remind(days: int) -> int:
    with clock.at(after(days)):
        return remind_of_silence(now=clock.now())


@pytest.fixture
def looked_after() -> tuple[Project, Post, Post]:
    of = project(created_at=BEGIN)
    start = date(2026, 1, 1)
    leader, helper = cast.post(Role.LEADER, cast.unit()), cast.post(Role.SPECIALIST, cast.unit())
    Post.objects.all().update(starts_at=after(-100))
    ProjectManager.objects.create(project=of, post=leader, leader=leader, starts_on=start)
    TeamMember.objects.create(project=of, post=helper, duty="specialist", starts_on=start)
    return of, leader, helper


def test_log_contact(coordinator: Actor) -> None:
    of = project()
    entry = log_contact(actor=officer(of), project_id=of.pk, kind="call", on=clock.today(), text=" 电话 ")
    assert (entry.text, entry.post.role, entry.on) == ("电话", Role.UNIT_OFFICER, clock.today())
    given = {"project_id": of.pk, "kind": "call", "text": "x"}
    for wrong in (
        {"on": clock.today() + timedelta(days=1)},
        {"on": date(1999, 1, 1)},
        {"on": clock.today(), "text": " "},
        {"on": clock.today(), "kind": "reminder"},
    ):
        with pytest.raises(ValidationError):
            log_contact(actor=coordinator, **{**given, **wrong})
    for actor in (cast.actor(Role.SUPERVISOR), cast.actor(Role.CHIEF), SYSTEM):
        with pytest.raises(PermissionDenied):
            log_contact(actor=actor, on=clock.today(), **given)
    with pytest.raises(NotVisible):
        log_contact(actor=cast.actor(Role.SPECIALIST), on=clock.today(), **given)


def test_the_last_contact(coordinator: Actor) -> None:
    of = project(created_at=BEGIN)
    assert Project.objects.with_contact().get().touched_on is None
    assert Project.objects.with_contact().get().last_contact == date(2026, 3, 2)
    touch(of, 10)
    touch(of, 5, typed=12)  # older, typed later
    assert Project.objects.with_contact().get().touched_on == date(2026, 3, 12)
    firm = Enterprise.objects.create(name="甲厂", pinyin="x", created_at=clock.now())
    Project.objects.filter(pk=of.pk).update(enterprise=firm)
    entry = touch(of, 11)
    LogEntry.objects.filter(pk=entry.pk).update(project=None, enterprise=firm)  # about the enterprise as a whole
    assert Project.objects.with_contact().get().touched_on == date(2026, 3, 13)


def test_one_reminder_per_silence(looked_after: tuple[Project, Post, Post]) -> None:
    of, leader, helper = looked_after
    touch(of, 1)
    assert remind(30) == 0
    assert remind(31) == 2  # manager and specialist
    assert {notice.user for notice in Notice.objects.all()} == {leader.user, helper.user}
    assert [remind(days) for days in (31, 32, 61, 62, 200)] == [0] * 5
    touch(of, 210)
    assert [remind(days) for days in (239, 240, 241)] == [0, 2, 0]


def test_an_older_day_typed_in_later_brings_no_second_one(looked_after: tuple[Project, Post, Post]) -> None:
    of, *_others = looked_after
    touch(of, 1)
    assert remind(31) == 2
    touch(of, 3, typed=35)
    assert [remind(days) for days in (35, 36, 60)] == [0] * 3
    touch(of, 0, typed=61)  # older than the last one: the silence is the same
    touch(of, 50, typed=70)  # that was contact
    assert [remind(days) for days in (70, 79, 80, 81)] == [0, 0, 2, 0]


def test_who_is_not_looked_after_or_over_is_left_out(looked_after: tuple[Project, Post, Post]) -> None:
    of, *_others = looked_after
    project(created_at=BEGIN)  # nobody to tell
    Project.objects.filter(pk=of.pk).update(stage="terminated")
    assert remind(90) == 0
    Project.objects.filter(pk=of.pk).update(stage="operation")  # service goes on for life
    ProjectManager.objects.update(ends_on=date(2026, 3, 3))
    assert remind(90) == 1


def test_reminding_takes_few_queries(looked_after, django_assert_max_num_queries) -> None:
    for _n in range(5):
        project(created_at=BEGIN)
    with django_assert_max_num_queries(8):
        assert remind(90) == 2


def test_a_visit_to_an_enterprise_without_a_project(coordinator: Actor, client: Client) -> None:
    town = cast.unit(kind=UnitKind.TOWN)
    firm = create_enterprise(actor=coordinator, name="云溪新材料有限公司", town=town)
    who = cast.actor(Role.UNIT_OFFICER, town)
    client.force_login(who.user)
    lacking = {"without": "visit"}
    assert [row["name"] for row in client.get("/app/enterprises/ledger/", lacking).context["rows"]] == [firm.name]
    here = f"/app/enterprises/{firm.pk}/"
    sent = {"kind": "visit", "on": clock.today().isoformat(), "text": "走访，了解用工"}
    assert client.post(f"{here}log/new/", {**sent, "on": "2999-01-01"}).status_code == 422
    assert client.post(f"{here}log/new/", sent).url == here
    entry = LogEntry.objects.get()
    assert (entry.project, entry.enterprise, entry.by) == (None, firm, who.user)
    assert client.get("/app/enterprises/ledger/", lacking).context["rows"] == []
    assert "走访，了解用工" in client.get(here).content.decode()
    with pytest.raises(NotVisible):
        log_contact(actor=cast.actor(Role.UNIT_OFFICER), enterprise_id=firm.pk, kind="call", on=clock.today(), text="x")
    # contact with the enterprise as a whole is contact with its projects
    of = project(enterprise=firm)
    assert Project.objects.with_contact().get(pk=of.pk).touched_on == clock.today()
