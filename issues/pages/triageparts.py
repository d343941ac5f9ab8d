"""What triage shows of a new issue, and the queue beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Unit
from common import fmt
from common.errors import ValidationError
from deadlines import calendar
from issues import clockviews, hints, policy, todos
from issues.deskforms import IdentifyForm
from issues.models import Issue
from issues.pages import actpages
from issues.states import Action, State
from projects.models import Enterprise, Project

QUEUE = 50


def queue(actor: Actor) -> list[Issue]:
    """New issues of the actor's desk, oldest first."""
    rows = Issue.objects.visible_to(actor).for_detail().select_related("category__unit", "about_unit")
    return list(rows.filter(todos.kinds_of_desk(actor), state=State.SUBMITTED).order_by("submitted_at", "id")[:QUEUE])


def chosen(found: list[Issue], number: str) -> Issue | None:
    return next((issue for issue in found if issue.number == number), found[0] if found else None)


def queue_rows(found: list[Issue], now_shown: Issue | None, now: datetime) -> list[dict[str, Any]]:
    table = calendar.current()
    here = reverse("issues:triage")
    return [
        {
            "number": issue.number,
            "title": issue.title,
            "url": f"{here}?number={issue.number}",
            "light": clockviews.light_of(table, issue.yellow_at, issue.due_at, issue.red_at, now),
            "current": now_shown is not None and issue.pk == now_shown.pk,
        }
        for issue in found
    ]


def parts(actor: Actor, issue: Issue, now: datetime) -> dict[str, Any]:
    fields = policy.fields(actor, issue)
    known = issue.enterprise.name if issue.enterprise else ""
    return {
        "light": clockviews.light_of(calendar.current(), issue.yellow_at, issue.due_at, issue.red_at, now),
        "hints": [
            {
                "hint": hint,
                "url": reverse("issues:page", args=[hint.number]),
                "merge_url": reverse("issues:act", args=[issue.number, Action.MERGE]) + f"?into={hint.number}",
            }
            for hint in hints.hints(actor, [issue]).get(issue.pk, [])
        ],
        "facts": facts(issue, known),
        "about": actpages.assign_facts(issue, fields),
        "said_by": f"{issue.body.contact_name}　{fmt.cn_datetime(issue.submitted_at)}",
        "claim": "" if known else issue.body.enterprise_claim,
        "others": [
            {"label": str(action.label), "url": reverse("issues:act", args=[issue.number, action])}
            for action in (Action.RETURN, Action.DECLINE, Action.MERGE)
        ],
        "act_url": reverse("issues:act", args=[issue.number, Action.ASSIGN]) + "?next=triage",
        "submit": str(Action.ASSIGN.label),
    }


def facts(issue: Issue, known: str) -> list[dict[str, str]]:
    rows = [
        (
            _("Enterprise"),
            known or issue.body.enterprise_claim,
            "" if known else _("as given on the form, not confirmed"),
        ),
        (_("Project"), issue.project.name if issue.project else issue.body.project_claim, ""),
        (_("Channel"), str(issue.get_channel_display()), issue.channel_word),
        (_("Kind"), str(issue.get_kind_display()), ""),
        (_("Location"), issue.place, ""),
        (_("Confidentiality"), str(issue.get_confidentiality_display()), ""),
        (_("Unit complained of"), issue.about_unit.name if issue.about_unit else "", ""),
    ]
    return [{"label": label, "text": text, "small": small} for label, text, small in rows if text]


def candidates(actor: Actor, issue: Issue) -> list[Enterprise]:
    """The registered enterprise, and those whose name fits the claim: at most ten."""
    claim = issue.body.enterprise_claim.strip()
    wanted = Q(pk=issue.enterprise_id) if issue.enterprise_id else Q(pk__in=[])
    rows = Enterprise.objects.visible_to(actor).living()
    if claim:
        wanted |= Q(uscc=claim.upper()) | Q(name__icontains=claim) | Q(name__icontains=core(claim))
    return list(rows.filter(wanted).order_by("pinyin")[:10])


def core(name: str) -> str:
    """The part of a firm's name that people use: without place and legal form."""
    for ending in ("有限责任公司", "股份有限公司", "有限公司", "公司", "厂"):
        name = name.removesuffix(ending)
    return name[-6:] if len(name) > 6 else name


def identified(actor: Actor, form: IdentifyForm) -> dict[str, Any]:
    """The rows that the form names, for the verb; ValidationError beside the field where there is none."""
    data = form.cleaned_data
    rows = Enterprise.objects.visible_to(actor).living()
    enterprise = rows.filter(pk=int(data["enterprise"])).first() if data["enterprise"] else None
    if code := data["code"].strip().upper():
        enterprise = rows.filter(uscc=code).first()
        if enterprise is None:
            raise ValidationError({"code": [_("There is no registered enterprise with this credit code.")]})
    project = None
    if data["project"]:
        project = Project.objects.visible_to(actor).filter(code=data["project"]).first()
        if project is None:
            raise ValidationError({"project": [_("There is no project with this code.")]})
    return {
        "enterprise": enterprise,
        "project": project,
        "town": Unit.objects.living().filter(code=data["town"]).first() if data["town"] else None,
        "about_unit": Unit.objects.filter(code=data["about_unit"]).first() if data.get("about_unit") else None,
        "version": data["version"],
    }
