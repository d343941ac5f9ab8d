"""查进度: number and code open the own issue for half an hour; then it can be followed, supplemented, withdrawn, rated
and reopened. The code is never in an address."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import Actor
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from common.http import client_address, request_id
from common.render import render_form, render_page
from documents import serving
from documents.models import Attachment
from issues import limits, policy
from issues.models import Issue
from issues.public import course, opened, promise, steps, talk, wording
from issues.public.forms import FORMS, OpenForm, PublicForm, fold
from issues.services import ACTIONS, codes
from issues.services.files import add_file, may_add_file, with_files

FILES = "files"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """``?number=`` fills in the number, as the links of our letters do."""
    if request.method != "POST":
        return _form(request, OpenForm(initial={"number": request.GET.get("number", "")[:64]}))
    form = OpenForm(request.POST)
    address = client_address(request)
    if wait := limits.guessing(address):
        return _too_many(request, form, wait)
    if not form.is_valid():
        return _form(request, form)
    issue = _by_code(form.cleaned_data["number"], form.cleaned_data["code"])
    if issue is None:
        if wait := limits.wrong_code(address):
            return _too_many(request, form, wait)
        form.add_error(None, _("Number and code do not belong together. Please compare both with what you noted."))
        return _form(request, form)
    opened.remember(request, issue.pk)
    return redirect("public:issue", number=issue.number)


def _by_code(number: str, code: str) -> Issue | None:
    """The issue that the code opens, if it has this number: whoever errs learns not in which of the two."""
    issue = Issue.objects.visible_to(Actor(submitter_of=codes.find(code))).first()
    return issue if issue is not None and fold(issue.number) == number else None


def _form(request: HttpRequest, form: OpenForm) -> HttpResponse:
    return render_form(request, "issues/public/enter.html", {}, form=form)


def _too_many(request: HttpRequest, form: OpenForm, seconds: int) -> HttpResponse:
    form.is_valid()
    form.errors.clear()
    context = {"form": form, "minutes": -(-seconds // 60)}
    response = render_page(request, "issues/public/enter.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _mine(request: HttpRequest, number: str) -> tuple[Actor, Issue] | None:
    """The own issue and as whom one acts: by the code shown here, or by the own account."""
    found = Issue.objects.filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        return None
    actor = request.actor
    if opened.is_open(request, found):
        # Only the submitter's rights, whatever posts the person holds; who is signed in stays on the record.
        actor = Actor(
            user=actor.user, submitter_of=found, address=client_address(request), request_id=request_id(request)
        )
    issue = Issue.objects.visible_to(actor).for_detail().filter(pk=found).first()
    return (actor, issue) if issue is not None and policy.party(actor, "submitter", issue) else None


@never_cache
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    mine = _mine(request, number)
    if mine is None:
        return redirect(reverse("public:track", query={"number": number}))
    return render_page(request, "issues/public/issue.html", _context(*mine))


def _context(actor: Actor, issue: Issue) -> dict[str, Any]:
    read, now = course.read(actor, issue), clock.now()
    return {
        "issue": issue,
        "text": issue.body.text,
        "promise": promise.words(read, now),
        "steps": steps.rows(read),
        "answer": talk.answer(read),
        "said": talk.said(read),
        "facts": talk.whom_to_ask(read),
        "files": talk.files(read),
        "acts": wording.acts(read.allowed, issue, may_add=may_add_file(actor, issue)),
        "by_code": actor.submitter_of == issue.pk,
        "minutes": opened.MINUTES,
    }


@never_cache
@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    """For who sits at somebody else's computer."""
    found = Issue.objects.filter(number=number).values_list("pk", flat=True).first()
    if found is not None:
        opened.forget(request, found)
    flash.success(request, _("This page is closed. Number and code open it again."))
    return redirect("public:track")


@require_safe
def file(request: HttpRequest, number: str, pk: int, name: str) -> FileResponse:
    """A file of the own issue: the own ones and those that the unit shared."""
    mine = _mine(request, number)
    found = Attachment.objects.filter(pk=pk, subject_kind=course.SUBJECT).filter(policy.own_files()).first()
    if mine is None or found is None or found.subject_id != mine[1].pk:
        raise NotVisible
    return serving.attachment(found, mine[0])


# --- acts ------------------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    if action not in FORMS:
        raise Http404
    mine = _mine(request, number)
    if mine is None:
        return _expired(request, number)
    actor, issue = mine
    form = FORMS[action](request.POST, request.FILES) if request.method == "POST" else FORMS[action]()
    if action in policy.PARTIES and policy.right(actor, action, issue) is None:
        raise PermissionDenied(policy.refusal(actor, action, issue))
    if not _fits(actor, issue, action):
        return _conflict(request, issue, form)
    if not form.is_bound or not form.is_valid():
        return act_page(request, actor, issue, action, form)
    try:
        do(actor, issue, action, form)
    except ValidationError as wrong:
        form.take(wrong)
        return act_page(request, actor, issue, action, form)
    except Conflict:
        return _conflict(request, issue, form)
    flash.success(request, wording.DONE[action])
    return redirect("public:issue", number=issue.number)


def _fits(actor: Actor, issue: Issue, action: str) -> bool:
    return may_add_file(actor, issue) if action == FILES else policy.can(actor, action, issue)


@transaction.atomic
def do(actor: Actor, issue: Issue, action: str, form: PublicForm) -> None:
    if action == FILES:
        for one in form.cleaned_data["files"]:
            add_file(issue_id=issue.pk, actor=actor, file=one)
        return
    fields = {name: value for name, value in form.cleaned_data.items() if name != "files"}
    verb, _fields = ACTIONS[action]
    files = form.cleaned_data.get("files") or []
    with_files(verb, issue_id=issue.pk, actor=actor, action=action, files=files, **fields)


def act_page(request: HttpRequest, actor: Actor, issue: Issue, action: str, form: PublicForm) -> HttpResponse:
    read = course.read(actor, issue)
    context = {
        "issue": issue,
        "page": wording.page(action, issue),
        "answer": talk.answer(read) if action == "rate" else None,
        "asked": promise.words(read, clock.now())["more"] if action == "supplement" else "",
        "back": reverse("public:issue", args=[issue.number]),
    }
    return render_form(request, "issues/public/act.html", context, form=form)


def _conflict(request: HttpRequest, issue: Issue, form: PublicForm) -> HttpResponse:
    """It has moved on: what was typed is shown, so that it can be taken along."""
    issue.refresh_from_db()
    context = {
        "issue": issue,
        "typed": typed(form),
        "back": reverse("public:issue", args=[issue.number]),
        "state": issue.get_state_display(),
    }
    return render_page(request, "issues/public/conflict.html", context, status=409)


def _expired(request: HttpRequest, number: str) -> HttpResponse:
    """Half an hour is over: a look goes to the form with the number, what was typed is kept on the page."""
    if request.method != "POST":
        return redirect(reverse("public:track", query={"number": number}))
    context = {
        "form": OpenForm(initial={"number": number}),
        "typed": request.POST.get("text") or request.POST.get("reason"),
    }
    return render_page(request, "issues/public/expired.html", context, status=403)


def typed(form: PublicForm) -> str:
    return "\n".join(form.data[name] for name in ("text", "reason") if form.is_bound and form.data.get(name))
