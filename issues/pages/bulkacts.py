"""Bulk acts of the list: first what would happen to each issue, then each through its verb, with a result per row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.roles import Role
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from issues import filters, policy
from issues.models import Issue
from issues.services import assign
from issues.services.remind import may_remind, remind
from issues.states import Action

MOST = 100
ASSIGN, REMIND, EXPORT = "assign", "remind", "export"
LABELS = {ASSIGN: Action.ASSIGN.label, REMIND: gettext_lazy("Remind"), EXPORT: gettext_lazy("Export")}


def choices(actor: Actor) -> list[dict[str, Any]]:
    """The buttons of the bar, by what the role may do at all."""
    kinds = []
    if actor.has(Role.COORDINATOR, Role.SUPERVISOR):
        kinds = [ASSIGN, REMIND]
    return [{"value": kind, "label": LABELS[kind]} for kind in [*kinds, EXPORT]]


def picked(post: QueryDict, actor: Actor, query: str) -> list[Issue]:
    """The visible issues that were picked by number, or all that the list's address finds, at most ``MOST``."""
    if post.get("all") == "1":
        rows = filters.find(QueryDict(query), actor, clock.now()).rows.order_by("-submitted_at", "-id")
    else:
        rows = Issue.objects.visible_to(actor).filter(number__in=post.getlist("id")[:MOST])
        rows = rows.order_by("-submitted_at", "-id")
    return list(rows.select_related("lead_unit", "enterprise")[:MOST])


@dataclass
class Row:
    """One issue of a bulk act: what will happen, or why not; afterwards what happened."""

    issue: Issue
    can: bool
    text: str

    @property
    def url(self) -> str:
        return reverse("issues:page", args=[self.issue.number])


def effects(kind: str, issues: Iterable[Issue], actor: Actor) -> list[Row]:
    return [_effect(kind, issue, actor) for issue in issues]


def _effect(kind: str, issue: Issue, actor: Actor) -> Row:
    if kind == ASSIGN:
        if policy.can(actor, Action.ASSIGN, issue):
            return Row(issue, True, _("will be assigned"))
        if policy.right(actor, Action.ASSIGN, issue) is None:
            return Row(issue, False, _("your post may not assign it"))
        return Row(issue, False, _("is “%(state)s” already") % {"state": issue.get_state_display()})
    if may_remind(actor, issue):
        return Row(issue, True, _("its holders will be reminded"))
    return Row(issue, False, _("nobody has to act on it now, or your post may not remind"))


def versions(post: QueryDict) -> dict[str, int]:
    """``item`` holds number and version of each issue that the person saw in the list of effects."""
    seen = {}
    for item in post.getlist("item")[:MOST]:
        number, _colon, version = item.rpartition(":")
        if version.isascii() and version.isdecimal() and len(version) < 9:
            seen[number] = int(version)
    return seen


def carry_out(
    kind: str, issues: Iterable[Issue], actor: Actor, seen: dict[str, int], fields: dict[str, Any]
) -> list[Row]:
    """Each through its verb, in a transaction of its own: one that fails stops no other."""
    return [_one(kind, issue, actor, seen.get(issue.number), fields) for issue in issues]


def _one(kind: str, issue: Issue, actor: Actor, version: int | None, fields: dict[str, Any]) -> Row:
    act: Callable[[], object]
    if kind == ASSIGN:
        act, done = lambda: assign(issue_id=issue.pk, actor=actor, version=version, **fields), _("assigned")
    else:
        act, done = lambda: remind(issue_id=issue.pk, actor=actor), _("reminded")
    try:
        act()
    except Conflict as conflict:
        return Row(issue, False, conflict.message)
    except ValidationError as wrong:
        return Row(issue, False, " ".join(wrong.messages))
    except PermissionDenied as refused:
        return Row(issue, False, str(refused) or _("your post may not do this"))
    except NotVisible:
        return Row(issue, False, _("is not there for you any more"))
    return Row(issue, True, done)
