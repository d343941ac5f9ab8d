"""The seal of an audit entry: HMAC-SHA256 over all its columns and its number, with the key that the database never
sees. Whoever changes a column, or gives an entry another number, can't seal it again.

The columns themselves are what is sealed, read back as the database keeps them: nothing is stored twice. So a value
must read as it was written; ``plain`` and ``_address`` even out the little that PostgreSQL writes in its own way.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

# In the order in which ``seal`` takes them.
COLUMNS = (
    *("id", "at", "user_id", "post_id", "act", "object_kind", "object_ref", "result", "address", "request_id"),
    "detail",
)
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def seal(*values: Any) -> str:
    """The seal of an entry with these values of ``COLUMNS``."""
    number, at, user, post, act, kind, ref, result, address, request, detail = values
    return digest(
        "audit|" + _encode([number, moment(at), user, post, act, kind, ref, result, _address(address), request, detail])
    )


def digest(text: str) -> str:
    return hmac.digest(settings.CHAIN_KEY.encode(), text.encode("utf-8", "surrogatepass"), "sha256").hex()


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def plain(detail: dict[str, Any]) -> dict[str, Any]:
    """The detail as the database will give it back: names of keys as text, no tuples, numbers as jsonb has them."""
    told: dict[str, Any] = json.loads(json.dumps(detail), parse_float=_number)
    return told


def _number(text: str) -> int | float:
    """jsonb writes 1e16 as 10000000000000000 and has no negative zero."""
    value = float(text)
    return int(Decimal(text)) if abs(value) >= 1e16 else value + 0.0


def _address(address: object) -> str | None:
    """IPv6 in one of its many spellings."""
    if address is None or ":" not in (text := str(address)):
        return None if address is None else text
    return str(ipaddress.ip_address(text))
