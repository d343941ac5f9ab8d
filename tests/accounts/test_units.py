"""Units: made, changed, moved, closed; names with a history; one open question per check."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import hooks
from accounts.actors import ANONYMOUS, SYSTEM, Actor
from accounts.models import AuditEntry, Unit, UnitName
from accounts.roles import Role, UnitKind
from accounts.services import UnitRow, change_unit, close_unit, create_unit, create_units
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from tests.accounts import cast

NOON = datetime(2026, 6, 15, 12, tzinfo=clock.SHANGHAI)


def test_create_unit(system_admin: Actor) -> None:
    above = cast.unit("区住房城乡建委")
    made = create_unit(
        actor=system_admin, code="FGS", name="房管所", kind=UnitKind.DEPARTMENT, parent=above, is_responsible=True
    )
    assert made.path == [above.pk, made.pk]
    assert made.pinyin == "fangguansuo"
    assert made.groups == ["departments"]  # that of its kind, as nobody said otherwise
    assert list(made.names.values_list("name", flat=True)) == ["房管所"]
    entry = AuditEntry.objects.get(act="create_unit", object_ref="FGS")
    assert (entry.user, entry.post.role) == (system_admin.user, Role.SYSTEM_ADMIN)


def test_only_the_system_administrator(officer: Actor, security_admin: Actor) -> None:
    unit = cast.unit()
    for actor in (officer, security_admin, ANONYMOUS):
        with pytest.raises(PermissionDenied):
            create_unit(actor=actor, code="X", name="某单位", kind=UnitKind.TOWN)
    with pytest.raises(PermissionDenied):
        change_unit(actor=officer, unit_id=unit.pk, name="别名")
    with pytest.raises(PermissionDenied):
        close_unit(actor=officer, unit_id=unit.pk, on=date(2026, 12, 31))
    with pytest.raises(NotVisible):
        change_unit(actor=ANONYMOUS, unit_id=unit.pk, name="别名")
    with pytest.raises(NotVisible):
        change_unit(actor=cast.actor(Role.OBSERVER), unit_id=unit.pk, name="别名")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"code": ""}, "code"),
        ({"code": "TAKEN"}, "code"),
        ({"name": " "}, "name"),
        ({"kind": "castle"}, "kind"),
        ({"groups": ["best"]}, "groups"),
    ],
)
def test_bad_data_is_named(system_admin: Actor, fields: dict, named: str) -> None:
    create_unit(actor=SYSTEM, code="TAKEN", name="甲", kind=UnitKind.TOWN)
    values = {"code": "B", "name": "乙", "kind": UnitKind.TOWN} | fields
    with pytest.raises(ValidationError) as caught:
        create_unit(actor=system_admin, **values)
    assert named in caught.value.message_dict
    assert Unit.objects.filter(code="B").count() == 0


def test_a_new_name_keeps_the_old_one_for_its_time(system_admin: Actor) -> None:
    unit = cast.unit("城乡建委")
    with clock.at(NOON):
        change_unit(actor=system_admin, unit_id=unit.pk, name="住房城乡建委")
    then = Unit.objects.with_name_on(date(2026, 6, 14)).get(pk=unit.pk)
    now = Unit.objects.with_name_on(date(2026, 6, 15)).get(pk=unit.pk)
    assert (then.name_then, now.name_then) == ("城乡建委", "住房城乡建委")
    assert now.pinyin == "zhufangchengxiangjianwei"
    with clock.at(NOON + timedelta(hours=1)):  # a slip, put right the same day, is no second name
        change_unit(actor=system_admin, unit_id=unit.pk, name="住房和城乡建委")
    names = UnitName.objects.filter(unit=unit).values_list("name", "valid_from", "valid_until")
    assert list(names) == [
        ("城乡建委", cast.BEGINNING, date(2026, 6, 14)),
        ("住房和城乡建委", date(2026, 6, 15), None),
    ]


def test_the_same_values_change_nothing(system_admin: Actor) -> None:
    unit = cast.unit("档案馆")
    change_unit(actor=system_admin, unit_id=unit.pk, name=" 档案馆 ", phone="")
    assert not AuditEntry.objects.filter(act="change_unit").exists()


def test_a_unit_cannot_lie_below_itself(system_admin: Actor) -> None:
    top = cast.unit()
    below = cast.unit(parent=top)
    with pytest.raises(ValidationError):
        change_unit(actor=system_admin, unit_id=top.pk, parent=below)
    with pytest.raises(ValidationError):
        change_unit(actor=system_admin, unit_id=top.pk, parent=top)


class Moves(TestCase):
    @settings(max_examples=20, deadline=None)
    @given(st.data())
    def test_paths_follow_the_tree(self, data: st.DataObject) -> None:
        units = [cast.unit() for _ in range(6)]
        for _move in range(data.draw(st.integers(1, 12), "moves")):
            unit = data.draw(st.sampled_from(units))
            parent = data.draw(st.sampled_from([None, *units]))
            parent = parent and Unit.objects.get(pk=parent.pk)
            try:
                change_unit(actor=SYSTEM, unit_id=unit.pk, parent=parent)
            except ValidationError:
                continue
        for unit in Unit.objects.select_related("parent"):
            way, step = [], unit
            while step is not None:
                way.insert(0, step.pk)
                step = step.parent
                assert len(way) <= 6
            assert unit.path == way


def test_close_unit(system_admin: Actor) -> None:
    old, new = cast.unit(), cast.unit()
    close_unit(actor=system_admin, unit_id=old.pk, on=date(2026, 12, 31), successor=new)
    old.refresh_from_db()
    assert (old.valid_until, old.successor) == (date(2026, 12, 31), new)
    assert old.names.get().valid_until == date(2026, 12, 31)
    assert old in Unit.objects.living(NOON)
    assert old not in Unit.objects.living(NOON.replace(year=2027))
    with pytest.raises(Conflict):
        close_unit(actor=system_admin, unit_id=old.pk, on=date(2026, 12, 31))


def test_a_unit_with_people_or_units_stays_open(system_admin: Actor) -> None:
    unit = cast.unit()
    below = cast.unit(parent=unit)
    with pytest.raises(Conflict):
        close_unit(actor=system_admin, unit_id=unit.pk, on=date(2026, 12, 31))
    close_unit(actor=system_admin, unit_id=below.pk, on=date(2026, 12, 31))
    cast.post(Role.UNIT_HEAD, unit)
    with pytest.raises(Conflict):
        close_unit(actor=system_admin, unit_id=unit.pk, on=date(2026, 12, 31))


def test_another_app_can_object(system_admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = cast.unit()

    def object_to_it(**kwargs: object) -> None:
        raise Conflict("open issues")

    monkeypatch.setattr(hooks, "_unit_closes", [])
    hooks.on_unit_close(object_to_it)
    with pytest.raises(Conflict, match="open issues"):
        close_unit(actor=system_admin, unit_id=unit.pk, on=date(2026, 12, 31))
    unit.refresh_from_db()
    assert unit.valid_until is None


def test_many_at_once(db: None) -> None:
    above = cast.unit()
    made = create_units(
        actor=SYSTEM,
        rows=[
            UnitRow("A", "甲局", UnitKind.DEPARTMENT, above.code, is_responsible=True),
            UnitRow("B", "乙所", UnitKind.DEPARTMENT, "A"),
        ],
    )
    assert made["B"].path == [above.pk, made["A"].pk, made["B"].pk]
    assert Unit.objects.get(code="B").pinyin == "yisuo"
    assert made["A"].groups == ["departments"]
    assert UnitName.objects.filter(unit=made["B"]).count() == 1
    assert AuditEntry.objects.get(act="create_units").object_ref == "2"
