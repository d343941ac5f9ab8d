"""The tables against the policy in this process, without HTTP: what deviates, as sentences. Each check takes the policy
as an argument, so that it can be put before one from which a row was taken away."""

from __future__ import annotations

import copy
import importlib
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from accounts.roles import Role
from common import clock
from documents.models import Attachment
from issues.models import Decision, Issue, Request
from issues.states import Action, State
from projects.models import Enterprise
from tests.permission import acts, rights, rows
from tests.permission.people import HEAD, MACHINE
from tests.permission.world import World, fresh

Deviations = Iterator[str]


def seen(world: World, policy: Any) -> Deviations:
    """Rows: what is there for whom."""
    keys = {issue.pk: name for name, issue in world.issues.items()}
    for sign in HEAD:
        actor = fresh(world.actors[sign])
        found = {keys[pk] for pk in Issue.objects.filter(policy.scope(actor)).values_list("pk", flat=True)}
        if found != rows.visible(sign):
            yield f"{sign} sees {sorted(found ^ rows.visible(sign))} otherwise than the table has it"


def fields(world: World, policy: Any) -> Deviations:
    """What of a visible row."""
    for name, letters in rows.read().items():
        issue = world.issues[name]
        for sign, letter in letters.items():
            if letter == ".":
                continue
            may = policy.fields(fresh(world.actors[sign]), issue)
            if (may.text, may.who, may.contact, may.staff, may.rating) != rows.FIELDS[letter]:
                yield f"{sign} reads of {name}: {may}"


def actions(world: World, policy: Any) -> Deviations:
    """Every action from every state in every relation. What is not visible cannot be acted on."""
    table, actors = acts.read(), {sign: fresh(actor) for sign, actor in world.actors.items()}
    known = {sign: _known(world, policy, actor) for sign, actor in actors.items()}
    whole = importlib.import_module("issues.policy").PARTIES
    # Those first whose row is not the whole one: a deletion is found soonest so.
    for action in sorted(set(Action) - {Action.SUBMIT}, key=lambda a: (policy.PARTIES.get(a) == whole[a], a)):
        for relation, state in itertools.product(acts.RELATIONS, State):
            issue = variant(world, relation, state)
            _give_request(world, issue, action, relation)
            wanted = table.get((action, state, relation), frozenset())
            may = {s for s, actor in actors.items() if issue.pk in known[s] and policy.can(actor, action, issue)}
            if may != wanted:
                yield f"{action} from {state}, {relation}: {''.join(sorted(may ^ wanted))} deviate"


def rulings(world: World, policy: Any) -> Deviations:
    for kind, long, asked, first, who in acts.rulers():
        state = State.DISPUTED if kind == "close_over" else State.HANDLING
        issue = variant(world, "own", state)
        issue._open_request = Request(
            kind=kind,
            needs_supervisor=long,
            asked_by=_post(world, asked, kind),
            first_grant_by=_post(world, first, kind) if first else None,
        )
        may = {s for s in HEAD if s in rows_of("own") and policy.can(fresh(world.actors[s]), Action.GRANT, issue)}
        if may != who:
            yield f"grant {kind} asked by {asked}: {''.join(sorted(may ^ who))} deviate"


def submitting(world: World, policy: Any) -> Deviations:
    for sign in HEAD + MACHINE:
        if policy.can(fresh(world.actors[sign]), Action.SUBMIT, Issue) != (sign in acts.SUBMIT):
            yield f"submit: {sign} deviates"


def attaching(world: World, policy: Any) -> Deviations:
    for relation, who in acts.attachers().items():
        issue = variant(world, relation, State.HANDLING)
        may = {s for s in rows_of(relation) if policy.may_attach(fresh(world.actors[s]), issue)}
        if may != who:
            yield f"attach to {relation}: {''.join(sorted(may ^ who))} deviate"


def enterprises_known(world: World, policy: Any) -> Deviations:
    """By whose enterprise an issue may be filtered: never wider than who may know it."""
    keys = {issue.pk: name for name, issue in world.issues.items()}
    for sign in HEAD:
        actor = fresh(world.actors[sign])
        found = Issue.objects.filter(policy.scope(actor)).filter(policy.knows_enterprise(actor))
        names = {keys[pk] for pk in found.values_list("pk", flat=True)}
        for name in rows.visible(sign):
            letter = rows.read()[name][sign]
            if (name in names) != rows.FIELDS[letter][rows.WHO]:
                yield f"{sign} finds {name} by its enterprise: {name in names}"


