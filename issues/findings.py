"""A promise that was found broken becomes an issue: of the project's enterprise, by who found it (诚信履约回头看)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.actors import Actor
from common.errors import ValidationError
from issues import services
from issues.states import Channel
from projects import raising
from projects.models import Promise, PromiseCheck

CATEGORY = "合同履约"


def raise_issue(actor: Actor, promise: Promise, check: PromiseCheck) -> str:
    """403 for who may not submit, 400 without an enterprise that can be reached: it rates the issue in the end."""
    project = promise.project
    firm = project.enterprise
    if firm is None or not firm.contact_phone:
        raise ValidationError(_("The project's enterprise has no contact: enter one first."))
    title = f"{project.name}：{check.get_finding_display()}"
    clause = f"（{promise.clause}）" if promise.clause else ""
    due = _("Promised by %(side)s until %(due)s%(clause)s: %(text)s") % {
        "side": promise.get_side_display(),
        "due": promise.due_on.isoformat(),
        "clause": clause,
        "text": promise.text,
    }
    issue = services.submit(
        actor=actor,
        title=title[:200],
        text=f"{due}\n{check.on.isoformat()}：{check.text}",
        channel=Channel.INSPECTION,
        contact={"name": firm.contact_name or firm.name[:100], "phone": firm.contact_phone},
        category=CATEGORY,
        enterprise=firm.uscc or firm.name,
        project=project.code,
        place=project.place,
    )
    return issue.number


def register() -> None:
    raising.register(raise_issue)
