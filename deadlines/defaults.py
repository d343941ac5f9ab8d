"""What WHEN needs before the first clock: edition 1 of the calendar and the limits of PRODUCT.md §2."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection

from deadlines.models import TimeRule, WorkingDay
from deadlines.services.editions import ensure_calendar
from deadlines.services.rules import ensure_rules


def ensure_defaults(*, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Write what is missing; harmless to call again, and after the migrations were rolled back."""
    tables = {WorkingDay._meta.db_table, TimeRule._meta.db_table}
    if using == DEFAULT_DB_ALIAS and tables <= set(connection.introspection.table_names()):
        ensure_calendar()
        ensure_rules()