def decisions(world: World, policy: Any) -> Deviations:
    for name, who in rows.DECISIONS.items():
        found = Decision.objects.filter(pk=world.decisions[name].pk)
        may = {sign for sign in HEAD if found.filter(policy.decision_scope(fresh(world.actors[sign]))).exists()}
        if may != set(who):
            yield f"decision {name}: {''.join(sorted(may ^ set(who)))} deviate"


def enterprises_met(world: World, policy: Any) -> Deviations:
    """Those of the cases that one works on: never by a case whose enterprise one may not know."""
    for (name,), who in rights.table(rights.MET).items():
        found = Enterprise.objects.filter(pk=world.firms[name[-1]].pk)
        may = {sign for sign in HEAD if found.filter(policy.enterprises_met(fresh(world.actors[sign]))).exists()}
        if may != who:
            yield f"meets {name}: {''.join(sorted(may ^ who))} deviate"


def own_files(world: World, policy: Any) -> Deviations:
    """The submitter's own ones and those that the unit shares."""
    found = Attachment.objects.of("issue", world.issues["own"].pk).filter(policy.own_files())
    names = {one.name.partition("-")[0] for one in found}
    if names != {"SENT", "SHOW"}:
        yield f"files of the submitter: {names}"


def files(world: World, policy: Any) -> Deviations:
    """The bytes follow the words: the submitter's file, the one among staff, and the one shared with the submitter."""
    for key in ("sent_own", "work_own", "show_own", "sent_commercial", "work_anonymous", "work_complaint"):
        kind, name = key.split("_")
        for sign in HEAD:
            letter = rows.read()[name][sign]
            text, staff = (False, False) if letter == "." else (rows.FIELDS[letter][n] for n in (rows.TEXT, rows.STAFF))
            wanted = text and (staff or kind != "work")
            if policy.may_read_attachment(fresh(world.actors[sign]), world.issues[name].pk, world.files[key]) != wanted:
                yield f"{sign} and the file {key}: not {wanted}"


ALL: tuple[Callable[[World, Any], Deviations], ...] = (
    submitting, attaching, own_files, actions, seen, fields, rulings, enterprises_known, enterprises_met, decisions,
    files,
)  # fmt: skip


# --- variants --------------------------------------------------------------------------------------------------------


def variant(world: World, relation: str, state: str) -> Issue:
    """The issue of a relation as if it were in ``state``; never saved. Made once."""
    if (relation, state) not in world.variants:
        world.variants[relation, state] = _variant(world, relation, state)
    return world.variants[relation, state]


def _variant(world: World, relation: str, state: str) -> Issue:
    issue = copy.copy(world.issues[{"third": "own", "alone": "coordinating"}.get(relation, relation)])
    issue.state, issue.assignment_final = state, False
    issue.layer = 3 if relation == "third" else 2 if state == State.COORDINATING else issue.layer
    issue.solved, issue.invitations, issue.closed_over, issue.reopened_by_submitter = "", 1, False, False
    issue.verified_at = issue.closed_at = clock.now()
    issue._open_parts = list(issue.assignments.filter(ended_at__isnull=True).select_related("unit"))
    issue._open_request = None
    return issue


def _give_request(world: World, issue: Issue, action: str, relation: str) -> None:
    """Only what is ruled on has a request: an extension that somebody of the lead unit asked for."""
    issue._open_request = None
    if action in (Action.GRANT, Action.DENY):
        asked = "x" if relation in ("foreign", "complaint") else "o"
        issue._open_request = Request(kind="extend", asked_by=_post(world, asked, "extend"))


def _post(world: World, sign: str, kind: str) -> Any:
    """The post in which one asks: who holds two asks as the coordinator."""
    posts = world.actors[sign].posts
    return next((post for post in posts if post.role == Role.COORDINATOR), posts[0])


def _known(world: World, policy: Any, actor: Any) -> set[int]:
    return set(Issue.objects.filter(policy.scope(actor)).values_list("pk", flat=True))


def rows_of(relation: str) -> list[str]:
    return [sign for sign, letter in rows.read()[relation].items() if letter != "."]
