"""Conflicts of interest: nobody judges the own unit (PRODUCT.md §1), whatever post they chose to act in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from accounts import policy as engine
from accounts.actors import Actor
from accounts.models import Post, Unit
from accounts.roles import UNIT_ROLES


def units(actor: Actor) -> frozenset[int]:
    """The units that are one's own: each in which any post is held, and those below a unit post. A coordinator's post
    in the unit at the top makes not the whole district one's own; being its officer or head does."""
    if "conflicts" not in actor._cache:
        held = actor.posts_held
        same = {post.pk for post in held} == {post.pk for post in actor.posts}
        person = actor if same else replace(actor, posts=held, _cache={})
        actor._cache["conflicts"] = engine.subtree_of(person) | actor.unit_ids
    return actor._cache["conflicts"]  # type: ignore[return-value]


def conflicted(actor: Actor, unit_id: int | None) -> bool:
    return unit_id is not None and unit_id in units(actor)


def people(paths: Mapping[int, Sequence[int]]) -> dict[int, set[int]]:
    """unit (with its path) → the users whose own it is, as ``units`` has it; one query for all of them."""
    above = {unit for path in paths.values() for unit in path}
    held: dict[int, set[tuple[int, str]]] = defaultdict(set)
    rows = Post.objects.current().filter(unit__in=above).values_list("unit_id", "user_id", "role")
    for unit, user, role in rows:
        held[unit].add((user, role))
    return {
        about: {
            user for unit in path for user, role in held[unit] if unit == about or role in UNIT_ROLES
        }
        for about, path in paths.items()
    }  # fmt: skip


def of_desk(role: str, unit: Unit) -> bool:
    """The desk, which is all who hold ``role``, cannot judge ``unit``: it is its own, or it is that of all its people.
    Then the supervisor does."""
    desk = Post.objects.current().filter(role=role)
    return desk.filter(unit=unit).exists() or not desk.exclude(user__in=people({unit.pk: unit.path})[unit.pk]).exists()
