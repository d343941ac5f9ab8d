"""A handover in the course of an issue: as what, from whom to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from issues.casefile import CaseFile

# Pairs of posts in the data of the event.
NAMED = {
    "leader": gettext_lazy("District leader"),
    "specialist": gettext_lazy("Service specialist"),
    "handler": gettext_lazy("Handler"),
    "holder": gettext_lazy("Deadlines"),
}


def post_keys(data: dict[str, Any]) -> set[int]:
    return {key for name in NAMED for key in data.get(name, ())}


def words(case: CaseFile, data: dict[str, Any]) -> str:
    lines = []
    if "old_unit" in data:
        was, now = (case.units_by_code.get(data[key]) for key in ("old_unit", "unit"))
        lines.append(_line(_("Unit"), was.name if was else "", now.name if now else ""))
    for name, word in NAMED.items():
        # The specialist of an enterprise would say whose case it is.
        if name in data and (name != "specialist" or case.fields.who):
            before, after = (case.post(key) for key in data[name])
            lines.append(_line(str(word), str(before.user) if before else "", str(after.user) if after else ""))
    return "\n".join(lines)


def _line(word: str, was: str, now: str) -> str:
    return f"{word}：{was} → {now}"
