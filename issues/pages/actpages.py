"""What stands beside the form of an action: the case, what is ruled on, and what the desk needs to decide."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Post
from common import clock, fmt
from deadlines import calendar
from deadlines.models import Clock
from deadlines.states import ClockKind
from documents.models import Attachment
from issues import clockviews, policy, states, timeline
from issues.linescopes import category_names
from issues.models import Event, Issue, Request
from issues.states import Action
from projects.finding import Finding, explain, find_leader

# First values that a link may bring along.
FROM_LINK = {Action.MERGE: ("into",), Action.ASSIGN: ("unit", "category"), Action.REASSIGN: ("unit",)}


INSTEAD: dict[Action, tuple[Action, ...]] = {
    Action.ASSIGN: (Action.RETURN, Action.DECLINE, Action.MERGE),
    Action.SIGN: (Action.REFUSE,),
    Action.VERIFY: (Action.SEND_BACK,),
    Action.SEND_BACK: (Action.VERIFY,),
    Action.GRANT: (Action.DENY,),
    Action.DENY: (Action.GRANT,),
    Action.UPHOLD: (Action.CLOSE_OVER,),
    Action.CLOSE_OVER: (Action.UPHOLD,),
}
# Whoever writes here writes about the case: it stands before the form, on a phone too.
BRIEF = frozenset({Action.DECIDE, Action.FEED_BACK, Action.PROPOSE})
# Where what lies on file is looked at before deciding.
WITH_FILES = frozenset({Action.VERIFY, Action.SEND_BACK, Action.PROPOSE, Action.DECIDE, Action.GRANT, Action.DENY})


def initial(request: HttpRequest, action: str) -> dict[str, str]:
    return {name: request.GET[name][:100] for name in FROM_LINK.get(Action(action), ()) if name in request.GET}


def context(actor: Actor, issue: Issue, action: str, now: datetime) -> dict[str, Any]:
    fields = policy.fields(actor, issue)
    url = reverse("issues:page", args=[issue.number])
    return {
        "issue": issue,
        "action": action,
        "title": title(issue, action),
        "lede": lede(actor, issue, action),
        "submit": str(Action(action).label),
        "cancel": url,
        "crumbs": [
            {"label": _("Issues"), "url": reverse("issues:list")}
            if fields.staff
            else {"label": _("My issues"), "url": reverse("issues:mine")},
            {"label": issue.number, "url": url},
            {"label": str(Action(action).label)},
        ],
        "light": clockviews.light_of(calendar.current(), issue.yellow_at, issue.due_at, issue.red_at, now),
        "state": str(issue.get_state_display()),
        "text": issue.body.text if fields.text else "",
        "text_hidden": not fields.text,
        "about": about(actor, issue, action, fields),
        "files": files(issue, fields) if action in WITH_FILES else [],
        "instead": instead(actor, issue, action),
        "brief": action in BRIEF,
    }


def title(issue: Issue, action: str) -> str:
    """What is granted or denied stands in the heading."""
    label = str(Action(action).label)
    request = policy.open_request(issue) if action in (Action.GRANT, Action.DENY) else None
    return f"{label}：{request.get_kind_display()}" if request else label


def instead(actor: Actor, issue: Issue, action: str) -> list[dict[str, str]]:
    """The other ways of deciding the same thing, as far as they are open."""
    return [
        {"label": str(other.label), "url": reverse("issues:act", args=[issue.number, other])}
        for other in INSTEAD.get(Action(action), ())
        if policy.can(actor, other, issue)
    ]


def files(issue: Issue, fields: policy.Fields) -> list[dict[str, str]]:
    if not (fields.text and fields.staff):
        return []
    return [
        {
            "url": reverse("documents:attachment", args=[one.pk, one.name]),
            "name": one.name,
            "size": fmt.file_size(one.size),
        }
        for one in Attachment.objects.of("issue", issue.pk)
    ]


def lede(actor: Actor, issue: Issue, action: str) -> str:
    """One sentence on what this does, where the word alone does not say it."""
    if action == Action.DECIDE:
        found = policy.right(actor, action, issue)
        if found and found.party in ("office", "desk") and issue.leader and issue.layer == 2:
            return _("You record this in the name of %(name)s; the record says so.") % {"name": issue.leader.user}
        if found and found.party == "desk":
            return _("You record this in the chief's name; the record says so.")
    words = {
        Action.ASSIGN: _("The unit has one working day to sign; the limit runs from now, not from the signing."),
        Action.REFUSE: _("Once only, and before the signing limit. The coordinator decides today."),
        Action.SIGN: _("The limit has been running since the assignment."),
        Action.RESUME: _("The clocks run again; the working days really lost are given back."),
        Action.SEND_BACK: _("The same deadline runs on, moved by the working days of this check."),
        Action.REASSIGN: _("New clocks start for the new unit."),
        Action.MERGE: _("Its clocks stop; it follows the other one."),
        Action.REOPEN: _("A new round begins, with half the limit."),
        Action.WITHDRAW: _("All clocks stop; the supervision office looks into some withdrawals."),
    }
    return words.get(Action(action), "")


def about(actor: Actor, issue: Issue, action: str, fields: policy.Fields) -> list[dict[str, str]]:
    """Facts that the person needs for this one act."""
    if action in (Action.GRANT, Action.DENY):
        return request_facts(policy.open_request(issue))
    if action in (Action.VERIFY, Action.SEND_BACK):
        return proposal_facts(issue, fields)
    if action in (Action.ASSIGN, Action.REASSIGN):
        return assign_facts(issue, fields)
    if action in (Action.UPHOLD, Action.CLOSE_OVER):
        return rating_facts(issue, fields)
    if action in BRIEF:
        return escalation_facts(issue, fields, action)
    return []


def escalation_facts(issue: Issue, fields: policy.Fields, action: str) -> list[dict[str, str]]:
    """Where it sticks: what was asked for when it was raised, and the last report before; a decider's own due."""
    rows = [(_("Unit in charge"), issue.lead_unit.name if issue.lead_unit else "")]
    if action == Action.DECIDE:
        rows.append((_("Decide by"), decide_by(issue)))
    for kind, label in ((Action.ESCALATE, _("What is asked for")), (Action.FEED_BACK, _("Last report"))):
        last = Event.objects.filter(issue=issue, kind=kind).order_by("-seq").first()
        if last and fields.text:
            rows.append((label, str(timeline.data_of(last).get("text") or "")))
    return [{"label": label, "text": text} for label, text in rows if text]


