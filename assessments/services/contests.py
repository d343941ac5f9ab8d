"""A unit contests single cases of its draft with evidence; the coordinator rules, or the supervisor."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor
from assessments import messages, policy, scheme
from assessments.models import Contest, FrozenCase, Result, Run
from assessments.services import compute
from assessments.states import COMPLETION, OF_ONE_CLOCK
from common.errors import Conflict, NotVisible, require
from documents.models import Attachment
from documents.services.attach import Prepared, attach

TEXT_MAX = 4000
SUBJECT = "contest"  # what its attachment hangs on


@transaction.atomic
def contest(*, case_id: int, actor: Actor, text: str, file: Prepared | None = None, now: datetime) -> Contest:
    """Contest one frozen case of one's own unit, while the draft may be contested; ``file`` was checked beforehand.

    404 for a case of somebody else, 403 without a unit post, 409 when the time is over or the case cost nothing or was
    contested before, 422 without words.
    """
    case = FrozenCase.objects.filter(policy.case_scope(actor), pk=case_id).select_related("run").first()
    if case is None:
        raise NotVisible
    run = locked(case.run)
    post = policy.contester(actor, case.unit_id)
    if post is None:
        raise PermissionDenied
    if run.state != Run.State.DRAFT or run.contest_until is None or now > run.contest_until:
        raise Conflict(_("The days in which cases may be contested are over."), code="contest_over", state=run.state)
    case = FrozenCase.objects.hurting().filter(run=run, pk=case_id).first()
    if case is None:
        raise Conflict(_("This case cost the unit nothing, or was recomputed meanwhile."), code="case_costs_nothing")
    indicator = COMPLETION if case.indicator in OF_ONE_CLOCK else case.indicator
    if Contest.objects.filter(run=run, unit_id=case.unit_id, indicator=indicator, source_id=case.source_id).exists():
        raise Conflict(_("This case has been contested already."), code="contested")
    require(text=(text.strip(), _("Say why the case should not count.")))
    made = Contest.objects.create(
        run=run,
        unit_id=case.unit_id,
        indicator=indicator,
        source_id=case.source_id,
        ref=case.ref,
        text=text.strip()[:TEXT_MAX],
        opened_at=now,
        opened_by=post,
    )
    if file is not None:
        made.attachment = attach(
            actor=actor,
            subject_kind=SUBJECT,
            subject_id=made.pk,
            file=file,
            by=Attachment.By.STAFF,
            public=False,
            unit_id=made.unit_id,
            at=now,
        )
        made.save(update_fields=["attachment"])
    audit.record(actor, "contest", SUBJECT, made.pk, post=post, month=run.month, ref=made.ref)
    messages.contested(made, at=now)
    return made


@transaction.atomic
def rule_contest(*, contest_id: int, actor: Actor, accept: bool, text: str, now: datetime) -> Contest:
    """Accept a contest, which takes the case out of the figures and ranks the draft anew, or reject it. With a reason
    either way; never by somebody who holds a post in the unit."""
    found = Contest.objects.visible_to(actor).filter(pk=contest_id).select_related("run").first()
    if found is None:
        raise NotVisible
    run = locked(found.run)
    found = Contest.objects.select_for_update(of=("self",), no_key=True).get(pk=contest_id)
    post = policy.judge(actor, found.unit_id)
    if post is None:
        raise PermissionDenied
    if found.state != Contest.State.OPEN or run.state != Run.State.DRAFT:
        raise Conflict(_("This contest has been ruled on already."), code="ruled", state=found.state)
    require(text=(text.strip(), _("Give the reason of the ruling.")))
    found.state = Contest.State.ACCEPTED if accept else Contest.State.REJECTED
    found.ruled_at, found.ruled_by, found.ruling = now, post, text.strip()[:TEXT_MAX]
    found.save(update_fields=["state", "ruled_at", "ruled_by", "ruling"])
    if accept:
        _exclude(run, found)
    audit.record(actor, "rule_contest", SUBJECT, found.pk, post=post, month=run.month, ruling=found.state)
    messages.ruled(found, at=now)
    return found


def may_read(actor: Actor, contest_id: int, attachment: Attachment) -> bool:
    """The evidence of a contest: for its unit and the operational side."""
    return Contest.objects.visible_to(actor).filter(pk=contest_id).exists()


def locked(run: Run) -> Run:
    """The run as it is now, with the month's lock: nobody computes, rules or publishes meanwhile."""
    compute.lock(run.month)
    return Run.objects.select_for_update(of=("self",), no_key=True).select_related("scheme").get(pk=run.pk)


def _exclude(run: Run, found: Contest) -> None:
    codes = sorted(OF_ONE_CLOCK) if found.indicator == COMPLETION else [found.indicator]
    cases = FrozenCase.objects.filter(run=run, unit_id=found.unit_id)
    cases.filter(source_id=found.source_id, indicator__in=codes).update(excluded=True)
    left = cases.filter(indicator=COMPLETION, part__in=["D", "C"], excluded=False).count()
    month_only = Result.objects.filter(run=run, unit_id=found.unit_id, window=1).exists()
    too_few = month_only and left < scheme.of(run.scheme).minimum
    compute.recompute(run, refreeze=[found.unit_id] if too_few else [])
