"""The policy engine: one place where apps register who may do what, and one call that answers for every edge.

An app registers for a kind of object an answerer; ``can`` asks it. What a role may read besides its own unit and
post (a service office reads its leader's line) is registered as a reader rule by the app that knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from accounts.actors import Actor
from accounts.models import Post, Unit
from accounts.roles import UNIT_ROLES, Role

Answerer = Callable[[Actor, str, Any], bool]
ReaderRule = Callable[[Post], Iterable[int]]

_answerers: dict[type, Answerer] = {}
_reader_rules: dict[str, list[ReaderRule]] = {}


def register(model: type, answerer: Answerer) -> None:
    _answerers[model] = answerer


def register_readers(role: str, rule: ReaderRule) -> None:
    """``rule(post)`` yields further principals as which a post of ``role`` reads."""
    _reader_rules.setdefault(role, []).append(rule)


def can(actor: Actor, action: str, obj: Any) -> bool:
    """May ``actor`` do ``action`` on ``obj`` (an instance, or the class for acts without one)?

    An unregistered kind is a programming error, never a silent no or yes.
    """
    model = obj if isinstance(obj, type) else type(obj)
    return _answerers[model](actor, action, obj)


def readers_of(actor: Actor) -> list[int]:
    """The principals as which the actor reads: own post, own unit and below (unit roles), own enterprise, and what
    the registered rules add. Computed once per actor."""
    if "readers" not in actor._cache:
        ids: set[int] = set(subtree_of(actor))
        for post in actor.posts:
            ids.add(post.pk)
            if post.role == Role.ENTERPRISE and post.enterprise_id:
                ids.add(post.enterprise_id)
            for rule in _reader_rules.get(post.role, ()):
                ids.update(rule(post))
        actor._cache["readers"] = sorted(ids)
    return actor._cache["readers"]  # type: ignore[return-value]


def subtree_of(actor: Actor) -> frozenset[int]:
    """Units in which the actor holds a unit role, with all below them."""
    if "subtree" not in actor._cache:
        units = [post.unit_id for post in actor.posts if post.role in UNIT_ROLES and post.unit_id]
        ids = Unit.objects.under(units).values_list("pk", flat=True) if units else []
        actor._cache["subtree"] = frozenset(ids)
    return actor._cache["subtree"]  # type: ignore[return-value]
