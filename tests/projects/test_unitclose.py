"""A unit closes: what of projects, enterprises, lines and chains names it goes to its successor, or it stays open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.roles import Role, UnitKind
from accounts.services import close_unit
from common import clock
from common.errors import Conflict
from projects.models import Chain, Enterprise, Line, PlanItem, Project
from projects.states import Stage
from tests.accounts import cast

pytestmark = pytest.mark.django_db
LAST_YEAR = clock.today().year - 1


def line(name: str, office, units, year: int | None = None) -> Line:
    leader = cast.post(Role.LEADER, cast.unit(kind=UnitKind.LEADERSHIP))
    made = Line.objects.create(name=name, year=year or clock.today().year, leader=leader, office=office)
    made.units.set(units)
    return made


@pytest.fixture
def admin():
    return cast.actor(Role.SYSTEM_ADMIN)


def test_all_goes_to_the_successor_and_what_is_over_stays(admin) -> None:
    town, heir = cast.unit("旧镇", UnitKind.TOWN), cast.unit("新镇", UnitKind.TOWN)
    now, at = clock.now(), {"created_at": clock.now()}
    firm = Enterprise.objects.create(name="甲厂", town=town, **at)
    project = Project.objects.create(code="P1", name="项目", town=town, unit=town, **at)
    over = Project.objects.create(code="P2", name="旧项目", unit=town, stage=Stage.STRUCK_OFF, **at)
    item = PlanItem.objects.create(project=project, key="a", kind="task", name="清表", unit=town)
    done = PlanItem.objects.create(project=project, key="b", kind="task", name="测绘", unit=town, state="done")
    alone, both = line("甲线", town, [town]), line("乙线", heir, [town, heir])
    past = line("丙线", town, [town], LAST_YEAR)
    chain = Chain.objects.create(name="新材料", starts_on=date(2020, 1, 1))
    chain.units.add(town)
    close_unit(actor=admin, unit_id=town.pk, on=clock.local(now).date(), successor=heir)
    for row in (firm, project, over, item, done, alone, past):
        row.refresh_from_db()
    assert (firm.town, project.town, project.unit, item.unit, alone.office) == (heir, heir, heir, heir, heir)
    assert [list(one.units.all()) for one in (alone, both, chain)] == [[heir], [heir], [heir]]
    assert (over.unit, done.unit, past.office, list(past.units.all())) == (town, town, town, [town])


@pytest.mark.parametrize("what", ["project", "line"])
def test_without_a_successor_it_stays_open(admin, what: str) -> None:
    town = cast.unit("旧镇", UnitKind.TOWN)
    if what == "project":
        Project.objects.create(code="P1", name="项目", park=town, created_at=clock.now())
    else:
        line("甲线", town, [])
    with pytest.raises(Conflict):
        close_unit(actor=admin, unit_id=town.pk, on=clock.today())
    town.refresh_from_db()
    assert town.valid_until is None


def test_the_control_nothing_hangs_on_it(admin) -> None:
    town = cast.unit("旧镇", UnitKind.TOWN)
    past, covering = line("甲线", town, [town], LAST_YEAR), line("乙线", cast.unit(), [town])
    Project.objects.create(code="P1", name="项目", unit=town, stage=Stage.TERMINATED, created_at=clock.now())
    closed = close_unit(actor=admin, unit_id=town.pk, on=clock.today() + timedelta(days=1))
    assert closed.valid_until is not None
    assert [list(one.units.all()) for one in (past, covering)] == [[town], []]
