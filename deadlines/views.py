"""The working-day calendar for all staff; its drafts, their what-if and the time rules for the system administrator."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import staff_page
from accounts.policy import can
from common import clock, fmt
from common.errors import NotVisible
from common.forms import form_page
from common.render import render_page
from deadlines import calendar, pages
from deadlines.forms import DraftForm, RuleForm, rule_name
from deadlines.models import CalendarVersion, TimeRule
from deadlines.services import editions
from deadlines.services import rules as rule_services

FORM = ["GET", "HEAD", "POST"]


@staff_page
@require_safe
def show_calendar(request: HttpRequest) -> HttpResponse:
    """One year, day by day, with the editions so far."""
    table = calendar.current()
    year = _year(request.GET.get("year", ""), table)
    months = pages.months(table, year)
    context = {
        "year": year,
        "number": table.number,
        "working": sum(month["working"] for month in months),
        "months": months,
        "weekdays": pages.weekdays(),
        "special": pages.special_days(table, year),
        "provisional": year in table.provisional_years,
        "previous": year - 1 if year > table.first.year else None,
        "next": year + 1 if year < table.last.year else None,
        "editions": pages.editions(
            CalendarVersion.objects.visible_to(request.actor).select_related("created_by__user")[:10], table.version_id
        ),
        "may_propose": can(request.actor, "propose_calendar", CalendarVersion),
    }
    return render_page(request, "deadlines/calendar.html", context)


@staff_page
@require_http_methods(FORM)
def propose_calendar(request: HttpRequest) -> HttpResponse:
    """Enter the announcement of a year or single days: makes a draft and shows its what-if."""
    if not can(request.actor, "propose_calendar", CalendarVersion):
        raise PermissionDenied

    def verb(data: dict[str, Any]) -> CalendarVersion:
        return editions.propose_calendar(
            actor=request.actor,
            overrides=data["days"].overrides,
            dropped=data["days"].dropped,
            years=[data["year"]] if data["year"] else [],
            note=data["note"],
        )

    context = {
        "title": _("Change the working-day calendar"),
        "lede": _("First you see which open deadlines would move. Nothing changes before you confirm."),
        "submit": _("Show what would move"),
        "cancel": reverse("deadlines:calendar"),
    }
    form = DraftForm(request.POST or None)
    to = _what_if_url
    return form_page(
        request, form, verb=verb, to=to, told=_("The draft is saved. Nothing has changed yet."), context=context
    )


@staff_page
@require_safe
def what_if(request: HttpRequest, number: int) -> HttpResponse:
    """What a draft would move, and the button that applies it."""
    version = _draft(request, number)
    if version.state == CalendarVersion.State.APPLIED:
        return HttpResponseRedirect(reverse("deadlines:calendar"))
    before, after = calendar.current(), calendar.of(version.pk)
    entered = [editions.Override(*row) for row in version.overrides.values_list("day", "works", "label", "announced")]
    years = version.years.order_by("year").values_list("year", flat=True)
    context = {
        "version": version,
        "differences": pages.differences(before, after),
        "moves": pages.moves(editions.what_if(version)),
        "missing": [fmt.full_date(day) for year in years for day in editions.missing_statutory(entered, year)],
        "stale": version.number < before.number,
        "may_apply": can(request.actor, "apply_calendar", CalendarVersion),
    }
    return render_page(request, "deadlines/what_if.html", context)


@staff_page
@require_POST
def apply_calendar(request: HttpRequest, number: int) -> HttpResponse:
    """The confirmed act: the draft becomes the calendar, and the deadlines move."""
    moved = editions.apply_calendar(actor=request.actor, version_id=_draft(request, number).pk)
    flash.success(
        request,
        _("Edition %(number)d is in force. %(moved)d deadlines were moved and their holders told.")
        % {"number": number, "moved": moved},
    )
    return HttpResponseRedirect(reverse("deadlines:calendar"))


@staff_page
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The limits in force."""
    context = {
        "rules": pages.rules(TimeRule.objects.all()),
        "may_replace": can(request.actor, "replace_rule", TimeRule),
    }
    return render_page(request, "deadlines/rules.html", context)


@staff_page
@require_http_methods(FORM)
def replace_rule(request: HttpRequest, kind: str, case: str) -> HttpResponse:
    """A new version of one limit, for what starts from a day on."""
    if not can(request.actor, "replace_rule", TimeRule):
        raise PermissionDenied
    case = "" if case == "-" else case
    rule = TimeRule.objects.filter(kind=kind, case=case).order_by("-version").first()
    if rule is None:
        raise NotVisible

    def verb(data: dict[str, Any]) -> TimeRule:
        return rule_services.replace_rule(actor=request.actor, kind=kind, case=case, **data)

    initial = RuleForm.initial_of(rule) | {"valid_from": clock.today()}
    back = reverse("deadlines:rules")
    context = {"title": _("Limit: %(name)s") % {"name": rule_name(rule)}, "submit": _("Save"), "cancel": back}
    form = RuleForm(request.POST or None, initial=initial)
    return form_page(request, form, verb=verb, to=back, told=_("The new limit is saved."), context=context)


def _draft(request: HttpRequest, number: int) -> CalendarVersion:
    version = CalendarVersion.objects.visible_to(request.actor).filter(number=number).first()
    if version is None:
        raise NotVisible
    if not can(request.actor, "what_if", version):
        raise PermissionDenied
    return version


def _what_if_url(version: CalendarVersion) -> str:
    return reverse("deadlines:what_if", args=[version.number])


def _year(text: str, table: calendar.Calendar) -> int:
    """The year asked for, within the table; this year when none is."""
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else clock.today().year
    return min(max(year, table.first.year), table.last.year)
