"""What was said to and by the submitter, the answer, whom to ask, and the files."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Post
from common import fmt
from documents.models import Attachment
from issues.models import Event
from issues.public.course import OWN, Course, data_of
from issues.public.steps import moment, outcome
from issues.states import Action


def said(course: Course) -> list[dict[str, str | bool]]:
    """Newest first: what the units said to the submitter, and what the submitter wrote."""
    rows = [_saying(course, event) for event in reversed(course.events)]
    return [row for row in rows if row["text"]]


def _saying(course: Course, event: Event) -> dict[str, str | bool]:
    data, mine = data_of(event), event.kind in OWN
    text = str(data.get("reason") or data.get("text") or "") if event.kind in OWN else ""
    if event.kind in (Action.FEED_BACK, Action.RETURN, Action.UPHOLD):
        text = str(data.get("text") or "")
    if event.kind == Action.FEED_BACK and course.words_hidden:
        text = _("(The words hold commercial secrets of another enterprise.)")
    if event.kind == Action.WITHDRAW and data.get("as") == "system":
        text = ""
    return {"who": _("You") if mine else _place(event.post), "text": text, "time": moment(event.at), "mine": mine}


def _place(post: Post | None) -> str:
    if post is None:
        return str(_("Our staff"))
    return post.unit.name if post.unit else str(post.get_role_display())


def answer(course: Course) -> dict[str, str] | None:
    """The answer, once it was checked: never what is still a proposal among staff."""
    if not course.answered:
        return None
    body = course.led.body
    hidden = _("(The words hold commercial secrets of another enterprise.)")
    return {
        "outcome": outcome(course),
        "text": hidden if course.words_hidden else body.account,
        "clause": "" if course.words_hidden else body.clause,
        "who": course.led.lead_unit.name if course.led.lead_unit else "",
        "time": moment(course.led.verified_at),
    }


def whom_to_ask(course: Course) -> list[dict[str, str]]:
    issue = course.led
    rows = []
    if issue.lead_unit:
        small = "　".join(part for part in (issue.handler, issue.lead_unit.phone) if part)
        rows.append({"label": _("Handled by"), "text": issue.lead_unit.name, "small": small})
    if own := course.issue.specialist or (course.issue.enterprise.specialist if course.issue.enterprise else None):
        rows.append({"label": _("Service specialist"), "text": str(own.user), "small": own.user.phone})
    if issue.leader:
        rows.append({"label": _("Leader in charge"), "text": f"{issue.leader.user}　{issue.leader.title}", "small": ""})
    return rows


def files(course: Course) -> list[dict[str, str]]:
    return [
        {
            "name": file.name,
            "size": fmt.file_size(file.size),
            "url": reverse("public:file", args=[course.issue.number, file.pk, file.name]),
            "who": "" if file.by == Attachment.By.SUBMITTER else str(_("from the unit")),
        }
        for file in course.files
    ]
