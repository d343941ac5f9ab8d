"""The deadline sheet of a project's clock: rule, edition of the calendar, and each day that was counted or skipped."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import clock, fmt
from common.errors import NotVisible, PermissionDenied
from common.render import render_page
from deadlines import wording
from deadlines.certificate import certificate as certify
from deadlines.models import Clock
from deadlines.states import ClockKind
from projects import sections
from projects.leadpage import ended, light_of
from projects.models import PlanItem
from projects.policy import reads_whole
from projects.states import SUBJECT
from projects.views.projects import project_page


@project_page
@require_safe
def certificate(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Of an approval for who sees the plan; of a lead's for who reads the whole file."""
    project = sections.find(request.actor, code)
    rows = Clock.objects.filter(subject_kind=SUBJECT, subject_id=project.pk, pk=pk).with_light(clock.now())
    one = rows.prefetch_related("pauses", "changes").select_related("rule", "holder_unit").first()
    if one is None:
        raise NotVisible
    if one.kind != ClockKind.APPROVAL and not reads_whole(request.actor, project):
        raise PermissionDenied
    item = PlanItem.objects.filter(project=project, pk=one.part).first() if one.part.isdigit() else None
    kind = item.name if item else str(one.get_kind_display())
    now = clock.now()
    context = {
        "crumbs": sections.crumbs(project, kind),
        "title": _("Deadline sheet: %(kind)s") % {"kind": kind},
        "lede": f"{project.code}　{project.name}",
        "aside": _("Due: %(due)s") % {"due": f"{fmt.full_date(one.due_at)} {fmt.hm(one.due_at)}"},
        "clock": {
            "kind": kind,
            "who": one.holder_unit.label if one.holder_unit else "",
            "due": fmt.full_date(one.due_at),
            "light": light_of(one) if one.light else ended(one),
            "certificate": wording.component(certify(one, now), now),
        },
    }
    return render_page(request, "deadlines/certificate.html", context)
