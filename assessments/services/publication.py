"""Two persons publish a month: it is frozen from then on, its cards are given, its papers are made by the worker."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor
from accounts.policy import can
from accounts.roles import Role
from assessments import messages, policy
from assessments.models import Card, Run
from assessments.services.contests import locked
from common import bell
from common.errors import Conflict, NotVisible, require

PAPERS = "assessments.tasks.papers"


@transaction.atomic
def propose_publication(*, run_id: int, actor: Actor, data_sha256: str, now: datetime) -> Run:
    """The first signature, on the figures with this digest: 409 when they changed meanwhile, while cases may still be
    contested or wait for a ruling."""
    run = _of(run_id, actor, data_sha256)
    if not can(actor, "propose_publication", run):
        raise PermissionDenied
    if run.state != Run.State.DRAFT:
        raise Conflict(_("Only a draft can be proposed for publication."), code="not_draft", state=run.state)
    if run.contest_until is None or now <= run.contest_until:
        raise Conflict(_("Units may still contest cases of this draft."), code="contest_runs", state=run.state)
    if run.contests.open().exists():
        raise Conflict(_("A contest still waits for its ruling."), code="contest_open", state=run.state)
    run.state, run.proposed_by, run.proposed_at = Run.State.PROPOSED, actor.in_role(Role.COORDINATOR), now
    run.save(update_fields=["state", "proposed_by", "proposed_at"])
    audit.record(actor, "propose_publication", "assessment", run.month, version=run.version, data=run.data_sha256)
    messages.proposed(run, at=now)
    return run


@transaction.atomic
def retract(*, run_id: int, actor: Actor, now: datetime) -> Run:
    """Take the proposal back, or refuse the second signature: the month is a draft again."""
    run = _of(run_id, actor)
    if not can(actor, "retract", run):
        raise PermissionDenied
    if run.state != Run.State.PROPOSED:
        raise Conflict(_("This month does not await a second signature."), code="not_proposed", state=run.state)
    run.state, run.proposed_by, run.proposed_at = Run.State.DRAFT, None, None
    run.save(update_fields=["state", "proposed_by", "proposed_at"])
    audit.record(actor, "retract", "assessment", run.month, version=run.version, data=run.data_sha256)
    messages.retracted(run, at=now)
    return run


@transaction.atomic
def publish(*, run_id: int, actor: Actor, data_sha256: str, now: datetime) -> Run:
    """The second signature, by another person who holds no post in a ranked unit, or by the supervisor. The version
    before it is replaced; red cards are given; bulletin and notices are made by the worker."""
    run = _of(run_id, actor, data_sha256)
    if not can(actor, "publish", run):
        raise PermissionDenied
    if run.state != Run.State.PROPOSED:
        raise Conflict(_("This month does not await a second signature."), code="not_proposed", state=run.state)
    before = Run.objects.select_for_update(of=("self",), no_key=True).filter(month=run.month, state="published").first()
    if before is not None:
        before.state = Run.State.REPLACED
        before.save(update_fields=["state"])
    run.state, run.published_by, run.published_at = Run.State.PUBLISHED, policy.signer(actor, run), now
    run.save(update_fields=["state", "published_by", "published_at"])
    audit.record(actor, "publish", "assessment", run.month, version=run.version, data=run.data_sha256)
    messages.published(run, _give_cards(run, before, now), at=now)
    transaction.on_commit(lambda: bell.ring(PAPERS))
    return run


@transaction.atomic
def repair_card(*, card_id: int, actor: Actor, note: str, now: datetime) -> Card:
    """Mark a red card as repaired: from then on it is shown as repaired, never as nothing."""
    found = Card.objects.filter(pk=card_id, run__in=Run.objects.filter(policy.run_scope(actor))).first()
    if found is None:
        raise NotVisible
    card = Card.objects.select_for_update(of=("self",), no_key=True).select_related("run").get(pk=card_id)
    if not can(actor, "repair_card", card):
        raise PermissionDenied
    if card.repaired_at is not None or card.run.state != Run.State.PUBLISHED:
        raise Conflict(_("This red card is repaired already, or no longer stands."), code="repaired")
    require(note=(note.strip(), _("Say what was put right, and how that was checked.")))
    card.repaired_at, card.repaired_by, card.repaired_note = now, policy.judge(actor, card.unit_id), note.strip()
    card.save(update_fields=["repaired_at", "repaired_by", "repaired_note"])
    audit.record(actor, "repair_card", "red_card", card.pk, month=card.run.month)
    messages.repaired(card, at=now)
    return card


def _of(run_id: int, actor: Actor, data_sha256: str | None = None) -> Run:
    """The run under the month's lock; 409 when it is not what the actor has seen."""
    seen = Run.objects.visible_to(actor).filter(pk=run_id).first()
    if seen is None:
        raise NotVisible
    run = locked(seen)
    if data_sha256 is not None and run.data_sha256 != data_sha256:
        raise Conflict(_("The figures changed since you opened the page."), code="stale", state=run.state)
    return run


def _give_cards(run: Run, before: Run | None, now: datetime) -> list[Card]:
    """One card per unit and group. What was repaired under the version before stays repaired."""
    repaired = {
        (card.unit_id, card.group): card
        for card in (before.cards.filter(repaired_at__isnull=False) if before is not None else [])
    }
    cards = []
    for result in run.results.filter(red_card=True).order_by("group", "rank", "unit_id"):
        card = Card(run=run, unit_id=result.unit_id, group=result.group, facts=result.facts, issued_at=now)
        if old := repaired.get((result.unit_id, result.group)):
            card.repaired_at, card.repaired_by = old.repaired_at, old.repaired_by
            card.repaired_note = old.repaired_note
        cards.append(card)
    return Card.objects.bulk_create(cards)
