"""镇街企业台账 (七个一): has an enterprise a contact, a channel, a partner cadre, and who visited it when?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from common import fmt
from projects.models import Enterprise, LogEntry
from projects.querysets import EnterpriseQuerySet
from projects.states import LogKind

VISITS = (LogKind.VISIT, LogKind.ONSITE)
LACKS = {
    "contact": gettext_lazy("Without a contact"),
    "channel": gettext_lazy("Without a channel"),
    "partner": gettext_lazy("Without a partner cadre"),
    "visit": gettext_lazy("Not visited this year"),
}
HAS = {"contact": ~Q(contact_name=""), "channel": ~Q(channel=""), "partner": Q(partner__isnull=False)}


def with_visits(rows: EnterpriseQuerySet, actor: Actor) -> EnterpriseQuerySet:
    """Adds ``last_visit`` and ``last_entry``: the last visit of the enterprise or one of its projects that the actor
    may read of."""
    seen = LogEntry.objects.visible_to(actor).filter(kind__in=VISITS)
    mine = seen.filter(enterprise=OuterRef("pk")).order_by("-on", "-id")  # entries on a project name its enterprise
    return rows.annotate(last_visit=Subquery(mine.values("on")[:1]), last_entry=Subquery(mine.values("pk")[:1]))


def lacking(rows: EnterpriseQuerySet, what: str, day: date) -> EnterpriseQuerySet:
    """Those of ``with_visits`` that lack it; all of them when nothing is asked for."""
    if what == "visit":
        return rows.filter(Q(last_visit__isnull=True) | Q(last_visit__lt=day.replace(month=1, day=1)))
    return rows.exclude(HAS[what]) if what in HAS else rows


def figures(rows: EnterpriseQuerySet, actor: Actor, day: date, url: Callable[[str], str]) -> list[dict[str, Any]]:
    """How many have each, out of how many; each number leads to those that have it not. One query."""
    year = day.replace(month=1, day=1)
    counted = with_visits(rows, actor).aggregate(
        all=Count("pk"),
        visit=Count("pk", filter=Q(last_visit__gte=year)),
        **{name: Count("pk", filter=has) for name, has in HAS.items()},
    )
    labels = {"contact": _("With a contact"), "channel": _("With a channel"), "partner": _("With a partner cadre"),
              "visit": _("Visited this year")}  # fmt: skip
    return [
        {
            "label": label,
            "value": fmt.percent(counted[name] / counted["all"] if counted["all"] else None, 0).rstrip(" %"),
            "unit": "%" if counted["all"] else "",
            "url": url(name),
            "lines": [fmt.ratio(counted[name], counted["all"])],
        }
        for name, label in labels.items()
    ]


def visitors(rows: Sequence[Enterprise]) -> dict[int, str]:
    """Who went, by the entries of a page of rows. One query."""
    keys = [row.last_entry for row in rows]  # type: ignore[attr-defined]  # with_visits
    return dict(LogEntry.objects.filter(pk__in=[key for key in keys if key]).values_list("pk", "by__name"))
