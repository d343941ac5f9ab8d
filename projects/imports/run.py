"""From the first row to the last: what a workbook would change, and the same carried out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from projects.imports.compare import Change, compare
from projects.imports.known import Known
from projects.imports.load import Undoing, load, make_enterprises
from projects.imports.progress import Tell, silent
from projects.imports.rows import ERROR, Problem, Row, Sheet
from projects.models import ProjectImport

BATCH = 500
MOST_PROBLEMS = 2_000


@dataclass
class Outcome:
    rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    known: Known = field(default_factory=Known)

    @property
    def refused(self) -> bool:
        return any(problem.weight == ERROR for problem in self.problems)

    @property
    def unchanged(self) -> int:
        bad = {problem.row for problem in self.problems if problem.weight == ERROR}
        return max(0, self.rows - len(self.changes) - len(bad))


def look(sheet: Sheet, tell: Tell = silent, *, lock: bool = False, own_units: frozenset[int] = frozenset()) -> Outcome:
    """What the sheet would change and what is wrong with it. Writes nothing; with ``lock`` the projects stay as they
    are until the transaction ends. ``own_units``: those of whoever sends it in, for whom nothing is granted here."""
    outcome = Outcome(problems=sheet.problems[:MOST_PROBLEMS], known=Known.now(own_units))
    for batch in _batches(sheet.rows()):
        outcome.changes += [change.as_json() for change in compare(batch, outcome.known, lock=lock)]
        outcome.rows += len(batch)
        for row in batch:
            outcome.problems += row.problems[: max(0, MOST_PROBLEMS - len(outcome.problems))]
        tell(outcome.rows, len(sheet.lines))
    return outcome


def carry_out(sheet: Sheet, known: Known, row: ProjectImport, tell: Tell = silent) -> Iterator[Change]:
    """Write batch by batch what ``look`` found with ``known``, and hand on each change. ``row.before`` is filled."""
    undoing = Undoing()
    made = make_enterprises(list(known.new.values()), undoing)
    known.made = {one.pk for one in made.values()}
    done = 0
    for batch in _batches(sheet.rows()):
        changes = compare(batch, known)
        load(changes, made, undoing, row)
        yield from changes
        done += len(batch)
        tell(done, len(sheet.lines))
    row.before = undoing.as_json()


def counts(row: ProjectImport) -> dict[str, int]:
    new = sum(1 for change in row.changes if change["new"])
    return {"new": new, "changed": len(row.changes) - new}


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
