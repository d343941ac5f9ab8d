"""The wall chart, on a desk, on a wall display, and as an A3 sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.actors import Actor
from common import clock, context, fmt
from common.render import render_page
from documents import names, rendering
from projects import wall as chart
from projects import wallviews
from projects.views.projects import project_page

View = Callable[[Actor, date], dict[str, Any]]
VIEWS: dict[str, tuple[Any, View | None]] = {
    "": (gettext_lazy("Wall chart"), None),
    "levels": (gettext_lazy("Major projects of city and province"), wallviews.levels),
    "starts": (gettext_lazy("New starts compared"), wallviews.starts),
    "inspections": (gettext_lazy("Four inspections"), wallviews.inspections),
}


@project_page
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """``?view=`` one of VIEWS, ``?names=1`` every name, ``?screen=1`` for a display that nobody touches."""
    view = request.GET.get("view", "")
    view = view if view in VIEWS else ""
    flags = {name: "1" for name in ("screen", "names", "pause") if request.GET.get(name) == "1"}
    label, make = VIEWS[view]
    content = chart.page(request.actor, names="names" in flags) if make is None else make(request.actor, clock.today())
    shown = {
        **content,
        "view": view or "chart",
        "title": _("%(district)s: projects on the wall") % {"district": context.district()["name"]},
        "label": label,
        "tabs": [
            {"label": one, "url": _url(name, flags), "current": name == view} for name, (one, _make) in VIEWS.items()
        ],
        "screen": "screen" in flags,
        "paused": "pause" in flags,
        "at": fmt.full_date(clock.now()) + f" {fmt.hm(clock.now())}",
        "links": _links(view, flags),
        "next": _url(_after(view), _without(flags, "pause")),
        "legend": _legend(),
    }
    template = f"projects/wall_{'page' if make is None else 'inspections' if view == 'inspections' else 'ranking'}.html"
    return render_page(request, template, shown)


@project_page
@require_safe
def wall_sheet(request: HttpRequest) -> HttpResponse:
    """The chart as a PDF on A3. It takes some seconds."""
    now = clock.now()
    title = f"{context.district()['name']}重大项目挂图作战"
    with translation.override("zh-hans"):
        shown = {**chart.page(request.actor, names=request.GET.get("names") == "1"), "title": title}
        shown["at"] = f"{fmt.full_date(now)} {fmt.hm(now)}"
    rendered = rendering.render("projects/papers/wall.html", shown, at=now, styles=(*rendering.STYLES, "a3.css"))
    audit.record(request.actor, "export", "projects", "wall", rows=shown["total"])
    response = HttpResponse(rendered.pdf, content_type="application/pdf")
    response["Content-Disposition"] = names.disposition(f"{title}-{clock.local(now):%Y%m%d}.pdf")
    response["Cache-Control"] = "private, no-store"
    return response


def _url(view: str, flags: dict[str, str]) -> str:
    query = urlencode({**({"view": view} if view else {}), **flags})
    return reverse("projects:wall") + (f"?{query}" if query else "")


def _after(view: str) -> str:
    order = list(VIEWS)
    return order[(order.index(view) + 1) % len(order)]


def _without(flags: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in flags.items() if key != name}


def _links(view: str, flags: dict[str, str]) -> dict[str, str]:
    switch = _without(flags, "names") if "names" in flags else {**flags, "names": "1"}
    return {
        "names": _url(view, switch) if not view else "",
        "names_on": "1" if "names" in flags else "",
        "screen": _url(view, {**_without(flags, "pause"), "screen": "1"}),
        "leave": _url(view, _without(_without(flags, "screen"), "pause")),
        "pause": _url(view, _without(flags, "pause") if "pause" in flags else {**flags, "pause": "1"}),
        "sheet": reverse("projects:wall_sheet") + ("?names=1" if "names" in flags else ""),
        "projects": reverse("projects:projects"),
    }


def _legend() -> list[dict[str, str]]:
    told = (("green", _("on time")), ("yellow", _("due within a working day, or up to three days late")),
            ("red", _("more than three days late")))  # fmt: skip
    return [{"tone": tone, "mark": fmt.MARKS[tone], "word": word} for tone, word in told]
