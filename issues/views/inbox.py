"""The inbox: computed to-dos, what I did, what I filed. Enterprises and observers find their own issues here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import landing
from accounts.roles import Role
from common import clock, fmt
from common.pages import keyset, pager
from common.render import render_page
from deadlines import calendar
from issues import todos
from issues.models import Issue
from issues.pages import listrows, minerows, todowords
from projects import waiting

PAGE = 50
DONE, FILED = "done", "filed"


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    home = landing.home_of(request.actor)
    if not landing.is_staff(request.actor):
        return redirect(home) if home and request.actor.has(Role.ENTERPRISE) else mine(request)
    if home and home != request.path:  # who has no to-dos, at whatever address the sign-in led to
        return redirect(home)
    show = request.GET.get("show", "")
    if show == DONE:
        return done(request)
    if show == FILED:
        return filed(request)
    return todo(request, show if show in (todowords.LATE, todowords.TODAY, todowords.WEEK, todowords.LATER) else "")


def todo(request: HttpRequest, only: str) -> HttpResponse:
    now = clock.now()
    rows = todos.rows(request.actor, now)
    of_projects = waiting.rows(request.actor)
    groups = todowords.groups(request.actor, rows, now, only=only)
    if of_projects and not only:
        late = groups[:1] if groups and groups[0]["late"] else []
        of_them = waiting.group(of_projects)
        groups = [*late, of_them, *groups[len(late) :]] if of_them["late"] else [*groups, of_them]
    context = {
        "tabs": tabs("", fmt.count(len(rows), more=len(rows) == todos.MOST)),
        "groups": groups,
        "week": None if only else todowords.week(rows, now),
        "lede": _lede(rows, of_projects, now),
        "aside": f"{fmt.full_date(now)}　{fmt.weekday(now)}\n{calendar_words()}",
        "only": only,
    }
    return render_page(request, "issues/inbox.html", context)


def _lede(rows: list[dict[str, Any]], of_projects: list[dict[str, Any]], now: datetime) -> str:
    words, number = todowords.lede(rows, now), len(of_projects)
    if not number:
        return words
    return _("%(words)s Besides, %(n)d with the projects.") % {"words": words, "n": number}


def calendar_words() -> str:
    table = calendar.current()
    words = _("Working-day calendar, edition %(n)d") % {"n": table.number}
    return "　".join((words, _("provisional"))) if clock.today().year in table.provisional_years else words


def done(request: HttpRequest) -> HttpResponse:
    """What this person did, newest first."""
    page = keyset(minerows.done(request.actor), ["-id"], request.GET.get("cursor"), PAGE)
    context = {"tabs": tabs(DONE), "rows": minerows.done_rows(page.rows), "pager": pager(request, page)}
    return render_page(request, "issues/done.html", context)


def filed(request: HttpRequest) -> HttpResponse:
    """What this person submitted for others."""
    rows = Issue.objects.visible_to(request.actor).filter(filed_by__in=[post.pk for post in request.actor.posts_held])
    page = keyset(rows.values(*listrows.COLUMNS), ["-submitted_at", "-id"], request.GET.get("cursor"), PAGE)
    context = {
        "tabs": tabs(FILED),
        "rows": listrows.rows(request.actor, page.rows, clock.now()),
        "pager": pager(request, page),
    }
    return render_page(request, "issues/filed.html", context)


@login_required
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The own issues under an address of their own, for the navigation of enterprises and observers."""
    return mine(request)


def mine(request: HttpRequest) -> HttpResponse:
    """我的问题: what an enterprise or an observer may see is what it submitted."""
    rows = Issue.objects.visible_to(request.actor).values(*listrows.COLUMNS, "solved", "invitations", "outcome")
    page = keyset(rows, ["-submitted_at", "-id"], request.GET.get("cursor"), PAGE)
    context = {"rows": minerows.mine_rows(page.rows), "pager": pager(request, page)}
    return render_page(request, "issues/mine.html", context)


def tabs(show: str, count: str = "") -> list[dict[str, Any]]:
    here = reverse("issues:inbox")
    return [
        {"label": _("To-dos"), "url": here, "current": show == "", "count": count},
        {"label": _("Done by me"), "url": f"{here}?show={DONE}", "current": show == DONE},
        {"label": _("Filed by me"), "url": f"{here}?show={FILED}", "current": show == FILED},
    ]
