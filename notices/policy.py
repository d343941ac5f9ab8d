"""Who may: a notice is its reader's alone; the outbox is the system administrator's."""

from __future__ import annotations

from typing import Any

from accounts import policy
from accounts.actors import Actor
from accounts.roles import Role
from notices.models import Delivery, Notice, Preference

READER_ACTIONS = frozenset({"view", "mark_read"})


def answer_notice(actor: Actor, action: str, obj: Any) -> bool:
    """On the class: may there be an inbox at all; on a row: is it one's own."""
    if action not in READER_ACTIONS or actor.user is None:
        return False
    return obj is Notice or obj.user_id == actor.user.pk


def answer_preference(actor: Actor, action: str, obj: Any) -> bool:
    """Everybody chooses for themselves: rows of others cannot even be named to the service."""
    return action == "set_preference" and actor.user is not None


def answer_delivery(actor: Actor, action: str, obj: Any) -> bool:
    return action == "retry" and (actor.system or actor.has(Role.SYSTEM_ADMIN))


def register() -> None:
    policy.register(Notice, answer_notice)
    policy.register(Preference, answer_preference)
    policy.register(Delivery, answer_delivery)
