"""Where higher apps plug in when a post or a unit ends: they know what hangs on it, accounts doesn't."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import NamedTuple, Protocol

from accounts.actors import Actor
from accounts.models import Post, Unit


class Work(NamedTuple):
    """So many things of one kind that hang on a post, by name where they have one: ``Work(_("Lines led"), 2)``."""

    label: str
    count: int
    names: tuple[str, ...] = ()


class HandOver(Protocol):
    def __call__(self, *, post: Post, heir: Post, actor: Actor, at: datetime) -> None: ...


class CloseUnit(Protocol):
    def __call__(self, *, unit: Unit, successor: Unit | None, actor: Actor, on: date) -> None: ...


_hand_overs: list[HandOver] = []
_work: list[Callable[[Post], Iterable[Work]]] = []
_unit_closes: list[CloseUnit] = []


def on_post_end(fn: HandOver, *, work: Callable[[Post], Iterable[Work]] | None = None) -> None:
    """``fn(post=, heir=, actor=, at=)`` moves the open work of ``post`` to ``heir``, in the handover's transaction.
    ``work(post)`` counts it for the page that asks who takes over."""
    if fn not in _hand_overs:
        _hand_overs.append(fn)
        if work:
            _work.append(work)


def on_unit_close(fn: CloseUnit) -> None:
    """``fn(unit=, successor=, actor=, on=)`` hands its affairs on, or raises Conflict while it can't close."""
    if fn not in _unit_closes:
        _unit_closes.append(fn)


def hand_over(*, post: Post, heir: Post, actor: Actor, at: datetime) -> None:
    for fn in _hand_overs:
        fn(post=post, heir=heir, actor=actor, at=at)


def open_work(post: Post) -> list[Work]:
    """What hangs on the post, empty kinds left out."""
    return [work for count in _work for work in count(post) if work.count]


def unit_closes(*, unit: Unit, successor: Unit | None, actor: Actor, on: date) -> None:
    for fn in _unit_closes:
        fn(unit=unit, successor=successor, actor=actor, on=on)
