"""Industry chains: entered, changed; who met when; whom they are to win; reminded when a meeting was missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Post, Unit
from accounts.roles import Role
from accounts.services._steps import authorise, changed, take
from common import clock
from common.errors import Conflict, ValidationError, require
from projects import chains, messages
from projects.models import Chain, ChainMeeting, ChainTarget, Enterprise
from projects.services._steps import entered, not_future, note
from projects.states import ChainMeetingKind

FIELDS = frozenset({"name", "leader", "adviser", "chief_months", "force_months", "starts_on", "ends_on"})


@transaction.atomic
def create_chain(
    *, actor: Actor, name: str, starts_on: date, units: Sequence[Unit] = (), leader: Post | None = None, **values: Any
) -> Chain:
    """A chain with its leader, adviser and the units of its task force; ``values`` are further ``FIELDS``. 403, 400."""
    _known(values)
    authorise(actor, "create_chain", Chain)
    chain = Chain(name=name.strip(), starts_on=starts_on, leader=leader, **values)
    _check(chain)
    chain.save()
    chain.units.set(units)
    note(actor, "create_chain", chain, chain.pk, name=chain.name, units=[unit.code for unit in units])
    return chain


@transaction.atomic
def change_chain(*, actor: Actor, chain_id: int, units: Sequence[Unit] | None = None, **values: Any) -> Chain:
    """Change ``FIELDS`` and the task force. 404, 403, 400."""
    _known(values)
    chain = take(Chain, actor, pk=chain_id)
    authorise(actor, "change_chain", chain)
    differences = changed(chain, values)
    if differences:
        _check(chain)
        chain.save(update_fields=[*differences, "pinyin"])
    if units is not None:
        before, now = sorted(chain.units.values_list("code", flat=True)), sorted(unit.code for unit in units)
        if before != now:
            chain.units.set(units)
            differences["units"] = [before, now]
    if differences:
        note(actor, "change_chain", chain, chain.pk, changes=differences)
    return chain


@transaction.atomic
def record_meeting(*, actor: Actor, chain_id: int, kind: str, on: date, text: str = "") -> ChainMeeting:
    """They met on ``on``: the rhythm of that kind counts from its last meeting. 404, 403, 409 after the chain's end,
    400."""
    chain = take(Chain, actor, pk=chain_id)
    authorise(actor, "record_meeting", chain)
    _not_ended(chain)
    not_future("on", on)
    meeting = ChainMeeting(chain=chain, kind=ChainMeetingKind(kind), on=on, text=text.strip(), by=actor.user)
    meeting.at = clock.now()
    entered(meeting)
    note(actor, "record_meeting", chain, chain.pk, kind=kind, on=str(on))
    return meeting


@transaction.atomic
def add_target(
    *, actor: Actor, chain_id: int, name: str, enterprise: Enterprise | None = None, note_text: str = ""
) -> ChainTarget:
    """An enterprise that the chain is to win; one of ours, or only a name. 404, 403, 409 after the chain's end, 400."""
    chain = take(Chain, actor, pk=chain_id)
    authorise(actor, "add_target", chain)
    _not_ended(chain)
    require(name=(name.strip(), _("Give the name.")))
    target = ChainTarget(chain=chain, name=name.strip(), enterprise=enterprise, note=note_text.strip())
    target.full_clean()
    target.save()
    note(actor, "add_target", chain, chain.pk, name=target.name)
    return target


@transaction.atomic
def remind_of_chains(*, now: datetime) -> int:
    """Each meeting that was missed, once, however often this is called. Returns the number of notices."""
    today = clock.local(now).date()
    living = Chain.objects.living(today).prefetch_related("units")
    return sum(messages.tell_of_missed_meeting(beat, at=now) for beat in chains.beats(living) if beat.missed(today))


def _known(values: dict[str, Any]) -> None:
    if unknown := set(values) - FIELDS:
        raise TypeError(f"Not a field that changes: {', '.join(sorted(unknown))}")


def _not_ended(chain: Chain) -> None:
    if chain.ends_on is not None and chain.ends_on < clock.today():
        raise Conflict(_("This chain has ended."), state="ended")


def _check(chain: Chain) -> None:
    chain.full_clean(exclude=["pinyin"])
    leader: Any = chain.leader
    if leader is not None and leader.role not in (Role.LEADER, Role.CHIEF):
        raise ValidationError({"leader": [_("This post is not that of a leader.")]})
    for name in ("chief_months", "force_months"):
        if not 1 <= getattr(chain, name) <= 24:
            raise ValidationError({name: [_("Give a number from 1 to 24.")]})
    if chain.ends_on is not None and chain.ends_on < chain.starts_on:
        raise ValidationError({"ends_on": [_("The end lies before the beginning.")]})
