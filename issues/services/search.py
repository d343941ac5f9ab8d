"""Search that finds two-character Chinese words by an index: folded text and its bigrams as int4 under GIN.

What a reader may not read does not stand in the row that the reader searches.
"""

from __future__ import annotations

import json
import unicodedata
from itertools import pairwise

from django.db.models import Func, IntegerField, Q, QuerySet, Value

from accounts.actors import Actor
from accounts.roles import OPERATIONAL_ROLES, Role
from issues.models import Event, Issue, IssueSearch
from issues.states import Confidentiality, IssueKind

Scope = IssueSearch.Scope


def fold(text: str) -> str:
    """NFKC, lower case, without blanks and NUL: the form in which text is kept and searched."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(ch for ch in folded if not ch.isspace() and ch != "\x00")


def grams(folded: str) -> list[int]:
    """All bigrams as signed int4. Rare characters may collide: the text is looked at again by strpos."""
    found = set()
    for a, b in pairwise(folded):
        value = (ord(a) & 0xFFFF) << 16 | ord(b) & 0xFFFF
        found.add(value - (1 << 32) if value >= 1 << 31 else value)
    return sorted(found)


def bodies(issue: Issue, *, text: str, claim: str, contact: str, more: str = "") -> dict[str, str]:
    """What stands in the rows of an issue, by scope."""
    enterprise = issue.enterprise.name if issue.enterprise_id and issue.enterprise else ""
    project = issue.project.name if issue.project_id and issue.project else ""
    head, who, said = [issue.number, issue.title, issue.place], [enterprise, project, claim, contact], [text, more]
    full = fold("|".join([*head, *who, *said]))
    secret = issue.confidentiality
    if secret == Confidentiality.NORMAL:
        return {Scope.ALL: full}
    kept = [*head, *who] if secret == Confidentiality.COMMERCIAL else [*head, *said]
    return {Scope.FULL: full, Scope.OPEN: fold("|".join(kept))}


def index(issue: Issue) -> None:
    """Write the search rows anew: submit, supplement, assign and edit call this, nothing else writes them."""
    body = issue.body
    more = "|".join(
        text
        for stored in Event.objects.filter(issue=issue, kind="supplement")
        .order_by("seq")
        .values_list("body", flat=True)
        if (text := _text(stored))
    )
    wanted = bodies(
        issue,
        text=body.text,
        claim=f"{body.enterprise_claim}|{body.project_claim}",
        contact=body.contact_name,
        more=more,
    )
    IssueSearch.objects.filter(issue=issue).exclude(scope__in=list(wanted)).delete()
    for scope, folded in wanted.items():
        IssueSearch.objects.update_or_create(
            issue=issue,
            scope=scope,
            defaults={"body": folded, "grams": grams(folded), "submitted_at": issue.submitted_at},
        )


def _text(stored: str) -> str:
    return str(json.loads(stored)["data"].get("text", ""))


def scopes_of(actor: Actor) -> list[str]:
    """The auditor's search stays in the open rows: what they read of a commercial issue leaves a row in the audit
    trail, and a search that finds it by its words would tell them without one."""
    wide = actor.system or actor.has(*(OPERATIONAL_ROLES - {Role.AUDITOR}))
    return [Scope.ALL, Scope.FULL] if wide else [Scope.ALL, Scope.OPEN]


def searched(actor: Actor) -> Q:
    """The search rows for the actor; the discipline office reads all of complaints, and of nothing else."""
    rows = Q(scope__in=scopes_of(actor))
    if actor.has(Role.DISCIPLINE):
        rows |= Q(scope=Scope.FULL, issue__kind=IssueKind.COMPLAINT)
    return rows


class StrPos(Func):
    function = "strpos"
    output_field = IntegerField()


def rows_matching(actor: Actor, query: str) -> QuerySet[IssueSearch]:
    """Search rows that hold ``query``, in the scope that the actor may search: for ``issue__in`` beside
    ``visible_to``, so that search, list, count and export share one rule and one order."""
    word = fold(query)
    rows = IssueSearch.objects.filter(searched(actor))
    wanted = grams(word)
    if wanted:
        rows = rows.filter(grams__contains=wanted)
    return rows.annotate(at=StrPos("body", Value(word))).filter(at__gt=0)
