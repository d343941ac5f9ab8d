"""What an address names: a month's run that one may see, and a result in it. What isn't there for one is 404."""

from __future__ import annotations

from django.db.models import Case, When

from accounts.actors import Actor
from assessments.models import Result, Run
from common.errors import NotVisible

# Which of a month's runs its plain address shows: what counts, else what is being made.
ORDER = Case(When(state="published", then=0), When(state__in=["draft", "proposed"], then=1), default=2)


def run(actor: Actor, month: str, version: str | int | None = None) -> Run:
    """The run of ``month`` that counts for the actor, or the named version of it (0 is the rehearsal)."""
    rows = Run.objects.visible_to(actor).select_related("scheme", "document", "proposed_by__user", "published_by__user")
    rows = rows.filter(month=month)
    if version not in (None, ""):
        rows = rows.filter(version=int(version)) if str(version).isdecimal() and len(str(version)) < 5 else rows.none()
    else:
        rows = rows.exclude(state__in=["rehearsal", "replaced"])
    found = rows.order_by(ORDER, "-version").first()
    if found is None:
        raise NotVisible
    return found


def result(actor: Actor, found: Run, unit: str, group: str) -> Result:
    row = (
        Result.objects.visible_to(actor).select_related("unit").filter(run=found, unit__code=unit, group=group).first()
    )
    if row is None:
        raise NotVisible
    row.run = found
    return row


def others(actor: Actor, found: Run) -> list[Run]:
    """The other runs of the month that the actor may open, newest first."""
    rows = Run.objects.visible_to(actor).filter(month=found.month).exclude(pk=found.pk)
    return list(rows.order_by("-version"))
