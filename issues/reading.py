"""Reading that leaves a trace: an auditor's of commercial secrets; and a contact, masked until somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterable

from accounts import audit
from accounts.actors import Actor
from accounts.models import AuditEntry
from accounts.roles import Role
from issues import policy
from issues.models import Issue
from issues.states import Confidentiality


def note_commercial(actor: Actor, issues: Iterable[Issue]) -> None:
    """To an auditor commercial text is there only with an entry in the audit trail (PRODUCT.md §3)."""
    if not actor.has(Role.AUDITOR):
        return
    for issue in issues:
        if issue.confidentiality == Confidentiality.COMMERCIAL and policy.fields(actor, issue).text:
            audit.record(actor, "read_commercial", "issue", issue.number, post=actor.in_role(Role.AUDITOR))


def note_contact(actor: Actor, issue: Issue) -> AuditEntry:
    return audit.record(actor, "view_contact", "issue", issue.number)
