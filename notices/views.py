"""The inbox of messages and what comes by mail. Opening a message is a plain link: only a button marks it as read."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import staff_page
from common import fmt
from common.pages import count_to, keyset, pager
from common.render import render_form, render_page
from notices import services
from notices.forms import SettingsForm
from notices.messages import sentence
from notices.models import Channel, Notice

PAGE = 50
NUMBER = re.compile(r"[0-9]{1,18}")
ALL = "all"


@staff_page
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Unread ones first; ``?show=all`` has the read ones too."""
    mine = Notice.objects.visible_to(request.actor)
    unread, more = count_to(mine.unread())
    everything = request.GET.get("show") == ALL
    page = keyset(mine if everything else mine.unread(), ["-id"], request.GET.get("cursor"), PAGE)
    context = {
        "rows": [_row(notice) for notice in page.rows],
        "pager": pager(request, page) if page.next or page.previous else None,
        "tabs": _tabs(everything, fmt.count(unread, more=more)),
        "everything": everything,
        "newest": page.rows[0].pk if page.rows else None,
        "unread": unread,
        "query": request.GET.urlencode(),
    }
    return render_page(request, "notices/list.html", context)


@staff_page
@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """One message, by the button of its row."""
    notice_id = _number(request.POST.get("notice", ""))
    if notice_id is None:
        return HttpResponseBadRequest()
    services.mark_read(actor=request.actor, notice_ids=[notice_id])
    return _back(request)


@staff_page
@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """All up to the newest that the page showed."""
    newest = _number(request.POST.get("up_to", ""))
    if newest is None:
        return HttpResponseBadRequest()
    count = services.mark_all_read(actor=request.actor, up_to=newest)
    flash.success(request, _("%(count)d messages are marked as read.") % {"count": count})
    return _back(request)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, initial=SettingsForm.chosen(request.user.pk))
    if request.method == "POST" and form.is_valid():
        services.choose(
            actor=request.actor,
            channel=Channel.MAIL,
            kinds=form.cleaned_data["mail"],
            language=form.cleaned_data["language"],
        )
        flash.success(request, _("Your choice is saved."))
        return redirect("notices:settings")
    crumbs = [{"label": _("Messages"), "url": reverse("notices:list")}, {"label": _("What comes by e-mail")}]
    context = {"address": request.user.email, "crumbs": crumbs}
    return render_form(request, "notices/settings.html", context, form=form)


def _number(text: str) -> int | None:
    """A key as our own buttons send it; longer ones are no bigint."""
    return int(text) if NUMBER.fullmatch(text) else None


def _row(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.pk,
        "text": sentence(notice),
        "url": notice.path,
        "kind": str(notice.get_kind_display()),
        "due": fmt.md_hm(notice.due_at),
        "came": fmt.md_hm(notice.created_at),
        "unread": notice.read_at is None,
    }


def _tabs(everything: bool, unread: str) -> list[dict[str, Any]]:
    here = reverse("notices:list")
    return [
        {"label": _("Unread"), "url": here, "current": not everything, "count": unread},
        {"label": _("All"), "url": f"{here}?show={ALL}", "current": everything, "count": ""},
    ]


def _back(request: HttpRequest) -> HttpResponse:
    """To the page of the list from which the button came: its query stands in the address of the form."""
    query = request.GET.urlencode()
    return redirect(reverse("notices:list") + (f"?{query}" if query else ""))
