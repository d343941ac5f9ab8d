"""反映问题: the form for everybody, and the page with number and code that follows it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import landing
from accounts.actors import Actor
from accounts.roles import Role
from common import fmt, idempotency
from common.errors import Conflict, ValidationError
from common.render import render_page
from documents.services.attach import Prepared
from issues import limits
from issues.models import Issue
from issues.public import keeping, opened, promises
from issues.public.forms import SubmitForm, new_key
from issues.services import tracking_code
from issues.services.files import submit_with_files
from issues.states import Channel, IssueKind

TEMPLATE = "issues/public/submit.html"
OWNER = idempotency.digest("public form")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    if request.actor.is_authenticated and landing.is_staff(request.actor):
        return redirect("issues:new")  # in their own name or on behalf: the page that says so
    if request.method != "POST":
        return _page(request, SubmitForm(initial=_initial(request)))
    form = SubmitForm(request.POST, request.FILES)
    if not request.actor.is_authenticated and (wait := limits.submission(request.actor.address)):
        return _wait(request, form, wait)
    sound = form.is_valid()
    key = form.cleaned_data.get("key") or new_key()
    files = _files(request, form, key)
    if not sound or form.errors:
        return _page(request, form, files=files)
    try:
        issue_id = _once(request, form, key, files)
    except ValidationError as wrong:
        form.take(wrong)
        return _page(request, form, files=files)
    except Conflict as conflict:
        return _sent_before(request, form, files, conflict)
    opened.remember(request, issue_id)
    opened.hand_receipt(request, issue_id)
    return redirect("public:done")


def _once(request: HttpRequest, form: SubmitForm, key: str, files: list[Prepared]) -> int:
    """The same form sent again gives the same issue; a new one cannot come of it."""
    fields = form.fields_of_verb() | {"channel": _channel(request)}
    body = idempotency.digest(json.dumps([fields, [(file.name, file.sha256) for file in files]], sort_keys=True))

    def act() -> tuple[int, Any]:
        issue = submit_with_files(actor=request.actor, files=files, **fields)
        return 201, {"issue": issue.pk}

    return int(idempotency.once(owner=OWNER, key=key, body=body, act=act).data["issue"])


def _channel(request: HttpRequest) -> str:
    if request.actor.has(Role.OBSERVER):
        return Channel.OBSERVER
    return Channel.QR_CARD if request.GET.get("from") == "qr" else Channel.WEB_FORM


def _initial(request: HttpRequest) -> dict[str, str]:
    """A signed-in enterprise needn't type who it is; a link may say that it is about a complaint."""
    initial = {"key": new_key()}
    if request.GET.get("kind") == IssueKind.COMPLAINT:
        initial["kind"] = IssueKind.COMPLAINT.value
    if user := request.actor.user:
        initial |= {"name": user.name, "phone": user.phone, "email": user.email}
    return initial


def _files(request: HttpRequest, form: SubmitForm, key: str) -> list[Prepared]:
    """Those kept from the try before, without the ones dropped, and those that came now; mistakes go to the field."""
    drop = set(request.POST.getlist("drop"))
    kept = [file for file in keeping.read(form.data.get("kept", ""), key) if file.sha256 not in drop]
    sent = request.FILES.getlist("files")
    if len(kept) + len(sent) > keeping.MOST:
        form.add_error("files", _("At most %(n)d files.") % {"n": keeping.MOST})
        return kept
    sound, mistakes = keeping.prepare_all(sent)
    for mistake in mistakes:
        form.add_error("files", mistake)
    return kept + sound


def _page(
    request: HttpRequest,
    form: SubmitForm,
    *,
    files: list[Prepared] | None = None,
    notice: dict[str, str] | None = None,
    status: int = 0,
) -> HttpResponse:
    key = form.cleaned_data.get("key") if form.is_bound else form.initial["key"]
    key = key or new_key()
    context = {
        "form": form,
        "key": key,
        "kept": keeping.sign(files or [], key),
        "kept_files": [
            {"name": file.name, "size": fmt.file_size(file.size), "sha256": file.sha256} for file in files or []
        ],
        "notice": notice,
        "complaint": form.complaint,
        "promises": promises.of_complaints() if form.complaint else promises.three(),
        "enterprise": request.actor.is_authenticated and request.actor.has(Role.ENTERPRISE),
    }
    return render_page(request, TEMPLATE, context, status=status or (422 if form.errors else 200))


def _wait(request: HttpRequest, form: SubmitForm, seconds: int) -> HttpResponse:
    """Too many from this address: what was typed stays, and can be sent again in a while."""
    form.is_valid()
    form.errors.clear()
    minutes = -(-seconds // 60)
    notice = {
        "title": _("Too many submissions from your network"),
        "text": _("Please wait %(n)d min and press the button again. What you typed is still here.") % {"n": minutes},
    }
    files = keeping.read(form.data.get("kept", ""), form.cleaned_data.get("key") or "")
    response = _page(request, form, files=files, notice=notice, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _sent_before(request: HttpRequest, form: SubmitForm, files: list[Prepared], conflict: Conflict) -> HttpResponse:
    """This form was sent already and now says something else: nothing is done until the person says so again."""
    if conflict.code != "key_reused":
        raise conflict
    form.cleaned_data["key"] = new_key()
    notice = {
        "title": _("You have sent this form already"),
        "text": _("What you sent first was received. If this is another matter, press the button once more."),
    }
    return _page(request, form, files=files, notice=notice, status=409)


@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Number and code, for half an hour in this browser alone."""
    mine = Actor(submitter_of=opened.receipt(request))
    issue = Issue.objects.visible_to(mine).select_related("body").first()
    if issue is None:
        return redirect("public:track")
    code = tracking_code(issue)
    context = {
        "issue": issue,
        "code": {"first": code[: len(code) // 2 + 1], "second": code[len(code) // 2 + 1 :]},  # a line each on a phone
        "email": bool(issue.body.contact_email),
        "complaint": issue.kind == IssueKind.COMPLAINT,
        "promises": promises.of_this(issue),
        "progress_url": reverse("public:issue", args=[issue.number]),
        "minutes": opened.MINUTES,
    }
    return render_page(request, "issues/public/done.html", context)
