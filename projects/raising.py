"""How a finding becomes an issue: plugged in by the app above, so that projects never know of issues."""

from __future__ import annotations

from collections.abc import Callable

from accounts.actors import Actor
from projects.models import Promise, PromiseCheck

# (actor, promise, check): makes the issue by its own verb and answers with its number.
Raise = Callable[[Actor, Promise, PromiseCheck], str]
_raise: list[Raise] = []


def register(verb: Raise) -> None:
    _raise[:] = [verb]


def raise_issue(actor: Actor, promise: Promise, check: PromiseCheck) -> str:
    return _raise[0](actor, promise, check)
