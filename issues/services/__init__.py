"""Every write of an issue, one verb each. ``ACTIONS`` maps the word of an action to its verb."""

from __future__ import annotations

from collections.abc import Callable

from issues.models import Issue
from issues.services.closing import lapse, rate, reopen, send_back, uphold, verify
from issues.services.dispatch import assign, reassign, refuse, release, sign
from issues.services.handle import decide, escalate, feed_back, feed_back_decision, propose
from issues.services.intake import decline, identify, merge, return_, submit, supplement, tracking_code, withdraw
from issues.services.requests import close_over, deny, extend, grant, resume, suspend

# word of the action → (verb, fields that it takes)
ACTIONS: dict[str, tuple[Callable[..., Issue], frozenset[str]]] = {
    "return": (return_, frozenset({"text"})),
    "supplement": (supplement, frozenset({"text"})),
    "decline": (decline, frozenset({"reason", "text"})),
    "merge": (merge, frozenset({"into"})),
    "assign": (
        assign,
        frozenset({"category", "urgency", "difficulty", "unit", "co_units", "leader", "text"}),
    ),
    "refuse": (refuse, frozenset({"reason", "clause", "unit"})),
    "sign": (sign, frozenset({"handler"})),
    "reassign": (reassign, frozenset({"unit", "reason"})),
    "feed_back": (feed_back, frozenset({"text", "public", "done"})),
    "extend": (extend, frozenset({"days", "reason"})),
    "suspend": (suspend, frozenset({"reason", "text", "until"})),
    "close_over": (close_over, frozenset({"reason"})),
    "grant": (grant, frozenset({"text"})),
    "deny": (deny, frozenset({"reason"})),
    "resume": (resume, frozenset()),
    "release": (release, frozenset({"unit", "reason"})),
    "escalate": (escalate, frozenset({"text"})),
    "decide": (decide, frozenset({"text", "unit", "co_units", "due", "meeting", "lead_unit"})),
    "propose": (propose, frozenset({"outcome", "account", "cause", "promised_on", "clause"})),
    "send_back": (send_back, frozenset({"reason"})),
    "verify": (verify, frozenset({"text", "cause"})),
    "rate": (rate, frozenset({"solved", "satisfaction", "text"})),
    "uphold": (uphold, frozenset({"text"})),
    "reopen": (reopen, frozenset({"reason"})),
    "withdraw": (withdraw, frozenset({"reason"})),
}

__all__ = [
    "ACTIONS",
    "assign",
    "close_over",
    "decide",
    "decline",
    "deny",
    "escalate",
    "extend",
    "feed_back",
    "feed_back_decision",
    "grant",
    "identify",
    "lapse",
    "merge",
    "propose",
    "rate",
    "reassign",
    "refuse",
    "release",
    "reopen",
    "resume",
    "return_",
    "send_back",
    "sign",
    "submit",
    "supplement",
    "suspend",
    "tracking_code",
    "uphold",
    "verify",
    "withdraw",
]
