"""Keyset pages: a list continues after the last row shown, so page 1,000 costs what page 1 costs. No OFFSET, no count.

page = keyset(Issue.objects.visible_to(actor), ["-submitted_at", "-id"], request.GET.get("cursor"), 50)
context = {"rows": page.rows, "pager": pager(request, page)}
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import HttpRequest
from django.utils.translation import gettext as _

PARAMETER = "cursor"
COUNT_TO = 1000
_FORWARD, _BACKWARD = "n", "p"


@dataclass(frozen=True)
class Page:
    """``next`` and ``previous`` are cursors to hand in again, or None where the list ends."""

    rows: list[Any]
    next: str | None = None
    previous: str | None = None


def keyset(queryset: QuerySet, order: Sequence[str], cursor: str | None, size: int) -> Page:
    """The page of ``queryset`` (instances or dicts) at ``cursor``, sorted by ``order``.

    ``order`` holds field names, ``-`` for descending, ``__`` across relations; the last ones must tell any two rows
    apart (end with the key). An empty value counts as the greatest, as in PostgreSQL. A cursor holds only for the
    order that it was made for. ValidationError when it is none of ours.
    """
    if not cursor:
        return _first(queryset, order, size)
    direction, values = _read(cursor, order)
    if direction == _FORWARD:
        rows = list(queryset.filter(_beyond(queryset, order, values)).order_by(*order)[: size + 1])
        more, rows = len(rows) > size, rows[:size]
        before = _write(_BACKWARD, order, _values(rows[0], order) if rows else values)
        return Page(rows, _write(_FORWARD, order, _values(rows[-1], order)) if more else None, before)
    against = [_turn(name) for name in order]
    rows = list(queryset.filter(_beyond(queryset, against, values)).order_by(*against)[: size + 1])
    if len(rows) < size:  # rows came in or went meanwhile: a first page is always a full one
        return _first(queryset, order, size)
    more, rows = len(rows) > size, rows[:size][::-1]
    after = _write(_FORWARD, order, _values(rows[-1], order))
    return Page(rows, after, _write(_BACKWARD, order, _values(rows[0], order)) if more else None)


def count_to(queryset: QuerySet, most: int = COUNT_TO) -> tuple[int, bool]:
    """How many rows, counted no further than ``most``; True when there are more. Shown by ``fmt.count``."""
    number = queryset.order_by()[: most + 1].count()
    return min(number, most), number > most


def pager(request: HttpRequest, page: Page, text: str = "") -> dict[str, str]:
    """What ``components/pager.html`` wants: the addresses of the pages beside this one, filters kept."""
    return {"previous": _address(request, page.previous), "next": _address(request, page.next), "text": text}


def _address(request: HttpRequest, cursor: str | None) -> str:
    if cursor is None:
        return ""
    query = request.GET.copy()
    query[PARAMETER] = cursor
    return f"{request.path}?{query.urlencode()}"


def _first(queryset: QuerySet, order: Sequence[str], size: int) -> Page:
    rows = list(queryset.order_by(*order)[: size + 1])
    return Page(rows[:size], _write(_FORWARD, order, _values(rows[size - 1], order)) if len(rows) > size else None)


def _turn(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


# What lies beyond a row -----------------------------------------------------------------------------------------------


def _beyond(queryset: QuerySet, order: Sequence[str], values: Sequence[Any]) -> Q | Any:
    """The condition for the rows that come after ``values`` in ``order``.

    Where all fields go one way and none can be empty it is a row comparison, which an index answers at once;
    else a <= x AND (a < x OR (a = x AND …)), whose first half still bounds the index.
    """
    names = [name.lstrip("-") for name in order]
    downward = {name.startswith("-") for name in order}
    if len(downward) == 1 and not any(_nullable(queryset.model, name) for name in names):
        compare = TupleLessThan if downward.pop() else TupleGreaterThan
        return compare(Tuple(*(F(name) for name in names)), tuple(values))
    condition = Q(pk__in=[])
    for name, value in reversed(list(zip(order, values, strict=True))):
        condition = _strictly(name, value) | (_equal(name, value) & condition)
    return _at_least(order[0], values[0]) & condition


def _strictly(name: str, value: Any) -> Q:
    field = name.lstrip("-")
    if name.startswith("-"):
        return Q(**{f"{field}__isnull": False}) if value is None else Q(**{f"{field}__lt": value})
    return Q(pk__in=[]) if value is None else Q(**{f"{field}__gt": value}) | Q(**{f"{field}__isnull": True})


def _equal(name: str, value: Any) -> Q:
    field = name.lstrip("-")
    return Q(**{f"{field}__isnull": True}) if value is None else Q(**{field: value})


def _at_least(name: str, value: Any) -> Q:
    field = name.lstrip("-")
    if name.startswith("-"):
        return Q() if value is None else Q(**{f"{field}__lte": value})
    if value is None:
        return Q(**{f"{field}__isnull": True})
    return Q(**{f"{field}__gte": value}) | Q(**{f"{field}__isnull": True})


def _nullable(model: type[Model], name: str) -> bool:
    """Whether a sort value can be empty; an annotation may be, for all that is known here."""
    if name == "pk":
        return False
    *relations, last = name.split("__")
    try:
        for relation in relations:
            field = model._meta.get_field(relation)
            if getattr(field, "null", True) or field.related_model is None:
                return True
            model = field.related_model  # type: ignore[assignment]  # a class by now, not its name
        field = model._meta.get_field(last)
    except FieldDoesNotExist:
        return True
    return not isinstance(field, Field) or field.null


# Cursors --------------------------------------------------------------------------------------------------------------


def _values(row: Any, order: Sequence[str]) -> list[Any]:
    return [_value(row, name.lstrip("-")) for name in order]


def _value(row: Any, name: str) -> Any:
    if isinstance(row, dict):
        return row[name]
    value = row
    for part in name.split("__"):
        value = getattr(value, part) if value is not None else None
    return value.pk if isinstance(value, Model) else value


def _signer(order: Sequence[str]) -> signing.Signer:
    return signing.Signer(salt=f"common.pages:{','.join(order)}")


def _write(direction: str, order: Sequence[str], values: Sequence[Any]) -> str:
    return _signer(order).sign_object([direction, *map(_pack, values)])


def _read(cursor: str, order: Sequence[str]) -> tuple[str, list[Any]]:
    try:
        direction, *packed = _signer(order).unsign_object(cursor)
    except (signing.BadSignature, ValueError) as error:
        raise ValidationError({PARAMETER: [_("This page address is not valid any more.")]}) from error
    return direction, [_unpack(value) for value in packed]


def _pack(value: Any) -> Any:
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, Decimal):
        return ["n", str(value)]
    return value


def _unpack(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    kind, text = value
    return {"t": datetime.fromisoformat, "d": date.fromisoformat, "n": Decimal}[kind](text)
