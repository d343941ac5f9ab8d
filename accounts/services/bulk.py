"""Many units or people in a few statements, for imports and the demo. One audit entry stands for the whole batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.models import Post, Principal, Unit, UnitName, User
from accounts.services._steps import TREE_LOCK, authorise, lock_for_transaction
from accounts.services.units import default_groups
from common import clock


@dataclass(frozen=True)
class UnitRow:
    """``parent`` is the code of a unit that exists or stands earlier among the rows."""

    code: str
    name: str
    kind: str
    parent: str = ""
    short_name: str = ""
    is_lead: bool = False
    is_responsible: bool = False
    groups: Sequence[str] | None = None
    phone: str = ""
    valid_from: date | None = None


@dataclass(frozen=True)
class PostRow:
    """``unit`` by its code; ``enterprise`` by its number in the common space."""

    role: str
    unit: str = ""
    title: str = ""
    enterprise: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class PersonRow:
    username: str
    name: str
    phone: str = ""
    email: str = ""
    posts: Sequence[PostRow] = field(default_factory=tuple)


@transaction.atomic
def create_units(*, actor: Actor, rows: Sequence[UnitRow]) -> dict[str, Unit]:
    """All the units at once; returns them by code. 403; an IntegrityError when a code is taken."""
    authorise(actor, "create_unit", Unit)
    lock_for_transaction(TREE_LOCK)
    known: dict[str, Unit] = Unit.objects.in_bulk({row.parent for row in rows if row.parent}, field_name="code")
    numbers = Principal.objects.allocate(Principal.Kind.UNIT, len(rows))
    made = []
    for number, row in zip(numbers, rows, strict=True):
        parent = known[row.parent] if row.parent else None
        unit = Unit(
            principal_id=number,
            code=row.code,
            name=row.name,
            short_name=row.short_name,
            kind=row.kind,
            parent=parent,
            path=[*(parent.path if parent else []), number],
            is_lead=row.is_lead,
            is_responsible=row.is_responsible,
            groups=default_groups(row.kind, row.is_responsible) if row.groups is None else list(row.groups),
            phone=row.phone,
            valid_from=row.valid_from or clock.today(),
        )
        known[row.code] = unit
        made.append(unit)
    Unit.objects.bulk_create(made)
    UnitName.objects.bulk_create(UnitName(unit=unit, name=unit.name, valid_from=unit.valid_from) for unit in made)
    audit.record(actor, "create_units", "unit", len(made))
    return {unit.code: unit for unit in made}


@transaction.atomic
def create_people(*, actor: Actor, rows: Sequence[PersonRow], password: str | None = None) -> dict[str, User]:
    """Accounts with their posts; returns them by user name. All get ``password`` (hashed once: a real hash for each of
    hundreds takes minutes), or none, so that nobody can sign in yet. 403; IntegrityError when a name is taken."""
    authorise(actor, "create_user", User)
    authorise(actor, "create_post", Post)
    hashed = make_password(password)
    users = [
        User(username=row.username, name=row.name, phone=row.phone, email=row.email, password=hashed) for row in rows
    ]
    User.objects.bulk_create(users)
    _create_posts([(user, post) for user, row in zip(users, rows, strict=True) for post in row.posts])
    audit.record(actor, "create_people", "user", len(users))
    return {user.username: user for user in users}


def _create_posts(pairs: list[tuple[User, PostRow]]) -> None:
    units = Unit.objects.in_bulk({row.unit for _user, row in pairs if row.unit}, field_name="code")
    numbers = Principal.objects.allocate(Principal.Kind.POST, len(pairs))
    now = clock.now()
    Post.objects.bulk_create(
        Post(
            principal_id=number,
            user=user,
            role=row.role,
            unit=units[row.unit] if row.unit else None,
            enterprise_id=row.enterprise,
            title=row.title,
            starts_at=row.starts_at or now,
            ends_at=row.ends_at,
        )
        for number, (user, row) in zip(numbers, pairs, strict=True)
    )
