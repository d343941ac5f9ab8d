"""Duplicate hints at triage: visible issues of the same enterprise, or whose text holds most of the title's bigrams.

Set-based: three queries for a whole page of new issues. The look back is bounded: what is older is found by search.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actors import Actor
from issues.models import Issue, IssueSearch
from issues.services import search
from issues.states import State

LOOK_BACK = 1_000
MOST = 5
# This share of the title's bigrams must stand in the other one's text.
ALIKE = 0.5
# … and no fewer than so many: short titles are alike by accident.
LEAST = 3

# More than are shown: some of them the reader may not see, or are of another kind.
CANDIDATES = 4 * MOST

OVERLAP = """
    WITH wanted(issue_id, gram) AS (SELECT * FROM unnest(%s::bigint[], %s::int[])),
         needed AS (SELECT issue_id, greatest(ceil(count(*) * %s), %s) AS least FROM wanted GROUP BY issue_id),
         held(issue_id, gram) AS (
             SELECT issue_id, gram FROM (
                 SELECT issue_id, unnest(grams) AS gram FROM issues_issuesearch WHERE id = ANY(%s)) AS every
              WHERE gram IN (SELECT gram FROM wanted)),
         hits AS (
             SELECT w.issue_id, h.issue_id AS other, count(*) AS n FROM held h JOIN wanted w USING (gram)
              WHERE w.issue_id <> h.issue_id GROUP BY 1, 2),
         ranked AS (
             SELECT issue_id, other, n, row_number() OVER (PARTITION BY issue_id ORDER BY n DESC, other DESC) AS place
               FROM hits JOIN needed USING (issue_id) WHERE n >= least)
    SELECT issue_id, other, n FROM ranked WHERE place <= %s ORDER BY issue_id, place
"""


@dataclass(frozen=True)
class Hint:
    number: str
    title: str
    state: str
    alike: bool  # by its words, not only by the enterprise

    @property
    def why(self) -> str:
        return _("similar words") if self.alike else _("same enterprise")


def hints(actor: Actor, issues: Iterable[Issue]) -> dict[int, list[Hint]]:
    """For each issue (with ``body`` and ``enterprise``) at most five others, most alike first."""
    issues = list(issues)
    if not issues:
        return {}
    pairs = _alike(actor, issues)
    others = _same_enterprise(actor, issues)
    for issue in issues:
        seen = {other for other, _alike in pairs.get(issue.pk, [])}
        name = _name(issue)
        pairs.setdefault(issue.pk, []).extend(
            (other.pk, False)
            for other in others
            if other.pk not in seen and other.pk != issue.pk and name and _name(other) == name
        )
    keys = {other for found in pairs.values() for other, _alike in found}
    rows = Issue.objects.visible_to(actor).exclude(state=State.DECLINED).in_bulk(keys)
    kinds = {issue.pk: issue.kind for issue in issues}
    return {
        key: [
            Hint(rows[other].number, rows[other].title, str(rows[other].get_state_display()), alike)
            for other, alike in found
            if other in rows and rows[other].kind == kinds[key]
        ][:MOST]
        for key, found in pairs.items()
    }


def _alike(actor: Actor, issues: list[Issue]) -> dict[int, list[tuple[int, bool]]]:
    wanted = [(issue.pk, gram) for issue in issues for gram in search.grams(search.fold(issue.title))]
    recent = IssueSearch.objects.filter(
        scope__in=search.scopes_of(actor), issue__in=Issue.objects.visible_to(actor).values("pk")
    )
    rows = list(recent.order_by("-submitted_at", "-issue").values_list("pk", flat=True)[:LOOK_BACK])
    found: dict[int, list[tuple[int, bool]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            OVERLAP, [[key for key, _gram in wanted], [gram for _key, gram in wanted], ALIKE, LEAST, rows, CANDIDATES]
        )
        for issue_id, other, _count in cursor.fetchall():
            found.setdefault(issue_id, []).append((other, True))
    return found


def _same_enterprise(actor: Actor, issues: list[Issue]) -> list[Issue]:
    firms = {issue.enterprise_id for issue in issues if issue.enterprise_id}
    names = {name for issue in issues if (name := _name(issue))}
    rows = Issue.objects.visible_to(actor).filter(
        Q(enterprise__in=firms) | Q(enterprise__name__in=names) | Q(body__enterprise_claim__in=names)
    )
    return list(rows.select_related("enterprise", "body").order_by("-submitted_at", "-id")[: MOST * 20])


def _name(issue: Issue) -> str:
    return issue.enterprise.name if issue.enterprise else issue.body.enterprise_claim
