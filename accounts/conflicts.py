"""Conflicts of interest: nobody judges the own unit (PRODUCT.md §1), whatever post they chose to act in."""

from __future__ import annotations

from dataclasses import replace

from accounts import policy as engine
from accounts.actors import Actor


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
