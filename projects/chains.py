"""The rhythm of a chain: when its chief and its task force last met, when they meet next, and what was missed."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from projects.models import Chain, ChainMeeting
from projects.states import ChainMeetingKind


@dataclass(frozen=True)
class Beat:
    """``due``: the last day on which the next meeting keeps the rhythm."""

    chain: Chain
    kind: ChainMeetingKind
    months: int
    last: date | None
    due: date

    def missed(self, day: date) -> bool:
        return day > self.due


def beats(chains: Iterable[Chain]) -> Iterator[Beat]:
    """Both rhythms of each chain, in one query; before the first meeting they count from the chain's first day."""
    chains = list(chains)
    held = ChainMeeting.objects.filter(chain__in=chains).order_by().values_list("chain", "kind").annotate(Max("on"))
    last = {(chain, kind): on for chain, kind, on in held}
    for chain in chains:
        for kind, months in (
            (ChainMeetingKind.CHIEF, chain.chief_months),
            (ChainMeetingKind.FORCE, chain.force_months),
        ):
            on = last.get((chain.pk, kind))
            yield Beat(chain, kind, months, on, later(on or chain.starts_on, months))


def later(day: date, months: int) -> date:
    """The same day ``months`` later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
