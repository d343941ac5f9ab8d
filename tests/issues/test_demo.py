"""The demo district: every stage of the loop to look at, words that fit the matter, a month published, a chain that
holds, and no second time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Post
from accounts.roles import Role
from assessments import papers
from assessments.models import Run
from common import clock
from issues.demo import places
from issues.demo.matters import MATTERS
from issues.models import Category, Decision, Event, Issue
from issues.services import chain
from projects import gates
from projects.models import Chain, Enterprise, LibraryTarget, MonthFigure, Project

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)  # a Sunday after the 20th


@pytest.fixture
def after_the_twentieth() -> Iterator[None]:
    with clock.at(NOW):
        yield


def test_the_demo_shows_every_stage(after_the_twentieth: None) -> None:
    out = StringIO()
    call_command("demo", stdout=out)
    printed = dict(re.findall(r"^(\w+)  (\S{12,})$", out.getvalue(), re.M))
    assert set(printed) == {str(role) for role in Role}
    states = set(Issue.objects.values_list("state", flat=True))
    assert states >= {"submitted", "assigned", "handling", "coordinating", "rating", "closed", "disputed", "declined"}
    assert chain.verify_chain() == (Event.objects.count(), None)
    _words_fit_the_matter()
    _people_sit_where_they_belong()
    _last_month_is_published()
    _projects_got_as_far_as_they_say()
    with pytest.raises(CommandError, match="holds data already"):
        call_command("demo", stdout=out)


def _words_fit_the_matter() -> None:
    known = {about.title: about for about in MATTERS}
    decisions = list(Decision.objects.select_related("issue"))
    assert len({known[one.issue.title].decision for one in decisions}) >= 4
    for one in decisions:
        assert one.text.startswith(known[one.issue.title].decision)
        assert one.text.endswith(f"{one.due_on.month}月{one.due_on.day}日前办结。")  # the day that the clock runs to
    impossible = Issue.objects.filter(outcome="impossible").select_related("body")
    assert impossible
    for issue in impossible:
        assert issue.body.clause == known[issue.title].clause != ""
    assert not Category.objects.filter(name__in={about.category for about in MATTERS}, unit=None).exists()


def _people_sit_where_they_belong() -> None:
    units = {str(post.role): post.unit.name for post in Post.objects.filter(unit__isnull=False).select_related("unit")}
    assert units[Role.DISCIPLINE] == "区纪委监委"
    assert units[Role.STATISTICS] == "区统计局"
    keys = Enterprise.objects.filter(is_key=True)
    assert keys
    assert not keys.filter(liaison_leader=None).exists()


def _last_month_is_published() -> None:
    run = Run.objects.get(month="2026-10")
    assert run.state == Run.State.PUBLISHED
    assert run.results.filter(rank__isnull=False).count() >= 4
    assert run.cards.exists()
    for card in run.cards.all():
        told = papers.red_card(card)
        assert sum(case["lost_days"] for case in told["cases"]) == told["lost_days"]
    assert Run.objects.filter(month="2026-11", state=Run.State.REHEARSAL).count() == 1


def _projects_got_as_far_as_they_say() -> None:
    """All stages to look at, none without its facts, one that is late; money, contacts and meetings."""
    projects = Project.objects.with_light(clock.today())
    assert {row.stage for row in projects} >= {"planning", "negotiation", "signing", "construction", "production"}
    assert {"green", "red"} <= {row.light for row in projects}
    begun = [row for row in projects if row.stage in ("construction", "production", "operation")]
    assert all(row.manager_id and row.signed_on and row.plan.exists() and row.log.exists() for row in begun)
    assert all(gates.facts_of([row])[row.pk].decided for row in begun)
    assert {row.included for row in MonthFigure.objects.all()} == {True, False, None}
    assert all(chain.meetings.exists() for chain in Chain.objects.all())
    assert LibraryTarget.objects.exists()


def test_the_whole_district_is_as_large_as_the_source_has_it() -> None:
    """8 lines, 14 lead units, 54 responsible units (API.md); every line covers units that there are."""
    size = places.whole()
    codes = {code for code, *_rest in size.units}
    assert len(codes) == len(size.units) == 54
    assert sum(lead for *_rest, lead in size.units) == 14
    assert len(size.lines) == 8
    covered = [code for *_rest, units in size.lines for code in units]
    assert set(covered) <= codes
    assert len(covered) == len(set(covered))
    names = [name for name, _place, _key in size.firms]
    assert len(names) == len(set(names)) > 150
    assert {place for _name, place, _key in size.firms} <= codes
