"""The words of the audit log. Higher apps add those of their own acts; an act without a word is shown by its code."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role

_acts: dict[str, str | Promise] = {
    "sign_in": _("Sign in"),
    "sign_out": _("Sign out"),
    "refused": _("Was refused"),
    "view_contact": _("See contact"),
    "change_district": _("Change the district"),
    "create_unit": _("Enter a unit"),
    "create_units": _("Enter units"),
    "change_unit": _("Change a unit"),
    "close_unit": _("Close a unit"),
    "create_user": _("Make an account"),
    "create_people": _("Make accounts"),
    "change_user": _("Change an account"),
    "change_profile": _("Change own contact"),
    "set_password": _("Set a password"),
    "change_password": _("Change own password"),
    "lock_user": _("Lock an account"),
    "unlock_user": _("Unlock an account"),
    "lift_lockout": _("Lift a lock-out"),
    "create_post": _("Give a post"),
    "end_post": _("End a post"),
    "hand_over": _("Hand over work"),
    "create_token": _("Make a key"),
    "revoke_token": _("Revoke a key"),
    "verify_chain": _("Prove the event chain"),
    "verify_trail": _("Prove the audit trail"),
    "export": _("Export"),
}
_kinds: dict[str, str | Promise] = {
    "unit": _("Unit"),
    "user": _("Account"),
    "post": _("Post"),
    "apitoken": _("Key"),
    "district": _("District"),
    "page": _("Page"),
    "audit": _("Audit entry"),
}
_results: dict[str, str | Promise] = {"ok": _("succeeded"), "failed": _("failed"), "denied": _("not allowed")}

_details: dict[str, str | Promise] = {
    "name": _("Name"),
    "short_name": _("Short name"),
    "user": _("Account"),
    "username": _("User name"),
    "role": _("Role"),
    "unit": _("Unit"),
    "units": _("Units"),
    "kind": _("Kind"),
    "parent": _("Belongs to"),
    "groups": _("Assessed with"),
    "is_lead": _("Lead unit"),
    "is_responsible": _("Responsible unit"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "office": _("Office"),
    "reason": _("Reason"),
    "override_reason": _("Reason"),
    "on": _("Last day"),
    "successor": _("Successor"),
    "to": _("Who takes over"),
    "scope": _("Access"),
    "year": _("Year"),
    "broken": _("Broken at"),
    "proved": _("Proved"),
    "unsealed": _("Older than the seals"),
}


def register(acts: dict[str, str | Promise], kinds: dict[str, str | Promise]) -> None:
    _acts.update(acts)
    _kinds.update(kinds)


def act_word(act: str) -> str:
    return str(_acts.get(act, act))


def kind_word(kind: str) -> str:
    return str(_kinds.get(kind, kind))


def result_word(result: str) -> str:
    return str(_results.get(result, result))


def detail_text(detail: dict[str, Any]) -> str:
    """One line for the log: words for the names that have one, changes as before → now."""
    parts = [f"{_details.get(name, name)}：{_plain(value)}" for name, value in detail.items() if name != "changes"]
    for name, (before, now) in detail.get("changes", {}).items():
        parts.append(f"{_details.get(name, name)}：{_plain(before)} → {_plain(now)}")
    return "；".join(parts)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(str(_details.get(item, item)) for item in value) or "—"
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if value in Role.values:
        return str(Role(value).label)
    return "—" if value in ("", None) else str(value)


def act_choices() -> list[tuple[str, str]]:
    return sorted(((act, str(word)) for act, word in _acts.items()), key=lambda choice: choice[1])
