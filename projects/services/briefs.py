"""The papers of issued briefs: made by the worker, one transaction each, until none is missing."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.actors import SYSTEM
from common import clock, context
from documents.models import Document
from documents.services import archive
from projects import messages, papers
from projects.models import Lead

logger = structlog.get_logger(__name__)
SOURCE = "lead"


def paper_of(lead: Lead) -> Document | None:
    """The brief that is valid now: the draft, or the copy that was signed off."""
    return Document.objects.filter(source_kind=SOURCE, source_id=lead.pk, state=Document.State.VALID).first()


def print_briefs(*, now: datetime) -> int:
    """Make every brief that is out and has no paper yet. Safe to run twice, or many at once; one that fails is tried
    again at the next call and does not hold up the others."""
    made, failed = 0, None
    for key in list(_missing().order_by("pk").values_list("pk", flat=True)):
        try:
            made += _print(key, now)
        except Exception as error:  # the others are made first, then it is raised
            logger.exception("paper_failed", paper="brief", key=key)
            failed = failed or error
    if failed is not None:
        raise failed
    return made


def _missing() -> QuerySet[Lead]:
    papers_there = Document.objects.filter(source_kind=SOURCE, source_id=OuterRef("pk"))
    return Lead.objects.filter(briefed_at__isnull=False).exclude(Exists(papers_there))


@transaction.atomic
def _print(key: int, now: datetime) -> int:
    rows = _missing().select_related("project__enterprise", "owner__user", "park")
    lead = rows.filter(pk=key).select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if lead is None:
        return 0
    district = context.district()
    archive.issue(
        actor=SYSTEM,
        kind=Document.Kind.BRIEF,
        title=f"招商专报（{lead.project.name}）"[:200],
        organ=district["office"],
        number_series=f"{district['name'][:1]}招商专报",
        year=clock.local(lead.briefed_at or now).year,
        template="projects/papers/brief.html",
        context=papers.brief(lead),
        period=f"{clock.local(lead.briefed_at or now):%Y-%m}",
        readers=messages.addressees(lead, now),
        source_kind=SOURCE,
        source_id=lead.pk,
        at=lead.briefed_at or now,  # the day of the paper is the day on which it was issued
    )
    return 1
