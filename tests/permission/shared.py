"""The checks of an engine or a set of roles that many modules share: the rest of the program asks what is put in its
place, and the tables are looked at again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from accounts import landing, policy, roles
from documents import policy as documents_policy
from documents import querysets
from issues import policy as issues_policy
from tests.permission import checks, more_checks
from tests.permission.world import World

Deviations = Iterator[str]
# The sets of roles that more than one module names.
SHARED: dict[str, frozenset[str]] = {
    "UNIT_ROLES": roles.UNIT_ROLES,
    "OPERATIONAL_ROLES": roles.OPERATIONAL_ROLES,
    "OUTSIDERS": landing.OUTSIDERS,
    "NO_PAPERS": querysets.NO_PAPERS,
}
APPS = ("accounts", "projects", "deadlines", "documents", "issues", "assessments", "notices")


@contextmanager
def replaced(name: str, value: Any) -> Iterator[None]:
    """Everybody who imported ``name`` gets ``value``."""
    original = SHARED.get(name) or getattr(policy, name)
    with ExitStack() as stack:
        for module in list(sys.modules.values()):
            if getattr(module, "__name__", "").split(".")[0] in APPS and getattr(module, name, None) is original:
                stack.enter_context(patch.object(module, name, value))
        yield


def of_engine(world: World, mutant: Any) -> Deviations:
    """The engine's two answers, as whom one reads and which units are one's own, asked by the issues' rows."""
    with replaced("readers_of", mutant.readers_of), replaced("subtree_of", mutant.subtree_of):
        yield from checks.seen(world, issues_policy)


def of_set(world: World, name: str, roles: frozenset[str]) -> Deviations:
    """A set of roles that many name, in one place where it decides."""
    with replaced(name, roles):
        if name == "NO_PAPERS":
            yield from more_checks.papers(world, documents_policy)
        elif name == "UNIT_ROLES":
            yield from checks.attaching(world, issues_policy)
        else:
            yield from checks.fields(world, issues_policy)
