"""The entries of the navigation, staff and public. Apps register theirs in ``ready()``; the shells ask what to show.

``visible`` and ``count`` get the actor. ``count`` runs on every page: one cheap indexed query, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.checks import Error
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORK, SUPERVISION, OVERVIEW, ME, PUBLIC = "work", "supervision", "overview", "me", "public"
GROUPS: dict[str, str | Promise] = {
    WORK: _("My work"),
    SUPERVISION: _("Supervision and assessment"),
    OVERVIEW: _("Overview"),
    ME: _("My account"),  # the foot: switch post, tokens
}
PUBLIC_GROUPS: dict[str, str | Promise] = {PUBLIC: _("Public services")}  # the foot; with topbar, the head as well


def everybody(actor: Any) -> bool:
    return True


@dataclass(frozen=True)
class Entry:
    group: str
    label: str | Promise
    url_name: str
    visible: Callable[[Any], bool] = everybody
    count: Callable[[Any], int] | None = None
    order: int = 50
    topbar: bool = False  # also in the bar of a phone


_entries: dict[str, Entry] = {}
_search: list[str] = []


def register(
    group: str,
    label: str | Promise,
    url_name: str,
    *,
    visible: Callable[[Any], bool] = everybody,
    count: Callable[[Any], int] | None = None,
    order: int = 50,
    topbar: bool = False,
) -> None:
    """Add an entry. The same ``url_name`` again replaces it, so a second ``ready()`` does no harm."""
    if group not in GROUPS | PUBLIC_GROUPS:
        raise ValueError(f"Unknown group {group!r}: one of {', '.join(GROUPS | PUBLIC_GROUPS)}")
    _entries[url_name] = Entry(group, label, url_name, visible, count, order, topbar)


def register_search(url_name: str) -> None:
    """The list that the search box asks, by ``?q=``."""
    _search[:] = [url_name]


def search_url() -> str:
    return reverse(_search[0]) if _search else ""


def groups(actor: Any, path: str) -> list[dict[str, Any]]:
    """What ``actor`` may open, by group; the entry whose address is the longest beginning of ``path`` is current."""
    items = _items(GROUPS, actor)
    here = max(
        (item for item in items if path.startswith(item["url"])), key=lambda item: len(item["url"]), default=None
    )
    if here:
        here["current"] = True
    grouped = (
        {"key": key, "label": label, "entries": [item for item in items if item["group"] == key]}
        for key, label in GROUPS.items()
    )
    return [group for group in grouped if group["entries"]]


def public(actor: Any) -> list[dict[str, Any]]:
    return _items(PUBLIC_GROUPS, actor)


def _items(wanted: dict[str, str | Promise], actor: Any) -> list[dict[str, Any]]:
    shown = (entry for entry in _entries.values() if entry.group in wanted and entry.visible(actor))
    return [_item(entry, actor) for entry in sorted(shown, key=lambda entry: entry.order)]


def _item(entry: Entry, actor: Any) -> dict[str, Any]:
    return {
        "group": entry.group,
        "label": entry.label,
        "url": reverse(entry.url_name),
        "count": entry.count(actor) if entry.count else None,
        "topbar": entry.topbar,
        "current": False,
    }


def check_entries(**kwargs: Any) -> list[Error]:
    """A registered entry without an address would break every page: better at start than at the first visit."""
    errors = []
    for url_name in [*_entries, *_search]:
        try:
            reverse(url_name)
        except NoReverseMatch:
            errors.append(
                Error(
                    f"The navigation entry {url_name!r} has no address.",
                    hint="Register it only once its URL is in the app's urls.py.",
                    id="bihuan.E010",
                )
            )
    return errors
