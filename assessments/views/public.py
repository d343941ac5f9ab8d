"""What everybody may read: the published rankings. Names, places, completion, score and grade; no case, no draft."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.roles import Group
from assessments import periods
from assessments.models import Result, Run
from common import fmt
from common.errors import NotVisible
from common.render import render_page

MONTHS_SHOWN = 24


@require_safe
def rankings(request: HttpRequest, month: str = "") -> HttpResponse:
    """The month, or the newest one; the others as links."""
    published = list(Run.objects.published().order_by("-month")[:MONTHS_SHOWN])
    run = next((one for one in published if one.month == month), published[0] if published and not month else None)
    if run is None and month:
        periods.parse(month)
        run = Run.objects.published().filter(month=month).first()
        if run is None:
            raise NotVisible
    context = {
        "run": run,
        "title": _("Monthly ranking %(month)s") % {"month": fmt.month(run.starts_at)} if run else _("Monthly ranking"),
        "published": fmt.full_date(run.published_at) if run else "",
        "groups": _groups(run) if run else [],
        "months": [{"month": one.month, "label": fmt.month(one.starts_at), "on": one == run} for one in published],
    }
    return render_page(request, "assessments/rankings.html", context)


def _groups(run: Run) -> list[dict[str, object]]:
    rows = list(Result.objects.filter(run=run, rank__isnull=False).in_order())
    return [
        {
            "key": group.value,
            "label": group.label,
            "rows": [
                {
                    "rank": row.rank,
                    "unit": row.unit_name,
                    "ratio": fmt.percent(row.completion, 2),
                    "score": fmt.places(row.score),
                    "grade": row.get_grade_display(),
                }
                for row in rows
                if row.group == group
            ],
        }
        for group in Group
        if any(row.group == group for row in rows)
    ]
