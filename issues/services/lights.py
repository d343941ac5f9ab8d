"""The worst light of an issue, kept on its row as three instants so that a light filter is a range."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Min

from deadlines.models import Clock
from deadlines.states import Side
from issues.models import Issue


def refresh(issue: Issue) -> None:
    """Take the instants from the running clocks held by government; the caller saves."""
    found = (
        Clock.objects.of("issue", issue.pk)
        .running()
        .filter(side=Side.GOVERNMENT)
        .aggregate(yellow=Min("yellow_at"), due=Min("due_at"), red=Min("red_at"))
    )
    issue.yellow_at, issue.due_at, issue.red_at = found["yellow"], found["due"], found["red"]


def refresh_many(issue_ids: Iterable[int]) -> None:
    """The same for many issues in one statement, after a calendar moved their clocks. Never touches the version."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE issues_issue i SET yellow_at = c.yellow_at, due_at = c.due_at, red_at = c.red_at
              FROM (SELECT ids.id, min(k.yellow_at) AS yellow_at, min(k.due_at) AS due_at, min(k.red_at) AS red_at
                      FROM unnest(%s::bigint[]) AS ids(id)
                      LEFT JOIN deadlines_clock k ON k.subject_kind = 'issue' AND k.subject_id = ids.id
                           AND k.side = 'government' AND k.met_at IS NULL AND k.stopped_at IS NULL
                           AND k.paused_at IS NULL
                     GROUP BY ids.id) c
             WHERE i.id = c.id
               AND (i.yellow_at, i.due_at, i.red_at) IS DISTINCT FROM (c.yellow_at, c.due_at, c.red_at)
            """,
            [sorted(issue_ids)],
        )
