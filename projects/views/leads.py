"""Leads: the list with where each stands, the section of one, its acts, and the library of planned projects."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Unit
from accounts.policy import can
from common import clock
from common.forms import FIRST_YEAR, LAST_YEAR, form_page
from common.pages import keyset, pager
from common.render import render_page
from documents import sheets
from projects import leadforms as forms
from projects import leadpage, sections, services
from projects.exports import overviews
from projects.filters import unit_choices
from projects.models import Lead, LibraryTarget, Project
from projects.views._act import FORM, act_page, demand, find_for, project_page

PAGE = 50
ORDER = ["-registered_at", "-id"]
CENT = Decimal("0.01")


@project_page
@require_safe
def leads(request: HttpRequest) -> HttpResponse:
    chosen = {
        name: request.GET.get(name, "").replace("\x00", "").strip() for name in ("q", "at", "unit", "year", "least")
    }
    found = _filtered(Lead.objects.visible_to(request.actor), chosen)
    detail = leadpage.with_standing(found).select_related("project__unit", "owner__user")
    if sheets.wanted(request):
        return sheets.answer(request, "leads", *overviews.leads(detail.order_by(*ORDER)))
    page = keyset(detail, ORDER, request.GET.get("cursor"), PAGE)
    context = {
        "export": sheets.address(request),
        "rows": leadpage.rows(page.rows),
        "chosen": chosen,
        "standings": leadpage.choices(),
        "units": unit_choices(),
        "pager": pager(request, page) if page.next or page.previous else None,
        "may_register": can(request.actor, "register_lead", Project),
    }
    return render_page(request, "projects/leads.html", context)


def _filtered(rows: Any, chosen: dict[str, str]) -> Any:
    """What makes no sense narrows nothing."""
    if words := chosen["q"][:40]:
        rows = rows.filter(project__in=Project.objects.matching(words))
    rows = leadpage.standing_at(rows, chosen["at"])
    if code := chosen["unit"]:
        rows = rows.filter(leadpage.brought_by(Unit.objects.filter(code=code).values("pk")[:1]))
    if (year := _year(chosen["year"])) is not None:
        rows = rows.filter(registered_at__year=year)
    if (least := _amount(chosen["least"])) is not None:
        rows = rows.filter(leadpage.enough(least))
    return rows


def _year(text: str) -> int | None:
    known = text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR
    return int(text) if known else None


def _amount(text: str) -> Decimal | None:
    try:
        value = Decimal(text[:16]).quantize(CENT) if text else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() and value > 0 else None


@project_page
@require_http_methods(FORM)
def register_lead(request: HttpRequest) -> HttpResponse:
    demand(request, "register_lead", Project)
    here, title = reverse("projects:leads"), _("New lead")
    return form_page(
        request,
        forms.LeadForm(request.POST or None, actor=request.actor, initial={"code": Project.objects.next_code()}),
        verb=lambda data: services.register_lead(actor=request.actor, **data),
        to=lambda lead: reverse("projects:lead", args=[lead.project.code]),
        told=_("The lead is registered; its evaluation is due within 7 working days."),
        context={
            "title": title,
            "submit": _("Register"),
            "cancel": here,
            "crumbs": [{"label": _("Leads"), "url": here}, {"label": title, "url": ""}],
        },
    )


@project_page
@require_safe
def lead(request: HttpRequest, code: str) -> HttpResponse:
    found = sections.find(request.actor, code, "lead")
    return sections.page(request, found, "lead", "projects/lead.html", leadpage.context(request.actor, found))


# Acts of a leader: what they are about stands above the field.
DECIDED_ON = ("answer_park", "give_opinion")


def _act(
    request: HttpRequest, code: str, action: str, form: Any, *, title: str, told: str, submit: str = "", **more: Any
) -> HttpResponse:
    """``form(project)`` makes the form, ``given`` turns what was typed into the fields of the verb."""
    found = find_for(request, code, action)
    bound = form(found)
    if action in DECIDED_ON:
        more["facts"] = leadpage.brief_facts(request.actor, found)
    given = more.pop("given", None) or (lambda data: data)
    return act_page(
        request,
        found,
        bound,
        verb=lambda data: getattr(services, action)(actor=request.actor, code=code, **given(data)),
        title=title,
        submit=submit or _("Save"),
        told=told,
        back=reverse("projects:lead", args=[code]),
        **more,
    )


@project_page
@require_http_methods(FORM)
def record_first_talk(request: HttpRequest, code: str) -> HttpResponse:
    form = lambda found: forms.FirstTalkForm(request.POST or None, initial=leadpage.known_first(found))  # noqa: E731
    title, told = _("First contact"), _("The first contact is recorded.")
    return _act(request, code, "record_first_talk", form, title=title, told=told)


@project_page
@require_http_methods(FORM)
def evaluate(request: HttpRequest, code: str) -> HttpResponse:
    form = forms.EvaluateForm(request.POST or None)
    return _act(
        request,
        code,
        "evaluate",
        lambda _found: form,
        given=lambda _data: form.values(),
        title=_("5+2 evaluation"),
        submit=_("Finish the evaluation"),
        told=_("The evaluation is finished."),
        lede=_("Five looks and two sums, each with a score from 0 to 10 and a reason. It is finished once."),
    )


@project_page
@require_http_methods(FORM)
def recommend_park(request: HttpRequest, code: str) -> HttpResponse:
    form = lambda _found: forms.ParkForm(request.POST or None)  # noqa: E731
    title, told = _("Recommend a park"), _("The leader is asked for consent.")
    return _act(request, code, "recommend_park", form, title=title, told=told, submit=_("Ask for consent"))


@project_page
@require_http_methods(FORM)
def answer_park(request: HttpRequest, code: str) -> HttpResponse:
    return _act(
        request,
        code,
        "answer_park",
        lambda _found: forms.AnswerForm(request.POST or None),
        given=lambda data: {**data, "consent": data["consent"] == "yes"},
        title=_("Answer about the park"),
        submit=_("Answer"),
        told=_("The answer is recorded."),
    )


@project_page
@require_http_methods(FORM)
def record_review(request: HttpRequest, code: str) -> HttpResponse:
    return _act(
        request,
        code,
        "record_review",
        lambda _found: forms.ReviewForm(request.POST or None, initial={"on": clock.today()}),
        given=lambda data: {**data, "passed": data["passed"] == "yes"},
        title=_("Joint pre-review"),
        told=_("The pre-review is recorded."),
        lede=_("One veto holds the signing; the last word of each side counts."),
    )


@project_page
@require_http_methods(FORM)
def record_decision(request: HttpRequest, code: str) -> HttpResponse:
    return _act(
        request,
        code,
        "record_decision",
        lambda _found: forms.DecisionForm(request.POST or None, initial={"on": clock.today()}),
        given=lambda data: {**data, "favourable": data["favourable"] == "yes"},
        title=_("Decision of a meeting"),
        told=_("The decision is recorded."),
    )


@project_page
@require_http_methods(FORM)
def issue_brief(request: HttpRequest, code: str) -> HttpResponse:
    form = lambda _found: forms.BriefForm(request.POST or None)  # noqa: E731
    return _act(request, code, "issue_brief", form, title=_("Issue the brief"), told=_("The brief is recorded."))


@project_page
@require_http_methods(FORM)
def give_opinion(request: HttpRequest, code: str) -> HttpResponse:
    form = lambda _found: forms.OpinionForm(request.POST or None)  # noqa: E731
    return _act(request, code, "give_opinion", form, title=_("Give an opinion"), told=_("Your opinion is recorded."))


@project_page
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    now = clock.today().year
    shown = _year(request.GET.get("year", "")) or now
    here = reverse("projects:library")
    targets = leadpage.targets(request.actor, shown)
    if sheets.wanted(request):
        return sheets.answer(request, "library", *overviews.library(shown, targets))
    context = {
        "export": sheets.address(request),
        "year": shown,
        "rows": [leadpage.target(*one) for one in targets],
        "tabs": [
            {"label": str(each), "url": f"{here}?year={each}", "current": each == shown}
            for each in sorted({now - 1, now, now + 1, shown})
        ],
        "may_target": leadpage.may_target(request.actor),
    }
    return render_page(request, "projects/library.html", context)


@project_page
@require_http_methods(FORM)
def set_target(request: HttpRequest) -> HttpResponse:
    demand(request, "set_target", LibraryTarget)
    here, title = reverse("projects:library"), _("Set a target")
    return form_page(
        request,
        forms.TargetForm(request.POST or None, initial={"year": clock.today().year}),
        verb=lambda data: services.set_target(actor=request.actor, **data),
        to=lambda row: f"{here}?year={row.year}",
        told=_("The target is set."),
        context={
            "title": title,
            "submit": _("Save"),
            "cancel": here,
            "crumbs": [{"label": _("Library of planned projects"), "url": here}, {"label": title, "url": ""}],
        },
    )
