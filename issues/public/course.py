"""What of an issue its submitter sees, read once: the issue, its clocks, its public events, its files.

Nothing internal is even loaded: events are public ones of kinds named here, files are the own and the shared ones.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q

from accounts.actors import Actor
from deadlines.models import Clock
from documents.models import Attachment
from issues import policy
from issues.models import Event, Issue
from issues.states import Action, Confidentiality, State

SUBJECT = "issue"
# Public events whose words are meant for the submitter, and the submitter's own.
TOLD = (Action.FEED_BACK, Action.RETURN, Action.DECLINE, Action.UPHOLD)
OWN = (Action.SUPPLEMENT, Action.REOPEN, Action.WITHDRAW, Action.RATE)
ANSWERED = frozenset({State.RATING, State.DISPUTED, State.CLOSED})


@dataclass
class Course:
    actor: Actor
    issue: Issue
    clocks: list[Clock] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)

    @cached_property
    def allowed(self) -> list[str]:
        return policy.allowed_actions(self.actor, self.issue)

    @property
    def led(self) -> Issue:
        """The issue that is worked on: the own one, or the one that it joined."""
        return self.issue.merged_into or self.issue

    @property
    def words_hidden(self) -> bool:
        """Who joined an issue that holds commercial secrets reads none of them."""
        return self.led.pk != self.issue.pk and self.led.confidentiality == Confidentiality.COMMERCIAL

    @property
    def answered(self) -> bool:
        return self.led.state in ANSWERED and bool(self.led.outcome)

    def running(self, *kinds: str) -> Clock | None:
        """The open clock of one of these kinds; of the own issue, as a joined one's clocks are not its own."""
        return next(
            (one for one in reversed(self.clocks) if one.kind in kinds and not one.met_at and not one.stopped_at), None
        )

    def last(self, *kinds: str) -> Event | None:
        """The newest event of the own issue of one of these kinds."""
        mine = (one for one in reversed(self.events) if one.issue_id == self.issue.pk and one.kind in kinds)
        return next(mine, None)


def read(actor: Actor, issue: Issue) -> Course:
    clocks = list(Clock.objects.of(SUBJECT, issue.pk).filter(part="").order_by("started_at", "pk"))
    kinds = (*TOLD, *OWN, Action.ASSIGN, Action.SIGN, Action.GRANT, Action.LAPSE)
    ids = [issue.pk, *([issue.merged_into_id] if issue.merged_into_id else [])]
    # A rating is no public event, but its words are the submitter's own.
    shown = Q(public=True) | Q(issue=issue, kind=Action.RATE)
    events = Event.objects.filter(shown, issue__in=ids, kind__in=kinds).select_related("post__unit")
    joined = [
        event
        for event in events.order_by("at", "seq")
        # of the other one only what its unit said in public
        if event.issue_id == issue.pk or event.kind == Action.FEED_BACK
    ]
    files = Attachment.objects.of(SUBJECT, issue.pk).filter(policy.own_files()).order_by("pk")
    return Course(actor, issue, clocks, joined, list(files))


def data_of(event: Event) -> dict[str, Any]:
    return json.loads(event.body)["data"]
