"""One page for every action: GET shows its form, POST calls its verb. A conflict keeps what was typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import Conflict, ValidationError
from common.render import render_form, render_page
from issues import casefile, policy
from issues.forms import FORMS, ActionForm
from issues.models import Issue
from issues.pages import actpages, conflicts
from issues.services import ACTIONS
from issues.services.files import with_files
from issues.services.handle import unfinished
from issues.services.step import stale, wrong_state
from issues.states import FROM, Action

TEMPLATE = "issues/act.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    if action not in ACTIONS:
        raise Http404
    issue = casefile.find(request.actor, number)
    if request.method != "POST":
        _may(request, issue, action)
        form = FORMS[action](issue=issue, actor=request.actor, initial=actpages.initial(request, action))
        return _page(request, issue, action, form)
    form = FORMS[action](request.POST, request.FILES, issue=issue, actor=request.actor)
    try:
        return _do(request, issue, action, form)
    except Conflict as conflict:
        return _conflict(request, number, action, conflict)


def _may(request: HttpRequest, issue: Issue, action: str) -> None:
    """The form is offered only to whom the verb would not refuse: no right 403, not now 409."""
    if policy.right(request.actor, action, issue) is None:
        raise PermissionDenied
    if not policy.can(request.actor, action, issue):
        possible = action == Action.PROPOSE and issue.state in FROM[action]
        raise wrong_state(issue, unfinished(issue) if possible else "")


def _do(request: HttpRequest, issue: Issue, action: str, form: ActionForm) -> HttpResponse:
    if not form.is_valid():
        _order_of_checks(request, issue, action, form)
        return _page(request, issue, action, form)
    verb, _fields = ACTIONS[action]
    try:
        with_files(
            verb,
            issue_id=issue.pk,
            actor=request.actor,
            action=action,
            files=form.cleaned_data.get("files") or [],
            files_public=bool(form.cleaned_data.get("public")),
            version=form.cleaned_data.get("version"),
            **form.verb_fields(),
        )
    except ValidationError as wrong:
        form.take_errors(wrong.message_dict if hasattr(wrong, "error_dict") else {"": wrong.messages})
        return _page(request, issue, action, form)
    flash.success(request, _("Done: %(action)s.") % {"action": Action(action).label})
    # From triage the next one in the queue comes up.
    return redirect("issues:triage") if request.GET.get("next") == "triage" else redirect("issues:page", issue.number)


def _order_of_checks(request: HttpRequest, issue: Issue, action: str, form: ActionForm) -> None:
    """A mistake in the form is told last: a stale version or a wrong state comes first, as in the verbs."""
    version = form.cleaned_data.get("version")
    if version is not None and version != issue.version:
        raise stale(issue)
    _may(request, issue, action)


def _page(request: HttpRequest, issue: Issue, action: str, form: ActionForm) -> HttpResponse:
    context = actpages.context(request.actor, issue, action, clock.now())
    return render_form(request, TEMPLATE, context, form=form)


def _conflict(request: HttpRequest, number: str, action: str, conflict: Conflict) -> HttpResponse:
    """409: who did what when, before and now, the words kept in the form with the version of now."""
    issue = casefile.find(request.actor, number)
    form, submit = conflicts.kept_form(request, issue, action, conflict)
    context: dict[str, Any] = {
        **actpages.context(request.actor, issue, action, clock.now()),
        "conflict": conflicts.told(request, issue, conflict),
        "form": form,
        "submit": submit,
        "discard_url": reverse("issues:page", args=[issue.number]),
    }
    return render_page(request, "issues/conflict.html", context, status=409)
