"""What is done: contest and rule, compute, sign, publish, correct, mark a card as repaired. One page each."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import staff_page
from accounts.policy import can
from assessments import casetable, finding, forms, papers, periods, policy, ranking, services, why
from assessments.models import Card, Contest, FrozenCase, Result, Run
from common import clock, fmt
from common.errors import Conflict, NotVisible
from common.forms import form_page
from documents.services.attach import prepare

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def verb_page(request: HttpRequest, form: BaseForm, *, context: dict[str, Any], **page: Any) -> HttpResponse:
    """A page with one form; a conflict says what stood in the way above the form, which keeps what was typed."""
    try:
        return form_page(request, form, context=context, **page)
    except Conflict as conflict:
        form.add_error(None, conflict.message)
        return render(request, page.get("template", "form.html"), {**context, "form": form}, status=409)


@staff_page
@form_methods
def contest(request: HttpRequest, pk: int) -> HttpResponse:
    case = FrozenCase.objects.filter(policy.case_scope(request.actor), pk=pk).select_related("run", "unit").first()
    if case is None:
        raise NotVisible
    row = Result.objects.filter(run=case.run, unit=case.unit).select_related("run", "unit").order_by("group").first()
    if row is None or not can(request.actor, "contest", row):
        raise PermissionDenied
    back = ranking.why_url(row.run, row)

    def verb(data: dict[str, Any]) -> Contest:
        file = prepare(data["file"]) if data["file"] else None
        return services.contest(case_id=pk, actor=request.actor, text=data["text"], file=file, now=clock.now())

    context = {
        "title": _("Contest %(ref)s") % {"ref": case.ref},
        "lede": _("May be contested until %(time)s.") % {"time": fmt.cn_datetime(case.run.contest_until)},
        "submit": _("Contest"),
        "cancel": back,
        "crumbs": [*why.crumbs(row, "")[:3], {"label": row.unit_name, "url": back}, {"label": case.ref, "url": ""}],
        "case": casetable.rows(request.actor, row, [case])[0],
    }
    form = forms.ContestForm(request.POST or None, request.FILES or None)
    return verb_page(
        request, form, verb=verb, to=back, told=_("Contested."), context=context, template="assessments/contest.html"
    )


@staff_page
@form_methods
def rule_contest(request: HttpRequest, pk: int) -> HttpResponse:
    found = Contest.objects.visible_to(request.actor).select_related("run", "unit", "attachment").filter(pk=pk).first()
    if found is None:
        raise NotVisible
    if not can(request.actor, "rule_contest", found):
        raise PermissionDenied
    case = FrozenCase.objects.filter(
        run=found.run, unit=found.unit, indicator=found.indicator, source_id=found.source_id
    ).first()
    row = Result.objects.filter(run=found.run, unit=found.unit).select_related("run", "unit").order_by("group").first()
    back = ranking.address(found.run)

    def verb(data: dict[str, Any]) -> Contest:
        return services.rule_contest(
            contest_id=pk, actor=request.actor, accept=data["accept"], text=data["text"], now=clock.now()
        )

    context = {
        "title": _("Rule on the contest of %(ref)s") % {"ref": found.ref},
        "lede": _("Contested by %(unit)s on %(time)s.")
        % {"unit": found.unit.name, "time": fmt.cn_datetime(found.opened_at)},
        "submit": _("Rule on it"),
        "cancel": back,
        "crumbs": _crumbs(found.run, found.ref),
        "contest": found,
        "case": casetable.rows(request.actor, row, [case])[0] if row and case else None,
    }
    form = forms.RulingForm(request.POST or None)
    return verb_page(
        request, form, verb=verb, to=back, told=_("Ruled."), context=context, template="assessments/rule_contest.html"
    )


@staff_page
@form_methods
def assess(request: HttpRequest, month: str) -> HttpResponse:
    if not can(request.actor, "assess", Run):
        raise PermissionDenied
    periods.parse(month)
    return verb_page(
        request,
        forms.PlainForm(request.POST if request.method == "POST" else None),
        verb=lambda data: services.assess(month=month, now=clock.now(), actor=request.actor),
        to=ranking.address,
        told=_("Computed."),
        context={
            "title": _("Compute the draft of %(month)s") % {"month": month},
            "lede": _("The cases are frozen anew. If they changed, the units have three new working days to contest."),
            "submit": _("Compute"),
            "cancel": reverse("assessments:months"),
        },
    )


@staff_page
@form_methods
def propose_publication(request: HttpRequest, month: str) -> HttpResponse:
    return _sign(
        request,
        month,
        verb=services.propose_publication,
        name="propose_publication",
        title=_("Propose the publication of %(month)s"),
        lede=_("The first of two signatures. It holds for the figures as they stand now."),
        submit=_("Propose publication"),
        told=_("Proposed. Another person publishes."),
    )


@staff_page
@form_methods
def publish(request: HttpRequest, month: str) -> HttpResponse:
    return _sign(
        request,
        month,
        verb=services.publish,
        name="publish",
        title=_("Publish %(month)s"),
        lede=_("The second signature. The month is frozen, red cards are given, bulletin and notices are made."),
        submit=_("Publish"),
        told=_("Published. The papers are being made."),
    )


def _sign(
    request: HttpRequest, month: str, *, verb: Any, name: str, title: str, lede: str, submit: str, told: str
) -> HttpResponse:
    run = _draft(request, month)
    if not can(request.actor, name, run):
        raise PermissionDenied
    form = forms.SignatureForm(
        request.POST if request.method == "POST" else None, initial={"data_sha256": run.data_sha256}
    )
    return verb_page(
        request,
        form,
        verb=lambda data: verb(run_id=run.pk, actor=request.actor, data_sha256=data["data_sha256"], now=clock.now()),
        to=ranking.address,
        told=told,
        context={
            "title": title % {"month": ranking.month_label(run)},
            "lede": lede,
            "submit": submit,
            "cancel": ranking.address(run),
            "crumbs": _crumbs(run, submit),
            "cards": [
                {"unit": row.unit_name, "group": row.get_group_display(), "url": ranking.why_url(run, row)}
                for row in run.results.filter(red_card=True).select_related("unit").in_order()
            ],
            "digest": run.data_sha256,
            "groups": ranking.groups(request.actor, run),
            "sums": _(
                "Due in the month: %(due)d; in time %(on_time)d, done late %(late_done)d, still open %(late_open)d."
            )
            % papers.totals(run),
        },
        template="assessments/sign.html",
    )


@staff_page
@form_methods
def retract(request: HttpRequest, month: str) -> HttpResponse:
    run = _draft(request, month)
    if not can(request.actor, "retract", run):
        raise PermissionDenied
    return verb_page(
        request,
        forms.PlainForm(request.POST if request.method == "POST" else None),
        verb=lambda data: services.retract(run_id=run.pk, actor=request.actor, now=clock.now()),
        to=ranking.address,
        told=_("The month is a draft again."),
        context={
            "title": _("Back to draft: %(month)s") % {"month": ranking.month_label(run)},
            "lede": _("Takes the first signature back."),
            "submit": _("Back to draft"),
            "cancel": ranking.address(run),
            "crumbs": _crumbs(run, _("Back to draft")),
        },
    )


@staff_page
@form_methods
def correct(request: HttpRequest, month: str) -> HttpResponse:
    run = finding.run(request.actor, month)
    if not can(request.actor, "correct", Run):
        raise PermissionDenied
    return verb_page(
        request,
        forms.ReasonForm(request.POST or None),
        verb=lambda data: services.correct(month=month, reason=data["reason"], now=clock.now(), actor=request.actor),
        to=ranking.address,
        told=_("A new version is open as a draft. The published one counts until it is published."),
        context={
            "title": _("Correct %(month)s") % {"month": ranking.month_label(run)},
            "lede": _("Makes a new version with its reason; two persons publish it. The present one stays readable."),
            "submit": _("Open a new version"),
            "cancel": ranking.address(run),
            "crumbs": _crumbs(run, _("Correct it")),
        },
    )


@staff_page
@form_methods
def repair_card(request: HttpRequest, pk: int) -> HttpResponse:
    card = (
        Card.objects.select_related("run", "unit").filter(pk=pk, run__in=Run.objects.visible_to(request.actor)).first()
    )
    if card is None:
        raise NotVisible
    if not can(request.actor, "repair_card", card):
        raise PermissionDenied
    row = Result.objects.select_related("unit", "run").get(run=card.run, unit=card.unit, group=card.group)
    back = ranking.why_url(card.run, row)
    return verb_page(
        request,
        forms.RepairForm(request.POST or None),
        verb=lambda data: services.repair_card(card_id=pk, actor=request.actor, note=data["note"], now=clock.now()),
        to=back,
        told=_("The red card is shown as repaired."),
        context={
            "title": _("Mark the red card of %(unit)s as repaired") % {"unit": row.unit_name},
            "lede": _("It stays in the ranking and is shown as repaired."),
            "submit": _("Mark as repaired"),
            "cancel": back,
            "crumbs": [*why.crumbs(row, "")[:3], {"label": row.unit_name, "url": back}],
        },
    )


def _draft(request: HttpRequest, month: str) -> Run:
    """The run of the month that is being made."""
    found = Run.objects.visible_to(request.actor).filter(month=month, state__in=["draft", "proposed"]).first()
    if found is None:
        raise NotVisible
    return found


def _crumbs(run: Run, here: str) -> list[dict[str, str]]:
    return [
        {"label": _("Monthly ranking"), "url": reverse("assessments:months")},
        {"label": ranking.month_label(run), "url": ranking.address(run)},
        {"label": here, "url": ""},
    ]
