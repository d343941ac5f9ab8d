"""The importer asks for a leader once between two turns: it must answer what asking each time would."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from accounts.models import Unit
from accounts.roles import Role, UnitKind
from common import clock
from issues.services.ledger import load
from projects.finding import find_leader
from projects.models import Enterprise, Line, Project
from tests.accounts import cast

pytestmark = pytest.mark.django_db


def day(*when: int) -> datetime:
    return datetime(*when, tzinfo=clock.SHANGHAI)


def leader(starts_at: datetime, ends_at: datetime | None = None):
    return cast.post(Role.LEADER, cast.unit(kind=UnitKind.LEADERSHIP), starts_at=starts_at, ends_at=ends_at)


@pytest.fixture
def unit() -> Unit:
    unit = cast.unit()
    first, second = leader(day(2018, 1, 1), day(2019, 5, 2, 9)), leader(day(2019, 3, 1))
    for year, who, ends_on in ((2018, first, None), (2019, first, date(2019, 7, 31)), (2019, second, None)):
        line = Line.objects.create(
            name=f"{year}{who.pk}", year=year, order=1, leader=who, office=cast.unit(), ends_on=ends_on
        )
        line.units.set([unit])
    return unit


def asked() -> list[datetime]:
    """Around each turn, and in between."""
    turns = [day(2018, 1, 1), day(2019, 1, 1), day(2019, 3, 1), day(2019, 5, 2, 9), day(2019, 8, 1), day(2020, 1, 1)]
    around = [turn + timedelta(seconds=n) for turn in turns for n in (-1, 0, 1)]
    return around + [turn + timedelta(days=20) for turn in turns]


def differing(unit: Unit, firm: Enterprise | None, project: Project | None) -> list[datetime]:
    find = load._finder()
    return [
        at
        for at in asked()
        if find(unit, firm, project, None, at) != find_leader(project=project, enterprise=firm, unit_id=unit.pk, at=at)
    ]


def test_the_same_as_asking_each_time(unit: Unit, django_assert_max_num_queries):
    liaison, manager = leader(day(2018, 6, 1), day(2019, 9, 1)), leader(day(2018, 2, 1), day(2019, 2, 1))
    firm = Enterprise.objects.create(name="临江化工", created_at=day(2018, 1, 1), liaison_leader=liaison)
    project = Project.objects.create(code="P1", name="项目", created_at=day(2018, 1, 1), manager=manager)
    for a_firm in (None, firm):
        for a_project in (None, project):
            assert differing(unit, a_firm, a_project) == []
    assert len({find_leader(unit_id=unit.pk, at=at) for at in asked()}) >= 4  # the turns do turn something
    find = load._finder()
    find(unit, None, None, None, day(2019, 4, 1))
    with django_assert_max_num_queries(0):
        find(unit, None, None, None, day(2019, 4, 9))


def test_a_turn_left_out_is_seen(unit: Unit, monkeypatch):
    """The control."""
    turns = load._turns()
    monkeypatch.setattr(load, "_turns", lambda: [turn for turn in turns if turn != day(2019, 5, 2, 9)])
    assert differing(unit, None, None) != []
