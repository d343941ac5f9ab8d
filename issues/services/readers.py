"""Who may read an issue, as one array on its row: kept by every step, checked nightly against the sources."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from issues.models import Assignment, Decision, Issue


def readers(issue: Issue) -> list[int]:
    """Lead and co-units (also done ones), units that refused, units that must carry out a decision, specialist, leader,
    enterprise, the account that filed it. Never the unit that a complaint is about."""
    return readers_of_many([issue])[issue.pk]


def readers_of_many(issues: Iterable[Issue]) -> dict[int, list[int]]:
    """The same for many, in three queries."""
    rows, found = list(issues), dict[int, set[int]]()
    for issue in rows:
        single = (issue.lead_unit_id, issue.specialist_id, issue.leader_id, issue.enterprise_id, issue.filed_by_id)
        found[issue.pk] = {pk for pk in single if pk}
    keys = list(found)
    reading = Q(ended_at__isnull=True) | Q(end__in=[Assignment.End.REFUSED, Assignment.End.DONE])
    decisions = Decision.objects.filter(issue__in=keys)
    co_units = Decision.co_units.through.objects.filter(decision__issue__in=keys)
    for pairs in (
        Assignment.objects.filter(reading, issue__in=keys).values_list("issue_id", "unit_id"),
        decisions.values_list("issue_id", "unit_id"),
        co_units.values_list("decision__issue_id", "unit_id"),
    ):
        for issue_id, unit_id in pairs:
            found[issue_id].add(unit_id)
    accused = {issue.pk: issue.about_unit_id for issue in rows}
    return {pk: sorted(ids - {accused[pk]}) for pk, ids in found.items()}