def decide_by(issue: Issue) -> str:
    """The due of the coordination, which is the decider's own, with what is left of it."""
    running = (
        Clock.objects.open().filter(subject_kind="issue", subject_id=issue.pk, kind=ClockKind.COORDINATION).first()
    )
    if running is None:
        return ""
    now = clock.now()
    left = clockviews.days_left(calendar.current(), running.due_at, now)
    return f"{fmt.cn_datetime(running.due_at)}　{fmt.remaining(left, running.due_at, breached=now > running.due_at)}"


def request_facts(request: Request | None) -> list[dict[str, str]]:
    if request is None:
        return []
    reason = states.SuspendReason(request.reason).label if request.reason in states.SuspendReason.values else ""
    rows = [
        (_("Request"), str(request.get_kind_display())),
        (_("Asked by"), f"{request.asked_by.user}　{fmt.md_hm(request.asked_at)}"),
        (_("Working days"), str(request.days or "")),
        (_("Review date"), fmt.cn_date(request.until)),
        (_("Reason"), "　".join(part for part in (str(reason), request.text) if part)),
        (
            _("Two rulings"),
            _("The supervision office rules after the coordinator.") if request.needs_supervisor else "",
        ),
    ]
    return [{"label": label, "text": text} for label, text in rows if text]


def proposal_facts(issue: Issue, fields: policy.Fields) -> list[dict[str, str]]:
    cause = states.Cause(issue.cause).label if issue.cause in states.Cause.values else ""
    rows = [
        (_("Unit in charge"), issue.lead_unit.name if issue.lead_unit else ""),
        (_("Outcome"), str(issue.get_outcome_display())),
        (_("Promised for"), fmt.cn_date(issue.promised_on)),
        (_("Account of the handling"), issue.body.account if fields.text else ""),
        (_("Clause"), issue.body.clause if fields.text else ""),
        (_("Cause"), str(cause)),
    ]
    return [{"label": label, "text": text} for label, text in rows if text]


def assign_facts(issue: Issue, fields: policy.Fields) -> list[dict[str, str]]:
    """Which leader the rule finds and why, and what the last refusal said."""
    unit = issue.category.unit if issue.category_id and issue.category and issue.category.unit_id else None
    rows = []
    if unit:
        rows.append((_("Suggested unit"), _("%(unit)s, by category") % {"unit": unit.name}))
    rows.append((_("Leader by rule"), leader_found(issue, unit.pk if unit else None)))
    refused = issue.assignments.filter(kind="lead", end="refused").select_related("unit", "right_unit").last()
    if refused:
        rows.append((_("Refused by"), f"{refused.unit.name}　{fmt.md_hm(refused.ended_at)}"))
        rows.append((_("Why"), "\n".join(part for part in (refused.reason, refused.clause) if part)))
        if refused.right_unit:
            rows.append((_("Right unit, in its view"), refused.right_unit.name))
    return [{"label": label, "text": text} for label, text in rows if text]


def leader_found(issue: Issue, unit_id: int | None) -> str:
    found = find_leader(
        project=issue.project,
        enterprise=issue.enterprise,
        unit_id=unit_id,
        town_id=issue.town_id,
        categories=category_names(issue.category),
        at=clock.now(),
    )
    post = Post.objects.select_related("user").filter(pk=found.leader_post_id).first()
    if post is None:
        return _("None found so far: it depends on the unit's line, or choose one.")
    return f"{post.user}　{explain(found)}"


def why_leader(issue: Issue) -> str:
    """Why this leader, as it was stored when the leader was found."""
    if not issue.leader_why:
        return ""
    line = issue.line.name if issue.line else None
    return explain(Finding(issue.leader_id, issue.line_id, issue.office_id, issue.leader_why), line=line)


def rating_facts(issue: Issue, fields: policy.Fields) -> list[dict[str, str]]:
    last = issue.ratings.order_by("at", "id").last()
    rows = [(_("Outcome"), str(issue.get_outcome_display()))]
    if last:
        rows.append((_("Solved"), str(last.get_solved_display())))
        rows.append((_("Satisfaction"), _("%(n)s of 5") % {"n": last.satisfaction}))
        if fields.rating:
            rows.append((_("Words"), last.text))
    return [{"label": label, "text": text} for label, text in rows if text]
