"""What stands beside the chain and must agree with it: each app tells of its own figures that were altered unseen.

The chain proves the events. The row of an issue repeats the last of them, and what is published was computed from
frozen rows; a superuser who edits those edits no event. ``verify_chain`` prints what the finders here name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import connection

from issues.services.anchors import broken_anchor
from issues.services.chain import Break, verify_chain

# Each yields one English sentence per finding, at most AT_MOST of them.
Finder = Callable[[], Iterator[str]]
AT_MOST = 20

_finders: dict[str, Finder] = {}


def register(name: str, finder: Finder) -> None:
    _finders[name] = finder


def prove() -> tuple[int, list[str]]:
    """How many events were proved, and in words what is not as it was written: the first broken link alone, for then
    nothing that rests on the chain is worth comparing; else everything beside it. Empty when all holds."""
    count, broken = verify_chain()
    if broken:
        return count, [in_words(broken)]
    if why := broken_anchor():
        return count, [f"BROKEN {why}"]
    return count, [f"ALTERED {line}" for line in findings()]


def in_words(broken: Break) -> str:
    return f"BROKEN {broken.number} event {broken.seq}: {broken.why}"


def findings() -> Iterator[str]:
    for name in sorted(_finders):
        yield from _finders[name]()


# State, layer and round as the last event has them. An import tells of a state that its ledger had no act for.
_ISSUES = """
SELECT i.number, i.event_seq
  FROM issues_issue i
  JOIN issues_event e ON e.issue_id = i.id AND e.seq = i.event_seq
 CROSS JOIN LATERAL (SELECT e.body::jsonb -> 'data' AS data) told
 WHERE (told.data ->> 'state' <> i.state AND told.data ->> 'as' IS DISTINCT FROM 'import')
    OR (told.data ->> 'layer')::int <> i.layer
    OR (told.data ->> 'round')::int <> i.round
 ORDER BY i.id LIMIT %s
"""


def altered_issues() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_ISSUES, [AT_MOST])
        for number, seq in cursor.fetchall():
            yield f"{number}: state, layer or round is not what event {seq} says"


register("issues", altered_issues)
