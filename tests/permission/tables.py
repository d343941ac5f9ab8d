"""Which checks there are for which policy, and in what order to ask them of one that lacks a row of a given table."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any

from tests.permission import checks, more_checks
from tests.permission.mutants import Mutant, mutants
from tests.permission.world import World

Check = Callable[[World, Any], Iterator[str]]
CHECKS: dict[str, tuple[Check, ...]] = {"issues.policy": checks.ALL, **more_checks.ALL}
POLICIES = tuple(CHECKS)
# A deletion in such a function is found soonest by such a check; all others follow.
FIRST: dict[str, Check] = {
    "scope": checks.seen,
    "read_as": checks.seen,
    "not_accused": checks.seen,
    "decision_scope": checks.decisions,
    "fields": checks.fields,
    "inside": checks.fields,
    "works_on": checks.fields,
    "knows_enterprise": checks.enterprises_known,
    "enterprises_met": checks.enterprises_met,
    "may_read_attachment": checks.files,
    "_ruler": checks.rulings,
    "FILING_ROLES": checks.submitting,
    "may_submit": checks.submitting,
    "ATTACHING": checks.attaching,
    "attaching": checks.attaching,
    "own_files": checks.own_files,
    "enterprise_scope": more_checks.enterprise_rows,
    "project_scope": more_checks.project_rows,
    "OF_THE_UNIT": more_checks.work_acts,
    "NOT_OF_OWN_UNIT": more_checks.work_acts,
    "money_scope": more_checks.money_rows,
    "RELATED": more_checks.own_projects,
    "stands_behind": more_checks.own_projects,
    "target_scope": more_checks.target_rows,
    "STAFF": more_checks.people_rows,
    "ALL_PEOPLE": more_checks.people_rows,
    "run_scope": more_checks.month_rows,
    "result_scope": more_checks.month_rows,
    "case_scope": more_checks.month_rows,
}


def deviation(world: World, name: str, policy: Any, where: str = "") -> str | None:
    """The first one that any check finds. A row that is looked up and is not there is one as well."""
    asked = CHECKS[name]
    first = FIRST.get(where)
    order = (first, *(check for check in asked if check is not first)) if first in asked else asked
    try:
        return next((told for check in order for told in check(world, policy)), None)
    except KeyError as missing:
        return f"no row {missing}"


def rows_of(name: str) -> list[Mutant]:
    return list(mutants(importlib.import_module(name)))


def survivors(world: World, name: str, rows: list[Mutant]) -> list[str]:
    """Those of the deletions that no check notices."""
    return [row.told for row in rows if deviation(world, name, row.policy, row.where) is None]
