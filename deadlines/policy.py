"""Who may change when something is due: the system administrator. Every member of the staff may read the calendar."""

from __future__ import annotations

from typing import Any

from accounts import policy
from accounts.actors import Actor
from accounts.landing import OUTSIDERS
from accounts.roles import Role
from deadlines.models import CalendarVersion, TimeRule

STAFF = frozenset(Role) - OUTSIDERS
SYSTEM = frozenset({Role.SYSTEM_ADMIN})

MAY: dict[type, dict[str, frozenset[Role]]] = {
    CalendarVersion: {"view": STAFF, "propose_calendar": SYSTEM, "what_if": SYSTEM, "apply_calendar": SYSTEM},
    TimeRule: {"view": STAFF, "replace_rule": SYSTEM},
}


def answer(actor: Actor, action: str, obj: Any) -> bool:
    model = obj if isinstance(obj, type) else type(obj)
    return actor.has(*MAY[model][action])


def register() -> None:
    for model in MAY:
        policy.register(model, answer)
