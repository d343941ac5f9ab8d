"""What a service may answer instead of doing its work. The edges turn these into pages and problem+json.

The order of checks in every service: not visible → stale version → no right → state forbids → bad data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

__all__ = ["Conflict", "NotVisible", "PermissionDenied", "ValidationError", "require"]


class NotVisible(Exception):
    """The row is not there for this actor (404)."""


class Conflict(Exception):
    """The state, the version or somebody else's act forbids it now (409).

    ``facts`` tells the current ``state`` and ``version`` and, where known, ``by`` and ``at`` of the last event.
    """

    def __init__(self, message: str, *, code: str = "conflict", **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.facts = facts


def require(**fields: tuple[Any, str]) -> None:
    """Raise one ValidationError that names every field whose value is empty.

    ``require(text=(text, _("…")))``
    """
    missing: Mapping[str, list[str]] = {name: [message] for name, (value, message) in fields.items() if not value}
    if missing:
        raise ValidationError(dict(missing))
