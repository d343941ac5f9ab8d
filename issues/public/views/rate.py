"""The one-tap link of an invitation. Looking at it does nothing, as mail and chat scanners look too; only the button
rates. The link opens this page alone, not the issue."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actors import Actor
from common import clock
from common.errors import Conflict, PermissionDenied, ValidationError
from common.http import client_address, request_id
from common.render import render_form, render_page
from common.views import too_many
from issues import limits, policy
from issues.models import Issue
from issues.public import course, promise, talk, wording
from issues.public.forms import RateForm
from issues.public.steps import rated_words
from issues.services import codes, rate

TEMPLATE = "issues/public/rate.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, number: str, code: str) -> HttpResponse:
    address = client_address(request)
    if wait := limits.guessing(address):
        return too_many(request, wait)
    found = codes.find_rating(number, code)
    if found is None:
        limits.wrong_code(address)
        return render_page(request, "issues/public/old_link.html", {"number": number}, status=404)
    actor = Actor(user=request.actor.user, submitter_of=found, address=address, request_id=request_id(request))
    issue = Issue.objects.visible_to(actor).for_detail().get(pk=found)
    form = RateForm(request.POST) if request.method == "POST" else RateForm()
    if policy.right(actor, "rate", issue) is None:
        raise PermissionDenied(policy.refusal(actor, "rate", issue))
    if not policy.can(actor, "rate", issue):
        return _over(request, actor, issue, form)
    if not form.is_bound or not form.is_valid():
        return _page(request, actor, issue, form)
    try:
        rate(issue_id=found, actor=actor, **form.cleaned_data)
    except ValidationError as wrong:
        form.take(wrong)
        return _page(request, actor, issue, form)
    except Conflict:
        issue.refresh_from_db()
        return _over(request, actor, issue, form)
    flash.success(request, wording.DONE["rate"])
    return redirect("public:rate", number=number, code=code)


def _page(request: HttpRequest, actor: Actor, issue: Issue, form: RateForm) -> HttpResponse:
    context = {"issue": issue, "page": wording.page("rate", issue), "answer": talk.answer(course.read(actor, issue))}
    return render_form(request, TEMPLATE, context, form=form)


def _over(request: HttpRequest, actor: Actor, issue: Issue, form: RateForm) -> HttpResponse:
    """Rated already, too late, or taken up again: how it stands. A second try is a conflict and loses no words."""
    rated = bool(issue.solved and issue.satisfaction)
    context: dict[str, Any] = {
        "issue": issue,
        "title": _("Thank you, your word is recorded") if rated else _("There is nothing to rate at present"),
        "rated": rated_words(issue) if rated else "",
        "promise": promise.words(course.read(actor, issue), clock.now()),
        "typed": (form.data.get("text") or "") if form.is_bound else "",
    }
    return render_page(request, "issues/public/rated.html", context, status=409 if form.is_bound else 200)
