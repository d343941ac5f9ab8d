"""The issue page, its contact and its files."""

from __future__ import annotations

import re

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import staff_page
from common import clock
from common.errors import NotVisible, PermissionDenied, ValidationError
from common.render import render_page
from issues import casefile, clockviews, policy, reading
from issues.pages import pageparts
from issues.services.files import add_file

SEQ = re.compile(r"[0-9]{1,9}")


@login_required
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """``?before=N`` shows the events older than the N-th."""
    before = request.GET.get("before", "")
    case = casefile.load(request.actor, number, before=int(before) if SEQ.fullmatch(before) else None)
    reading.note_commercial(request.actor, [case.issue])
    return render_page(request, "issues/page.html", pageparts.context(case, clock.now()))


@staff_page
@require_safe
def certificate(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One deadline with every day of it, to be printed."""
    case = casefile.load(request.actor, number)
    found = next((one for one in case.clocks if one.pk == pk), None)
    if found is None or not case.fields.staff:
        raise NotVisible
    return render_page(request, "deadlines/certificate.html", clockviews.page(case, found, clock.now()))


@login_required
@require_POST
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Shows the contact's phone, and says so in the audit trail."""
    case = casefile.load(request.actor, number)
    if not case.fields.contact:
        raise PermissionDenied
    reading.note_contact(request.actor, case.issue)
    reading.note_commercial(request.actor, [case.issue])
    context = pageparts.context(case, clock.now(), contact_open=True)
    return render_page(request, "issues/page.html", context)


@login_required
@require_POST
def upload(request: HttpRequest, number: str) -> HttpResponse:
    issue = casefile.find(request.actor, number)
    public = request.POST.get("public") == "on" or not policy.fields(request.actor, issue).staff
    try:
        for file in request.FILES.getlist("file"):
            add_file(issue_id=issue.pk, actor=request.actor, file=file, public=public)
        if request.FILES.getlist("file"):
            flash.success(request, _("The file is attached."))
        else:
            flash.warning(request, _("Please choose a file first."))
    except ValidationError as wrong:
        flash.error(request, " ".join(wrong.messages))
    return redirect("issues:page", number=issue.number)
