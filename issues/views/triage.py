"""The coordinator's desk for new issues: oldest first, one at a time with all that is needed to give it on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import role_page
from accounts.models import Unit
from common import clock
from common.errors import PermissionDenied, ValidationError
from common.render import render_form, render_page
from issues import casefile, policy, todos
from issues.deskforms import IdentifyForm
from issues.forms import AssignForm
from issues.models import Issue
from issues.pages import triageparts
from issues.services import identify as identify_issue


@role_page(*todos.DESKS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """``?number=`` shows that one of the queue, else the oldest."""
    queue = triageparts.queue(request.actor)
    issue = triageparts.chosen(queue, request.GET.get("number", ""))
    context: dict[str, Any] = {"queue": triageparts.queue_rows(queue, issue, clock.now()), "issue": issue}
    if issue:
        context |= triageparts.parts(request.actor, issue, clock.now())
        context["form"] = AssignForm(issue=issue, actor=request.actor)
        context["identify"] = identify_form(request, issue)
    return render_page(request, "issues/triage.html", context)


@role_page(*todos.DESKS)
@require_http_methods(["GET", "HEAD", "POST"])
def identify(request: HttpRequest, number: str) -> HttpResponse:
    """Whose issue it is, confirmed by the desk."""
    issue = casefile.find(request.actor, number)
    if policy.party(request.actor, "desk", issue) is None:
        raise PermissionDenied(_("Your post may not do this here."))
    form = identify_form(request, issue)
    if request.method == "POST" and form.is_valid():
        try:
            fields = triageparts.identified(request.actor, form)
            identify_issue(issue_id=issue.pk, actor=request.actor, **fields)
        except ValidationError as wrong:
            for name, texts in wrong.message_dict.items():
                form.add_error(name if name in form.fields else None, texts)
        else:
            flash.success(request, _("Recorded whose issue it is."))
            return redirect(
                f"{reverse('issues:triage')}?number={issue.number}"
                if issue.state == "submitted"
                else reverse("issues:page", args=[issue.number])
            )
    context = {
        "issue": issue,
        "claim": issue.body.enterprise_claim,
        "title": _("Whose issue is it?"),
        "cancel": reverse("issues:page", args=[issue.number]),
        "crumbs": [
            {"label": _("Triage"), "url": reverse("issues:triage")},
            {"label": issue.number},
        ],
    }
    return render_form(request, "issues/identify.html", context, form=form)


def identify_form(request: HttpRequest, issue: Issue) -> IdentifyForm:
    data = request.POST if request.method == "POST" else None
    towns = list(Unit.objects.living().filter(kind__in=["town", "park"]).order_by("pinyin"))
    return IdentifyForm(data, issue=issue, candidates=triageparts.candidates(request.actor, issue), towns=towns)
