"""The greatest key of a table below which none can still appear: where a root over its rows may end.

Keys are drawn in one order and committed in another, but whoever draws one holds a row-exclusive lock on the table from
before the draw until the end of the transaction. Thus: note the greatest key, note who holds such a lock, and wait for
those to end (as CREATE INDEX CONCURRENTLY does). Nobody who comes later can draw a lower key, and nobody has to wait
for whoever asks here.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connection

# How long one waits for those who are writing; what a longer import writes is left to the next time.
PATIENCE = 60.0
PAUSE = 0.1

# The transactions of others that write the table now, also those of which no row can be seen yet.
_WRITING = """
SELECT virtualtransaction FROM pg_locks
 WHERE locktype = 'relation' AND relation = %s::regclass AND granted AND mode = 'RowExclusiveLock'
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND pid IS DISTINCT FROM pg_backend_pid()
"""


def writing(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITING, [table])
        return {row[0] for row in cursor.fetchall()}


def settled(
    greatest: Callable[[], int | None], writing: Callable[[], set[str]], patience: float = PATIENCE
) -> int | None:
    """The greatest settled key; None when there is none, or while others write for longer than ``patience`` seconds."""
    upto = greatest()
    busy, until = writing(), time.monotonic() + patience
    while busy:
        if time.monotonic() > until:
            return None
        time.sleep(PAUSE)
        busy &= writing()
    return upto
