"""An issue submitted by staff for an enterprise, or by an account of an enterprise or observer."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import landing
from accounts.roles import Role
from common.errors import ValidationError
from common.render import render_form, render_page
from issues import casefile, policy
from issues.deskforms import SubmitForm
from issues.services.files import submit_with_files
from issues.states import Channel


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    if not policy.may_submit(actor):
        raise PermissionDenied
    own = not landing.is_staff(actor)
    channel = Channel.OBSERVER if actor.has(Role.OBSERVER) else Channel.WEB_FORM
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SubmitForm(*data, actor=actor, own=own, channel=channel)
    if request.method == "POST" and form.is_valid():
        try:
            issue = submit_with_files(actor=actor, files=form.cleaned_data["files"], **form.verb_fields())
        except ValidationError as wrong:
            form.take_errors(wrong.message_dict)
        else:
            return redirect("issues:submitted", number=issue.number)
    back = reverse("issues:inbox" if own else "issues:list")
    title = _("Submit an issue") if own else _("Submit for an enterprise")
    crumbs = [{"label": _("My issues") if own else _("Issues"), "url": back}, {"label": title}]
    return render_form(
        request, "issues/new.html", {"title": title, "cancel": back, "crumbs": crumbs, "own": own}, form=form
    )


@login_required
@require_safe
def submitted(request: HttpRequest, number: str) -> HttpResponse:
    """The number; the tracking code went to the contact alone and is shown to nobody here."""
    issue = casefile.find(request.actor, number)
    mail = bool(issue.body.contact_email)
    return render_page(request, "issues/submitted.html", {"issue": issue, "mail": mail, "on_behalf": issue.on_behalf})
