"""Units: made, changed, closed. Their names and their place in the tree have a history or a lock of their own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import hooks
from accounts.actors import Actor
from accounts.models import Post, Unit, UnitName
from accounts.roles import GROUP_OF_KIND, Group, UnitKind
from accounts.services._steps import TREE_LOCK, authorise, changed, lock_for_transaction, note, take
from common import clock
from common.errors import Conflict, ValidationError

CHANGEABLE = frozenset({"name", "short_name", "kind", "parent", "is_lead", "is_responsible", "groups", "phone"})


@transaction.atomic
def create_unit(
    *,
    actor: Actor,
    code: str,
    name: str,
    kind: str,
    parent: Unit | None = None,
    short_name: str = "",
    is_lead: bool = False,
    is_responsible: bool = False,
    groups: list[str] | None = None,
    phone: str = "",
    valid_from: date | None = None,
) -> Unit:
    """A new unit under ``parent``, which must be living. A responsible unit is assessed in the group of its kind
    unless ``groups`` says otherwise. 403, 400."""
    authorise(actor, "create_unit", Unit)
    lock_for_transaction(TREE_LOCK)
    unit = Unit(
        code=code.strip(),
        name=name.strip(),
        short_name=short_name.strip(),
        kind=kind,
        parent=parent,
        is_lead=is_lead,
        is_responsible=is_responsible,
        groups=default_groups(kind, is_responsible) if groups is None else groups,
        phone=phone.strip(),
        valid_from=valid_from or clock.today(),
    )
    _check(unit)
    unit.save()
    unit.path = [*(parent.path if parent else []), unit.pk]
    unit.save(update_fields=["path"])
    UnitName.objects.create(unit=unit, name=unit.name, valid_from=unit.valid_from)
    note(actor, "create_unit", unit, unit.code, name=unit.name)
    return unit


def default_groups(kind: str, is_responsible: bool) -> list[str]:
    group = GROUP_OF_KIND.get(UnitKind(kind)) if kind in UnitKind.values else None
    return [group] if group and is_responsible else []


@transaction.atomic
def change_unit(*, actor: Actor, unit_id: int, **values: Any) -> Unit:
    """Change the fields given in ``values`` (``CHANGEABLE``). A new name begins today; the old one stays in the
    history. A new parent moves the unit with all below it. 404, 403, 400."""
    if unknown := set(values) - CHANGEABLE:
        raise TypeError(f"Not a field that changes: {', '.join(sorted(unknown))}")
    lock_for_transaction(TREE_LOCK)  # before the row: a move locks all rows below
    unit = take(Unit, actor, pk=unit_id)
    authorise(actor, "change_unit", unit)
    differences = changed(
        unit, {key: value.strip() if isinstance(value, str) else value for key, value in values.items()}
    )
    if not differences:
        return unit
    _check(unit)
    if "name" in differences:
        _rename(unit)
    unit.save(update_fields=[*differences, "pinyin"])
    if "parent" in differences:
        _move(unit)
    note(actor, "change_unit", unit, unit.code, changes=differences)
    return unit


@transaction.atomic
def close_unit(*, actor: Actor, unit_id: int, on: date, successor: Unit | None = None) -> Unit:
    """The unit's last day is ``on``. Refused (409) while it has living units below or people in it after that day, or
    where another app still has work lying with it. 404, 403, 409, 400."""
    lock_for_transaction(TREE_LOCK)
    unit = take(Unit, actor, pk=unit_id)
    authorise(actor, "close_unit", unit)
    if unit.valid_until is not None:
        raise Conflict(_("This unit is closed already."), state="closed")
    if unit.children.filter(valid_until__isnull=True).exists():
        raise Conflict(_("There are still units below this one. Close or move them first."))
    if Post.objects.filter(unit=unit).lasting_beyond(on).exists():
        raise Conflict(_("People still hold posts in this unit. End their posts or move them first."))
    if on < unit.valid_from:
        raise ValidationError({"on": [_("A unit can't end before it began.")]})
    if successor is not None and (successor.pk == unit.pk or successor.valid_until is not None):
        raise ValidationError({"successor": [_("The successor must be another unit that still works.")]})
    hooks.unit_closes(unit=unit, successor=successor, actor=actor, on=on)
    unit.valid_until, unit.successor = on, successor
    unit.save(update_fields=["valid_until", "successor"])
    UnitName.objects.filter(unit=unit, valid_until__isnull=True).update(valid_until=on)
    note(actor, "close_unit", unit, unit.code, on=str(on), successor=successor.code if successor else "")
    return unit


def _check(unit: Unit) -> None:
    unit.full_clean(exclude=["principal", "path", "pinyin"], validate_constraints=False)
    if wrong := set(unit.groups) - set(Group.values):
        raise ValidationError({"groups": [_("Unknown group: %(names)s") % {"names": ", ".join(sorted(wrong))}]})
    parent = unit.parent
    if parent is None:
        return
    if unit.pk is not None and unit.pk in parent.path:
        raise ValidationError({"parent": [_("A unit can't lie below itself.")]})
    if parent.valid_until is not None:
        raise ValidationError({"parent": [_("This unit is closed.")]})


def _rename(unit: Unit) -> None:
    """Today's name starts today; one that itself started today is simply put right."""
    today = max(clock.today(), unit.valid_from)
    latest = UnitName.objects.filter(unit=unit).order_by("-valid_from").first()
    if latest is not None and latest.valid_from >= today:
        latest.name = unit.name
        latest.save(update_fields=["name"])
        return
    if latest is not None:
        latest.valid_until = today - timedelta(days=1)
        latest.save(update_fields=["valid_until"])
    UnitName.objects.create(unit=unit, name=unit.name, valid_from=today)


def _move(unit: Unit) -> None:
    """Give the unit and all below it their new way from the top, in one statement."""
    way = unit.parent.path if unit.parent else []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE accounts_unit SET path = %s::bigint[] || path[array_position(path, %s::bigint):]
            WHERE path @> ARRAY[%s]::bigint[]
            """,
            [way, unit.pk, unit.pk],
        )
    unit.refresh_from_db(fields=["path"])
