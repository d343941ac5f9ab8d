"""The papers of published months: made by the worker, one transaction each, until none is missing."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from accounts.actors import Actor, actor_for
from assessments import enclosed, papers
from assessments.models import Card, Run
from common import clock, context
from documents.enclosures import Json, Sheet
from documents.models import Document
from documents.services import archive

logger = structlog.get_logger(__name__)


def issue_papers(*, now: datetime) -> int:
    """Make every bulletin and red card notice that is missing. Safe to run twice, or many at once; one that fails is
    tried again at the next call and doesn't hold up the others."""
    runs = Run.objects.published().filter(document__isnull=True).order_by("pk").values_list("pk", flat=True)
    cards = Card.objects.standing().filter(document__isnull=True).order_by("pk").values_list("pk", flat=True)
    made, failed = 0, None
    for make, keys in ((issue_bulletin, list(runs)), (issue_notice, list(cards))):
        for key in keys:
            try:
                made += bool(make(key, now=now))
            except Exception as error:  # the others are made first, then it is raised
                logger.exception("paper_failed", paper=make.__name__, key=key)
                failed = failed or error
    if failed is not None:
        raise failed
    return made


@transaction.atomic
def issue_bulletin(run_id: int, *, now: datetime) -> Document | None:
    """The monthly bulletin of a published run; None when somebody else is making it or has made it."""
    run = _claimed(Run.objects.published().select_related("scheme", "published_by__user"), run_id)
    if run is None:
        return None
    before = Run.objects.filter(month=run.month, version=run.version - 1).first()
    document = archive.issue(
        actor=_maker(run),
        kind=Document.Kind.BULLETIN,
        title=f"关于{papers.month_label(run)}涉企问题办理情况的通报",
        organ=context.district()["office"],
        number_series=f"{context.district()['name'][:1]}通报",
        year=clock.local(run.published_at or now).year,
        template="assessments/papers/bulletin.html",
        context=papers.bulletin(run),
        csvs=[
            Sheet("清单.csv", enclosed.CASE_HEAD, enclosed.case_rows(run), "排名所依据的事项清单"),
            Sheet("计算过程.csv", enclosed.STEP_HEAD, enclosed.step_rows(run), "每个得分的计算过程"),
            Json("口径.json", enclosed.method(run), "评分口径"),
        ],
        period=run.month,
        unit_id=None,
        readers=[],
        source_kind="run",
        source_id=run.pk,
        replaces=paper_of(before) if before else None,
        reason=run.reason,
        at=run.published_at or now,  # the day of the paper is that of the publication, whenever the worker comes to it
    )
    run.document = document
    run.save(update_fields=["document"])
    if before is not None:
        _withdraw_notices(run, before, now)
    return document


@transaction.atomic
def issue_notice(card_id: int, *, now: datetime) -> Document | None:
    """The notice of one red card, for its unit and the operational side."""
    rows = Card.objects.standing().select_related("run__scheme", "run__published_by__user", "unit")
    card = _claimed(rows, card_id)
    if card is None:
        return None
    context_of_card = papers.red_card(card)
    earlier = Card.objects.filter(
        run__month=card.run.month, run__version=card.run.version - 1, unit_id=card.unit_id, group=card.group
    ).first()
    card.document = archive.issue(
        actor=_maker(card.run),
        kind=Document.Kind.RED_CARD,
        title=f"红牌通知书（{context_of_card['unit']}　{papers.month_label(card.run)}）",
        organ=context.district()["office"],
        number_series=f"{context.district()['name'][:1]}红牌",
        year=clock.local(card.run.published_at or now).year,
        template="assessments/papers/redcard.html",
        context=context_of_card,
        csvs=[
            Sheet("清单.csv", enclosed.CARD_HEAD, enclosed.card_rows(context_of_card), "未按期办结的事项清单"),
            Json("口径.json", enclosed.method(card.run), "评分口径"),
        ],
        period=card.run.month,
        unit_id=card.unit_id,
        readers=[card.unit_id],
        source_kind="card",
        source_id=card.pk,
        replaces=paper_of(earlier) if earlier else None,
        reason=card.run.reason,
        at=card.run.published_at or now,
    )
    card.save(update_fields=["document"])
    return card.document


def paper_of(source: Run | Card) -> Document | None:
    """The paper of a run or card that is valid now: the draft, or the copy that was signed off."""
    kind = "run" if isinstance(source, Run) else "card"
    return Document.objects.filter(source_kind=kind, source_id=source.pk, state=Document.State.VALID).first()


def _withdraw_notices(run: Run, before: Run, now: datetime) -> None:
    """Take back the notices of cards that a correction took out."""
    standing = set(run.cards.values_list("unit_id", "group"))
    for card in before.cards.all():
        document = paper_of(card)
        if document is not None and (card.unit_id, card.group) not in standing:
            archive.withdraw(actor=_maker(run), document_id=document.pk, reason=run.reason, at=now)


def _claimed(rows, key: int):  # type: ignore[no-untyped-def]  # a run or a card
    return (
        rows.filter(pk=key, document__isnull=True)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .first()
    )


def _maker(run: Run) -> Actor:
    """Recorded as its maker: who published it, in the post that signed."""
    assert run.published_by is not None
    return actor_for(run.published_by.user).acting(run.published_by)
