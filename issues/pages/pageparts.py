"""The parts of the issue page, from the case file, as plain dicts of words for the template."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import policy as engine
from common import fmt
from documents.models import Attachment
from issues import clockviews, states, timeline
from issues.casefile import EVENTS_SHOWN, CaseFile
from issues.models import Issue
from issues.pages import actpages
from issues.services.files import may_add_file
from issues.states import Action, Phase, State

# What is offered as the one primary action, the first that is allowed.
PRIMARY = (
    Action.GRANT,
    Action.RATE,
    Action.SUPPLEMENT,
    Action.ASSIGN,
    Action.SIGN,
    Action.DECIDE,
    Action.VERIFY,
    Action.UPHOLD,
    Action.FEED_BACK,
    Action.RESUME,
)
FILE_STATES = frozenset(State) - states.FINAL


def context(case: CaseFile, now: datetime, *, contact_open: bool = False) -> dict[str, Any]:
    issue = case.issue
    return {
        "issue": issue,
        "fields": case.fields,
        "crumbs": crumbs(case),
        "light": clockviews.word_of(issue, now) if case.fields.staff else fmt.light("none"),
        "where": where(issue) if case.fields.staff else str(issue.get_state_display()),
        "due": clockviews.head(case, now),
        "loop": loop(issue),
        **actions(case),
        "said_by": said_by(case),
        "requests": requests(case),
        "decisions": decisions(case),
        "refusals": refusals(case),
        "clocks": clockviews.clocks(case, now) if case.fields.staff else None,
        "ledger": clockviews.ledger(case, now) if case.fields.staff else None,
        "timeline": timeline.days(case),
        "events": issue.event_seq,
        "older": older(case),
        "people": people(case),
        "contact": contact(case, opened=contact_open),
        "facts": facts(case),
        "files": files(case),
        "may_upload": may_upload(case),
        "merged": merged(case),
    }


def crumbs(case: CaseFile) -> list[dict[str, str]]:
    here = reverse("issues:list")
    if not case.fields.staff:
        return [{"label": _("My issues"), "url": reverse("issues:mine")}, {"label": case.issue.number}]
    return [
        {"label": _("Issues"), "url": here},
        {"label": str(case.issue.get_state_display()), "url": f"{here}?state={case.issue.state}"},
        {"label": case.issue.number},
    ]


def layer_words(layer: int) -> str:
    return {1: _("First layer"), 2: _("Second layer"), 3: _("Third layer")}[layer]


def where(issue: Issue) -> str:
    parts = [str(issue.get_state_display()), layer_words(issue.layer), _("round %(n)d") % {"n": issue.round}]
    if issue.kind == states.IssueKind.COMPLAINT:
        parts.insert(0, str(issue.get_kind_display()))
    return " · ".join(parts)


def loop(issue: Issue) -> list[dict[str, str]]:
    """The five phases: those before the present one are done."""
    phases = list(Phase)
    now = phases.index(issue.phase)
    over = issue.state in states.FINAL
    return [
        {
            "label": str(phase.label),
            "state": "done" if n < now or (over and n == now) else "now" if n == now else "next",
        }
        for n, phase in enumerate(phases)
    ]


# --- actions ---------------------------------------------------------------------------------------------------------


def actions(case: CaseFile) -> dict[str, Any]:
    """The one primary action and the others, each a link to its page."""
    allowed = case.allowed
    first = next((action for action in PRIMARY if action in allowed), None)
    others = [action for action in allowed if action != first]
    if first == Action.GRANT:
        others.remove(Action.DENY)
        others.insert(0, Action.DENY)
    return {
        "primary": _action(case.issue, first) if first else None,
        "others": [_action(case.issue, action) for action in others],
    }


def _action(issue: Issue, action: str) -> dict[str, str]:
    return {
        "word": action,
        "label": str(Action(action).label),
        "url": reverse("issues:act", args=[issue.number, action]),
    }


# --- what was asked, decided, refused --------------------------------------------------------------------------------


def said_by(case: CaseFile) -> str:
    who = case.issue.body.contact_name if case.fields.contact else ""
    return "　".join(part for part in (who, fmt.cn_datetime(case.issue.submitted_at)) if part)


def requests(case: CaseFile) -> list[dict[str, Any]]:
    """Newest first; the open one is marked. Nothing of them for the submitter."""
    if not case.fields.staff:
        return []
    rows = []
    for request in reversed(case.requests):
        reason = states.SuspendReason(request.reason).label if request.reason in states.SuspendReason.values else ""
        asked, ruled = case.post(request.asked_by_id), case.post(request.ruled_by_id)
        amount = _("%(n)s working days") % {"n": request.days} if request.days else ""
        until = _("until %(day)s") % {"day": fmt.cn_date(request.until)} if request.until else ""
        rows.append(
            {
                "kind": str(request.get_kind_display()),
                "state": str(request.get_state_display()),
                "open": request.state == "open",
                "what": "　".join(part for part in (amount, str(reason), until) if part),
                "asked": f"{asked.user if asked else ''}　{fmt.md_hm(request.asked_at)}",
                "ruled": f"{ruled.user}　{fmt.md_hm(request.ruled_at)}" if ruled else "",
                "text": timeline.said(case, request.text),
                "ruling": timeline.said(case, request.ruling),
            }
        )
    return rows


def decisions(case: CaseFile) -> list[dict[str, Any]]:
    if not case.fields.staff:
        return []
    mine = engine.subtree_of(case.actor)
    return [_decision(case, one, one.unit_id in mine) for one in case.decisions]


def _decision(case: CaseFile, one: Any, mine: bool) -> dict[str, Any]:
    unit, by, name_of = case.unit(one.unit_id), case.post(one.decided_by_id), case.post(one.in_name_of_id)
    co = [case.units[row.unit_id].name for row in case.co_units if row.decision_id == one.pk]
    meta = [
        unit.name if unit else "",
        _("co-units %(units)s") % {"units": _(", ").join(co)} if co else "",
        _("due %(due)s") % {"due": fmt.cn_date(one.due_on)} if one.due_on else "",
        one.meeting,
    ]
    return {
        "id": one.pk,
        "text": timeline.said(case, one.text),
        "meta": "　".join(part for part in meta if part),
        "by": _by(by, name_of, one.decided_at),
        "done": fmt.cn_date(one.done_at) if one.done_at else "",
        "feedback": [
            {
                "who": str(case.posts[row.post_id].user),
                "at": fmt.md_hm(row.at),
                "text": timeline.said(case, row.text),
                "done": row.done,
            }
            for row in case.feedback
            if row.decision_id == one.pk
        ],
        "may": mine and not one.done_at and case.issue.state not in states.FINAL,
    }


def _by(by: Any, name_of: Any, at: datetime) -> str:
    who = f"{by.user}" if by else ""
    if name_of and (by is None or name_of.pk != by.pk):
        return _("%(leader)s, recorded by %(who)s　%(at)s") % {"leader": name_of.user, "who": who, "at": fmt.md_hm(at)}
    return f"{who}　{fmt.md_hm(at)}"


def refusals(case: CaseFile) -> list[dict[str, str]]:
    if not case.fields.staff:
        return []
    return [
        {
            "unit": case.units[part.unit_id].name,
            "at": fmt.md_hm(part.ended_at),
            "reason": timeline.said(case, part.reason),
            "clause": timeline.said(case, part.clause),
            "right": unit.name if (unit := case.unit(part.right_unit_id)) else "",
            "verdict": str(part.get_verdict_display()) if part.verdict else "",
        }
        for part in case.assignments
        if part.end == "refused"
    ]


def older(case: CaseFile) -> str:
    if len(case.events) < EVENTS_SHOWN or case.events[0].seq == 1:
        return ""
    return f"{reverse('issues:page', args=[case.issue.number])}?before={case.events[0].seq}#timeline"


# --- the side --------------------------------------------------------------------------------------------------------


def people(case: CaseFile) -> list[dict[str, str]]:
    issue, rows = case.issue, []
    leader, unit, specialist = case.post(issue.leader_id), case.unit(issue.lead_unit_id), case.post(issue.specialist_id)
    if case.fields.staff and issue.lead_unit_id:
        # Where nobody may know whose case it is, nobody learns why this leader: a reason that is told only in the
        # harmless cases would give the others away (found by the enterprise's own leader, or its project).
        why = actpages.why_leader(issue) if case.fields.who else ""
        text = str(leader.user) if leader else _("None")
        title = timeline.title_of(leader) if leader else ""
        rows.append(
            {"label": _("District leader"), "text": text, "small": "　".join(part for part in (title, why) if part)}
        )
    if unit:
        small = "　".join(part for part in (issue.handler, unit.phone) if part)
        rows.append({"label": _("Unit in charge"), "text": unit.name, "small": small})
    for part in case.assignments:
        if (part.kind == "co" and part.ended_at is None) or part.end == "done":
            small = _("done") if part.end == "done" else (_("answered") if part.answered_at else "")
            rows.append({"label": _("Co-unit"), "text": case.units[part.unit_id].name, "small": small})
    if specialist and case.fields.who:
        rows.append({"label": _("Service specialist"), "text": str(specialist.user), "small": ""})
    return rows


def contact(case: CaseFile, *, opened: bool) -> dict[str, Any]:
    """Who it is about: for whom the policy lets know. The phone is masked until somebody asks for it."""
    issue, body = case.issue, case.issue.body
    if not case.fields.who:
        return {"hidden": True}
    claim = body.enterprise_claim if not issue.enterprise else ""
    told = {
        "enterprise": issue.enterprise.name if issue.enterprise else claim,
        "claim": bool(claim),
        "name": body.contact_name if case.fields.contact else "",
        "opened": opened,
        "own": not case.fields.staff,
    }
    if not case.fields.contact:
        return told
    shown = opened or not case.fields.staff
    return told | {
        "phone": body.contact_phone if shown else fmt.masked(body.contact_phone),
        "email": body.contact_email if shown else "",
        "may_open": not shown and bool(body.contact_phone or body.contact_email),
        "url": reverse("issues:contact", args=[issue.number]),
    }


def facts(case: CaseFile) -> list[dict[str, str]]:
    issue = case.issue
    category = issue.category.name if issue.category else issue.category_word
    rows: list[tuple[str, str, str]] = []
    if case.fields.who:
        rows.append((_("Project"), issue.project.name if issue.project else issue.body.project_claim, ""))
    rows += [
        (_("Channel"), str(issue.get_channel_display()), issue.channel_word),
        (_("Category"), category, ""),
        (_("Location"), issue.place if case.fields.who or case.fields.text else "", ""),
        (_("Urgency"), str(issue.get_urgency_display()), ""),
    ]
    if case.fields.staff:
        rows += [
            (_("Difficulty"), str(issue.get_difficulty_display()) if issue.difficulty else "", ""),
            (_("Confidentiality"), str(issue.get_confidentiality_display()), confidentiality_note(issue)),
            (_("Unit complained of"), unit.name if (unit := case.unit(issue.about_unit_id)) else "", ""),
        ]
    rows += outcome_facts(case)
    return [{"label": label, "text": text, "small": small} for label, text, small in rows if text]


def outcome_facts(case: CaseFile) -> list[tuple[str, str, str]]:
    issue = case.issue
    rows = []
    shown = case.fields.staff or issue.state in (State.RATING, State.CLOSED, State.DISPUTED)
    if issue.outcome and shown:
        promised = _("by %(day)s") % {"day": fmt.cn_date(issue.promised_on)} if issue.promised_on else ""
        rows.append((_("Outcome"), str(issue.get_outcome_display()), promised))
    if issue.cause and case.fields.staff:
        rows.append((_("Cause"), str(issue.get_cause_display()), ""))
    if issue.satisfaction:
        rows.append(
            (
                _("Rating"),
                _("%(n)s of 5") % {"n": issue.satisfaction},
                _("solved: %(word)s") % {"word": issue.get_solved_display()},
            )
        )
    elif issue.state == State.CLOSED:
        rows.append((_("Rating"), _("Closed over a dispute") if issue.closed_over else _("Not rated"), ""))
    return rows


def confidentiality_note(issue: Issue) -> str:
    return {
        states.Confidentiality.COMMERCIAL: _("Only the lead unit, its leader and the coordinators may read the text."),
        states.Confidentiality.ANONYMOUS: _("The units do not learn who submitted it."),
    }.get(states.Confidentiality(issue.confidentiality), "")


def files(case: CaseFile) -> list[dict[str, str]]:
    """Files follow the text; the submitter gets the own ones and those marked for it."""
    if not case.fields.text:
        return []
    return [
        {
            "url": reverse("documents:attachment", args=[one.pk, one.name]),
            "name": one.name,
            "size": fmt.file_size(one.size),
            "by": _file_by(case, one),
        }
        for one in case.files
        if case.fields.staff or one.by == Attachment.By.SUBMITTER or one.public
    ]


def _file_by(case: CaseFile, one: Attachment) -> str:
    unit = case.unit(one.unit_id)
    who = _("Submitter") if one.by == Attachment.By.SUBMITTER else (unit.label if unit else "")
    return "　".join(part for part in (who, fmt.md(one.created_at)) if part)


def may_upload(case: CaseFile) -> bool:
    return case.fields.text and may_add_file(case.actor, case.issue)


def merged(case: CaseFile) -> dict[str, Any]:
    """The issues that joined this one, and the one that it joined: links only to what the reader may open."""
    other = case.issue.merged_into
    joined = [
        {
            "number": row["number"],
            "title": row["title"],
            "state": str(State(row["state"]).label),
            "url": reverse("issues:page", args=[row["number"]]),
        }
        for row in case.merged
    ]
    into = None
    if other:
        visible = case.fields.staff and Issue.objects.visible_to(case.actor).filter(pk=other.pk).exists()
        into = {"number": other.number, "url": reverse("issues:page", args=[other.number]) if visible else ""}
    return {"joined": joined, "into": into}
