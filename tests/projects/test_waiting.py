"""What waits with the projects stands in the inbox and goes when it is done."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from accounts.actors import Actor, actor_for
from accounts.roles import Role, UnitKind
from common import clock
from notices.models import Notice
from projects import grid, services, waiting
from projects.models import YearPlan
from projects.services import Entry
from tests.accounts import cast
from tests.projects import life
from tests.projects.planning import item, officer, project

pytestmark = pytest.mark.django_db


def told(actor: Actor) -> list[str]:
    return [row["what"] for row in waiting.rows(actor)]


def test_a_leader_is_asked_told_and_finds_it_in_the_inbox(client: Client, coordinator: Actor) -> None:
    post, of = life.leader(), life.lead()
    boss = actor_for(post.user)
    life.first_talk(of)
    services.recommend_park(actor=coordinator, code=of.code, park=cast.unit(kind=UnitKind.PARK), leader=post)
    assert len(told(boss)) == 1
    assert Notice.objects.filter(user=post.user, word="answer_park").count() == 1
    client.force_login(post.user)
    page = client.get("/app/").content.decode()
    assert of.name in page
    assert "待您办理的项目事项" in page
    services.answer_park(actor=boss, code=of.code, consent=True)
    assert told(actor_for(post.user)) == []
    assert Notice.objects.filter(user=coordinator.user, word="park.consent").count() == 1
    life.evaluate(of)
    services.issue_brief(actor=coordinator, code=of.code)
    assert len(told(actor_for(post.user))) == 1
    assert Notice.objects.filter(user=post.user, word="give_opinion").count() == 1
    services.give_opinion(actor=boss, code=of.code, text="抓紧对接")
    assert told(actor_for(post.user)) == []


def test_a_unit_finds_late_items_and_missing_figures(client: Client) -> None:
    of = project()
    who, month = officer(of), grid.month_before(clock.today())
    assert told(who) == []
    late = item(of, "task", clock.today() - timedelta(days=20))
    YearPlan.objects.create(project=of, year=month.year, amount=Decimal(12))
    assert len(told(who)) == 2
    services.finish_item(actor=who, item_id=late.pk)
    services.enter_months(actor=who, month=month, entries=[Entry(of.pk, Decimal(1))])
    assert told(actor_for(who.user)) == []


def test_late_items_are_a_line_for_each_project() -> None:
    """However many: the number above the list is that of its lines."""
    one, other = project(), project()
    for n in range(30):
        item(one, "task", clock.today() - timedelta(days=40 - n))
    item(other, "task", clock.today() - timedelta(days=50), unit=one.unit)
    lines = [row for row in waiting.rows(officer(one)) if row["project"]]
    assert [row["what"] for row in lines] == ["事项", "事项等，另有 29 项"]
    assert [row["light"].tone for row in lines] == ["red", "red"]
    assert waiting.group(lines)["note"] == "2 件"


def test_what_is_due_tomorrow_stands_there_and_is_not_late() -> None:
    one = project()
    with clock.at(clock.parse("2026-03-03T10:00")):
        item(one, "task", date(2026, 3, 4))
        (line,) = waiting.rows(officer(one))
    assert (line["light"].tone, line["late"]) == ("yellow", False)
    assert told(cast.actor(Role.UNIT_OFFICER)) == []


def test_a_later_date_waits_with_who_may_consent(coordinator: Actor) -> None:
    of = project()
    one = item(of, "task", clock.today())
    services.revise_item(
        actor=officer(of), item_id=one.pk, planned_start=None, planned_end=clock.today() + timedelta(days=9), reason="x"
    )
    assert len(told(coordinator)) == 1
    assert told(cast.actor(Role.SUPERVISOR)) == []
    services.deny_revision(actor=coordinator, item_id=one.pk, ruling="按期完成")
    assert told(coordinator) == []
