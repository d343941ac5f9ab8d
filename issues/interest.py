"""Who may not, though the post may: the unit that works on a case never speaks for its submitter, and nobody verifies
what they proposed themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import conflicts
from accounts import policy as engine
from accounts.actors import Actor
from accounts.landing import OUTSIDERS
from issues.states import Action, State

if TYPE_CHECKING:
    from issues.models import Issue

# The submitter's own word, on which rates and rankings rest.
OWN_WORD = frozenset({Action.RATE, Action.WITHDRAW, Action.REOPEN})
SECOND_PERSON = frozenset({Action.VERIFY, Action.SEND_BACK})


def objection(actor: Actor, action: str, party: str, issue: Issue) -> str:
    """Why this person may not do it as this party, in words; empty where nothing is against it."""
    if actor.user is None:
        return ""
    if party == "submitter" and action in OWN_WORD and handles(actor, issue):
        return _("You hold a post on the side that handles this issue: only its submitter may do this.")
    if party == "judge" and action in SECOND_PERSON and proposed_by(issue) == actor.user.pk:
        return _("You proposed this yourself: another person must check it.")
    return ""


def handles(actor: Actor, issue: Issue) -> bool:
    """The person holds a post in a unit that works or worked on it, leads it, serves its leader or typed it in."""
    held = tuple(post for post in actor.posts_held if post.role not in OUTSIDERS)
    if not held:
        return False
    within = replace(actor, posts=held, submitter_of=None, _cache={})
    if not set(issue.readers).isdisjoint(engine.readers_of(within)):
        return True
    return issue.assignments.filter(unit__in=conflicts.units(actor)).exists()


def proposed_by(issue: Issue) -> int | None:
    """The person of the last proposal, read once per instance."""
    if not hasattr(issue, "_proposed_by"):
        from issues.models import Event

        last = Event.objects.filter(issue=issue, kind=Action.PROPOSE).order_by("-seq")
        issue._proposed_by = last.values_list("user_id", flat=True).first()  # type: ignore[attr-defined]
    return issue._proposed_by  # type: ignore[attr-defined]


def preload(issues: Iterable[Issue]) -> None:
    """The proposers of a page of issues, in one query whatever its size."""
    from issues.models import Event

    waiting = [issue for issue in issues if issue.state == State.PROPOSED]
    if not waiting:
        return
    rows = Event.objects.filter(issue__in=[issue.pk for issue in waiting], kind=Action.PROPOSE).order_by("seq")
    people = dict(rows.values_list("issue_id", "user_id"))
    for issue in waiting:
        issue._proposed_by = people.get(issue.pk)  # type: ignore[attr-defined]


def met_at_work(actor: Actor) -> Q:
    """The issues that one meets otherwise than as who typed them in: typing in a name is no work on it."""
    mine = sorted(post.pk for post in actor.posts)
    others = sorted(set(engine.readers_of(actor)) - set(mine))
    return ~Q(filed_by__in=mine) | Q(readers__overlap=others) | Q(leader__in=mine) | Q(specialist__in=mine)
