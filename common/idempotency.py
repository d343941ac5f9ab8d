"""What must happen once, happens once: the first answer to a key is kept, and the same key and body gets it again.

The key's row is inserted first, in the transaction of the act: a second request with the key waits for the first one's
commit. What failed was rolled back with its key and may be tried again. Used by the API (``Idempotency-Key``) and by
the public form (a hidden field).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common import clock
from common.errors import Conflict
from common.models import IdempotentAnswer


@dataclass(frozen=True)
class Answer:
    """What was answered: now, or (``repeated``) the first time."""

    status: int
    data: Any
    repeated: bool


def once(*, owner: str, key: str, body: str, act: Callable[[], tuple[int, Any]]) -> Answer:
    """Run ``act`` in one transaction, once per key. It gives status and what is kept: JSON, without secrets.

    ``owner`` says whose key it is and ``body`` what was sent, both as digests of :func:`digest`. Conflict with the code
    ``key_reused`` when the key came with another body before.
    """
    with transaction.atomic():
        if not _claim(owner, key, body):
            stored = IdempotentAnswer.objects.get(owner=owner, key=key)
            if stored.body != body:
                raise Conflict(_("This key was used with another body."), code="key_reused")
            return Answer(stored.status, stored.answer, True)
        status, data = act()
        IdempotentAnswer.objects.filter(owner=owner, key=key).update(status=status, answer=data)
        return Answer(status, data, False)


def digest(*parts: str) -> str:
    """No address and no session key stands in a row, only this."""
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _claim(owner: str, key: str, body: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_idempotentanswer (owner, key, body, created_at, status, answer)"
            " VALUES (%s, %s, %s, %s, 0, '{}') ON CONFLICT (owner, key) DO NOTHING",
            [owner, key, body, clock.now()],
        )
        return bool(cursor.rowcount == 1)
