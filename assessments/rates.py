"""三率: response, solved, satisfied, each with numerator and denominator, in one statement over the issues one may see.

* response: first feedbacks in time ÷ those that were due or given. A clock counts once, at the earlier of the two.
* solved: "yes" ÷ issues whose last rating (or close-over, as no) falls in the period, each once.
* satisfied: ratings 4–5 ÷ ratings. Who did not rate counts in neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actors import SYSTEM
from assessments.freeze import fill
from common import clock
from issues import policy as issue_policy
from issues.models import Issue
from issues.states import IssueKind

if TYPE_CHECKING:
    from accounts.actors import Actor

BY = ("unit", "town", "line", "category", "month")
SMALL = 5  # the public sees no rate of fewer cases


@dataclass(frozen=True)
class Rate:
    numerator: int
    denominator: int

    @property
    def value(self) -> Decimal | None:
        """A share of one; None without a denominator."""
        return Decimal(self.numerator) / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Rates:
    """``key`` is a unit's code, the name of a line or category, or a month; ``""`` where the issue has none."""

    key: str
    name: str
    response: Rate
    solved: Rate
    satisfied: Rate


# <seen>: the issues that the actor may see. <key>, <name>: what the rows are told apart by. A clock belongs to its
# holder, an answer to the unit that was rated.
_RATES = """
WITH counted AS (
    SELECT 'response' AS rate, c.subject_id AS issue_id, c.holder_unit_id AS unit_id,
           LEAST(c.met_at, c.due_at) AS at, COALESCE(c.met_at <= c.due_at, false) AS counts
      FROM deadlines_clock c
     WHERE c.kind = 'feedback' AND c.subject_kind = 'issue' AND c.stopped_at IS NULL AND c.due_at >= %(since)s
       AND (c.due_at < %(until)s OR c.met_at < %(until)s) AND (c.met_at IS NULL OR c.met_at >= %(since)s)
       AND (c.met_at IS NOT NULL OR c.due_at < %(now)s AND c.paused_at IS NULL)
    UNION ALL
    SELECT 'satisfied', r.issue_id, r.unit_id, r.at, r.satisfaction >= 4
      FROM issues_rating r WHERE r.at >= %(since)s AND r.at < %(until)s AND r.satisfaction IS NOT NULL
    UNION ALL
    SELECT 'solved', r.issue_id, r.unit_id, r.at, r.solved = 'yes'
      FROM issues_rating r
     WHERE r.at >= %(since)s AND r.at < %(until)s
       AND NOT EXISTS (SELECT FROM issues_rating later
                        WHERE later.issue_id = r.issue_id AND later.at < %(until)s
                          AND (later.at, later.id) > (r.at, r.id))
)
SELECT COALESCE(<key>, ''), COALESCE(<name>, ''),
       count(*) FILTER (WHERE rate = 'response' AND counts), count(*) FILTER (WHERE rate = 'response'),
       count(*) FILTER (WHERE rate = 'solved' AND counts), count(*) FILTER (WHERE rate = 'solved'),
       count(*) FILTER (WHERE rate = 'satisfied' AND counts), count(*) FILTER (WHERE rate = 'satisfied')
  FROM counted JOIN (<seen>) AS issue ON issue.id = counted.issue_id
  <join>
 GROUP BY 1, 2 ORDER BY 1, 2
"""

_UNIT = "LEFT JOIN accounts_unit unit ON unit.principal_id = "
# by → (key, name, join)
_APART = {
    "": ("''", "''", ""),
    "unit": ("unit.code", "unit.name", f"{_UNIT} COALESCE(counted.unit_id, issue.lead_unit_id)"),
    "town": ("unit.code", "unit.name", f"{_UNIT} issue.town_id"),
    "line": ("line.name", "line.name", "LEFT JOIN projects_line line ON line.id = issue.line_id"),
    "category": (
        "category.name",
        "category.name",
        "LEFT JOIN issues_category category ON category.id = issue.category_id",
    ),
    "month": ("to_char(counted.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')", "''", ""),
}


def rates(*, actor: Actor, since: datetime, until: datetime, by: str | None = None) -> list[Rates]:
    """The three rates of [since, until), told apart ``by`` unit, town, line, category or month; one row in all without
    it. Only issues that the actor may see are counted. ValidationError for an unknown ``by``."""
    if by and by not in BY:
        raise ValidationError({"by": [_("One of: %(words)s.") % {"words": ", ".join(BY)}]})
    key, name, join = _APART[by or ""]
    issues = Issue.objects.visible_to(actor)
    if by == "town":
        # The town of an anonymous issue would hint whose it is: who may not know that doesn't find it under its town.
        issues = issues.filter(issue_policy.knows_enterprise(actor))
    seen = issues.order_by().values("id", "lead_unit_id", "town_id", "line_id", "category_id")
    return _read(fill(_RATES, key=key, name=name, join=join), seen, since, until)


def public_rates(*, since: datetime, until: datetime) -> dict[str, Rate | None]:
    """The district's own three rates for its front page: None where fewer than five cases stand behind one. Complaints
    about conduct are in none."""
    seen = Issue.objects.visible_to(SYSTEM).filter(kind=IssueKind.ISSUE).order_by().values("id", "lead_unit_id")
    rows = _read(fill(_RATES, key="''", name="''", join=""), seen, since, until)
    found = rows[0] if rows else Rates("", "", Rate(0, 0), Rate(0, 0), Rate(0, 0))
    three = {"response": found.response, "solved": found.solved, "satisfied": found.satisfied}
    return {word: rate if rate.denominator >= SMALL else None for word, rate in three.items()}


def _read(text: str, seen: QuerySet, since: datetime, until: datetime) -> list[Rates]:
    try:
        condition, values = seen.query.sql_with_params()
    except EmptyResultSet:  # nothing is there for this actor
        return []
    named = {f"seen_{n}": value for n, value in enumerate(values)}
    with connection.cursor() as cursor:
        cursor.execute(
            fill(text, seen=condition % tuple(f"%({name})s" for name in named)),
            {"since": since, "until": until, "now": min(until, clock.now()), **named},
        )
        return [Rates(row[0], row[1], Rate(*row[2:4]), Rate(*row[4:6]), Rate(*row[6:8])) for row in cursor.fetchall()]
