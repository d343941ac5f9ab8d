"""The front page: what this is, the way in, what is promised, and how it was kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import fmt
from common.render import render_page
from issues.public import panels, promises


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    context = {"promises": promises.three(), "panel": _panel()}
    return render_page(request, "issues/public/home.html", context)


def _panel() -> dict[str, object] | None:
    found = panels.panel()
    if found is None:
        return None
    figures = [
        {
            "label": one.label,
            "value": fmt.places(100 * one.numerator / one.denominator, 0),
            "unit": "%",
            "lines": [fmt.ratio(one.numerator, one.denominator)],
            "text": one.text,
        }
        for one in found.figures
    ]
    return {"title": found.title, "figures": figures, "empty": _("Too few cases to show a rate.")}
