"""Decisions (议定事项): the open ones by due date, and the feedback on one."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import policy as engine
from accounts.decorators import staff_page
from common import clock
from common.errors import NotVisible, PermissionDenied, ValidationError
from common.pages import keyset, pager
from common.render import render_form, render_page
from issues.forms import DecisionFeedbackForm
from issues.models import Decision
from issues.pages import decisionrows
from issues.services import feed_back_decision

PAGE = 50


@staff_page
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Open ones by due date; ``?show=done`` has the done ones, newest first."""
    done = request.GET.get("show") == "done"
    rows = decisionrows.rows(request.actor, done=done)
    order = ["-done_at", "-id"] if done else ["due_on", "id"]
    page = keyset(rows, order, request.GET.get("cursor"), PAGE)
    context = {
        "rows": decisionrows.flat(request.actor, page.rows, clock.now()),
        "tabs": decisionrows.tabs(done),
        "pager": pager(request, page) if page.next or page.previous else None,
        "done": done,
    }
    return render_page(request, "issues/decisions.html", context)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    decision = Decision.objects.visible_to(request.actor).select_related("issue", "unit").filter(pk=pk).first()
    if decision is None or decision.issue is None:
        raise NotVisible
    if decision.unit_id not in engine.subtree_of(request.actor):
        raise PermissionDenied
    form = DecisionFeedbackForm(request.POST if request.method == "POST" else None, auto_id="f-%s")
    if request.method == "POST" and form.is_valid():
        try:
            feed_back_decision(decision_id=pk, actor=request.actor, **form.cleaned_data)
        except ValidationError as wrong:
            for name, texts in wrong.message_dict.items():
                form.add_error(name if name in form.fields else None, texts)
        else:
            flash.success(request, _("Your feedback is recorded."))
            return redirect(decisionrows.back(request.actor, decision))
    return render_form(request, "issues/decision.html", decisionrows.page(request.actor, decision), form=form)
