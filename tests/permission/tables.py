"""Which checks there are for which policy, and which deletions of a row none of them notices."""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.permission import checks, more_checks
from tests.permission.mutants import Mutant, mutants
from tests.permission.world import World

Check = Callable[[World, Any], Iterator[str]]
CHECKS: dict[str, tuple[Check, ...]] = {"issues.policy": checks.ALL, **more_checks.ALL}
POLICIES = tuple(CHECKS)


def deviation(world: World, policy: Any, asked: Iterable[Check]) -> tuple[Check, str] | None:
    """The first one that any check finds. A row that is looked up and is not there is one as well."""
    for check in asked:
        try:
            told = next(check(world, policy), None)
        except KeyError as missing:
            told = f"no row {missing}"
        if told is not None:
            return check, told
    return None


def rows_of(name: str) -> list[Mutant]:
    return list(mutants(importlib.import_module(name)))


def survivors(world: World, name: str, rows: list[Mutant]) -> list[str]:
    """Those of the deletions that no check notices. What noticed the last one in the same table or function is asked
    first of the next: most are then noticed at once."""
    noticed: dict[str, list[Check]] = defaultdict(lambda: list(CHECKS[name]))
    left = []
    for row in rows:
        asked = noticed[row.where]
        found = deviation(world, row.policy, asked)
        if found is None:
            left.append(row.told)
        else:
            asked.remove(found[0])
            asked.insert(0, found[0])
    return left
