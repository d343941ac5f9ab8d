"""Published months are proved from their frozen rows: the digest that was signed, and every result out of them.

Which units a group had, and how they were called, is taken from the results: units change after the month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from accounts.roles import Group
from assessments import scheme, scoring
from assessments.models import FrozenCase, Result, Run
from assessments.scheme import Scheme
from assessments.scoring import Tally
from assessments.services import compute, results

# What follows from frozen rows and scheme.
SAID = (
    *("ranked", "why_not", "rank", "score", "grade", "met", "due", "early", "paused", "coming", "lost_days"),
    *("indicators", "deducted", "deductions", "red_card"),
)


def altered_months() -> Iterator[str]:
    """Runs that two persons signed, the replaced ones too."""
    runs = Run.objects.filter(state__in=[Run.State.PUBLISHED, Run.State.REPLACED]).select_related("scheme")
    for run in runs.order_by("month", "version"):
        yield from _altered(run)


def _altered(run: Run) -> Iterator[str]:
    label = f"{run.month} version {run.version}"
    rules = scheme.of(run.scheme)
    rows = FrozenCase.objects.tally(run)
    if compute.digest_of(rules, rows) != run.data_sha256:
        yield f"{label}: the frozen cases are not those that were signed"
        return
    tallies = results.tallies_of(rows)
    members: dict[str, list[Result]] = defaultdict(list)
    for row in Result.objects.filter(run=run).order_by("unit__code"):
        members[row.group].append(row)
    if set(Group.values) <= set(rules.groups):
        told = {row.unit_id for of_group in members.values() for row in of_group}
        for unit in sorted(set(tallies) - told):
            yield f"{label}: unit {unit} has cases and no result"
    for group, of_group in sorted(members.items()):
        yield from _wrong(run, label, group, of_group, tallies, rules)


def _wrong(
    run: Run, label: str, group: str, members: list[Result], tallies: dict[int, Tally], rules: Scheme
) -> Iterator[str]:
    weights, stored = rules.groups.get(group, {}), {row.unit_id: row for row in members}
    stands = (scoring.stand(unit, tallies.get(unit, Tally()), weights, rules, minimum=rules.minimum) for unit in stored)
    for one in scoring.rank(stands, rules):
        found = stored[one.unit_id]
        row = results.of_standing(run, group, one, found.unit_name, found.window, found.facts)
        if wrong := [name for name in SAID if _plain(found, name) != _plain(row, name)]:
            yield f"{label}: the result of {found.unit_name} does not follow from its cases: {', '.join(wrong)}"


def _plain(row: Result, name: str) -> Any:
    """As the database keeps it: a figure has the places of its column."""
    value = Result._meta.get_field(name).to_python(getattr(row, name))
    places = getattr(Result._meta.get_field(name), "decimal_places", None)
    return value if value is None or places is None else round(value, places)
