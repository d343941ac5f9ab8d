"""As ``checks``, for the policies of people, enterprises, calendar, papers and the month."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.db.models import Q

from accounts import rules
from accounts.models import ApiToken, AuditEntry, District, Post, Unit, User
from assessments.models import Card, Contest, FrozenCase, Result, Run
from common import clock
from deadlines.models import CalendarVersion, TimeRule
from documents.models import Document
from notices.models import Delivery, Notice, Preference
from projects.models import (
    Chain,
    Enterprise,
    EnterpriseInvitation,
    LibraryTarget,
    Line,
    MonthFigure,
    PlanItem,
    Project,
    ProjectImport,
    Promise,
)
from tests.permission import rights
from tests.permission.people import HEAD, MACHINE
from tests.permission.world import World, fresh

Deviations = Iterator[str]
Asker = Callable[[Any], bool]
KINDS = {
    "accounts": (District, Unit, User, Post, ApiToken, AuditEntry),
    "projects": (
        Chain,
        Enterprise,
        EnterpriseInvitation,
        Project,
        ProjectImport,
        PlanItem,
        MonthFigure,
        Promise,
        LibraryTarget,
        Line,
    ),
    "deadlines": (CalendarVersion, TimeRule),
}


def differing(world: World, told: str, who: frozenset[str], ask: Asker, of: str = HEAD) -> Deviations:
    may = {sign for sign in of if ask(fresh(world.actors[sign]))}
    if may != who & set(of):
        yield f"{told}: {''.join(sorted(may ^ (who & set(of))))} deviate"


def rights_of(app: str) -> Callable[[World, Any], Deviations]:
    """The right on a row of somebody else's, cell by cell; and that the table names all there is."""

    def check(world: World, policy: Any) -> Deviations:
        wanted = {words[1:]: who for words, who in rights.table(rights.RIGHTS).items() if words[0] == app}
        kinds = {kind.__name__: kind for kind in KINDS[app]}
        there = {(kind.__name__, action) for kind, actions in policy.MAY.items() for action in actions}
        if there != set(wanted):
            yield f"named otherwise: {sorted(there ^ set(wanted))}"
        for (kind, action), who in wanted.items():
            row = _foreign(world, kinds[kind])
            machine = MACHINE if app != "deadlines" else ""  # the calendar is never the machine's to change
            everybody = frozenset(who | set(machine))
            yield from differing(
                world, f"{action} {kind}", everybody, lambda a, x=action, o=row: policy.answer(a, x, o), HEAD + machine
            )
            yield from _post(world, policy, action, kinds[kind], who)

    return check


def _foreign(world: World, kind: type) -> Any:
    """A row that is nobody's own and of nobody's unit."""
    d = world.d
    stranger, post = world.stranger.user, world.stranger.posts[0]
    invitation = EnterpriseInvitation(enterprise=d.firm, invited_by=stranger, username="x", name="x")
    rows = {User: stranger, Post: post, ApiToken: ApiToken(user=stranger), EnterpriseInvitation: invitation}
    return rows.get(kind, kind)


def _post(world: World, policy: Any, action: str, kind: type, who: frozenset[str]) -> Deviations:
    """The post that is recorded is one that has the right."""
    if hasattr(policy, "post_for"):
        for sign in who:
            if policy.post_for(world.actors[sign], action, kind) is None:
                yield f"{action} {kind.__name__}: no post of {sign} gives the right"


def own(world: World, policy: Any) -> Deviations:
    """Everybody with the own account, post and key."""
    allowed = {line.split()[0]: set(line.split()[1:]) for line in rights.OWN.strip().splitlines()}
    for sign in HEAD[1:]:
        actor = fresh(world.actors[sign])
        rows = {User: actor.user, ApiToken: ApiToken(user=actor.user), Post: actor.posts[0] if actor.posts else None}
        for kind, row in rows.items():
            for action in policy.MAY[kind]:
                # Making accounts is asked of the kind: what one's own row says to it is the role's.
                wanted = action in allowed[kind.__name__] or (action == "create_user" and sign == "2")
                if row is not None and policy.answer(actor, action, row) != wanted:
                    yield f"{action} on the own {kind.__name__}: {sign}"
    yield from differing(
        world, "keys", frozenset(HEAD[1:]), lambda a: policy.answer(a, "create_token", ApiToken), HEAD[1:]
    )
    colleague = world.actors["h"].user
    yield from differing(
        world, "colleague", frozenset("oqyzp2"), lambda a: policy.answer(a, "view_contact", colleague),
        HEAD.replace("h", ""),
    )  # fmt: skip


def people_rows(world: World, policy: Any) -> Deviations:
    """The reads ask the rules for their sets of roles: here those of the rules that are being checked."""
    names = ("STAFF", "ALL_PEOPLE", "SECURITY", "AUDIT_READERS")
    left = User.objects.filter(username="left").first() or world.d.person("left", "unit_head", world.d.far).user
    Post.objects.filter(user=left).update(ends_at=clock.now() - timedelta(days=1))
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(patch.object(rules, name, getattr(policy, name)))
        for (kind, username), who in rights.table(rights.PEOPLE).items():
            model = {"User": User, "Post": Post, "ApiToken": ApiToken}[kind]
            own = {"username": username} if model is User else {"user__username": username}
            yield from differing(
                world,
                f"{kind} of {username}",
                who,
                lambda a, m=model, o=own: m.objects.visible_to(a).filter(**o).exists(),
            )
        trail = frozenset(rights.AUDIT)
        yield from differing(world, "audit", trail, lambda a: AuditEntry.objects.visible_to(a).exists())


def own_invitation(world: World, policy: Any) -> Deviations:
    row = EnterpriseInvitation.objects.get(pk=world.more["invitation"])
    for action, mine in rights.OWN_INVITATION.items():
        others = rights.table(rights.RIGHTS)["projects", "EnterpriseInvitation", action] - {"s"}
        yield from differing(
            world, f"{action}, one's own", others | set(mine), lambda a, x=action: policy.answer(a, x, row)
        )
    yield from _made_by_the_desk(world, policy)


def _made_by_the_desk(world: World, policy: Any) -> Deviations:
    """Two persons: a coordinator confirms what another one made, never the own."""
    row = EnterpriseInvitation(enterprise=world.d.firm, invited_by=world.actors["C"].user, username="y", name="y")
    others = rights.table(rights.RIGHTS)["projects", "EnterpriseInvitation", "confirm_invitation"] - {"C"}
    yield from differing(world, "confirm, made by C", others, lambda a: policy.answer(a, "confirm_invitation", row))


def enterprise_rows(world: World, policy: Any) -> Deviations:
    rows = {f"firm_{sign}": firm for sign, firm in world.firms.items()} | world.more_firms
    yield from _scoped(world, Enterprise, policy.enterprise_scope, rows, rights.ENTERPRISES)
    # A higher app may name further ones: here the one of the other leader, for the unit that has nothing to do with it.
    rule = lambda actor: Q(pk=rows["liaison_m"].pk) if actor.user == world.actors["x"].user else None  # noqa: E731
    policy.register_enterprise_scope(rule)
    yield from _scoped(world, Enterprise, policy.enterprise_scope, rows, f"liaison_m {rights.WIDE}mx")
    policy._enterprise_scopes.remove(rule)


def own_chain(world: World, policy: Any) -> Deviations:
    chain = Chain.objects.get(pk=world.more["chain"])
    for action in ("record_meeting", "add_target"):
        yield from differing(
            world, f"{action}, one's own", frozenset(rights.KEEPING), lambda a, x=action: policy.answer(a, x, chain)
        )


def project_rows(world: World, policy: Any) -> Deviations:
    yield from _scoped(world, Project, policy.project_scope, world.projects, rights.PROJECTS)


def work_acts(world: World, policy: Any) -> Deviations:
    typed = MonthFigure(project=world.projects["work"], entered_by=world.actors["T"].user)
    rows = {**world.items, "work": world.projects["work"], "promise": world.promise}
    rows |= {"figure": world.figure, "typed": typed}
    for (action, name), who in rights.table(rights.WORK_ACTS).items():
        yield from differing(world, f"{action} {name}", who, lambda a, x=action, o=rows[name]: policy.answer(a, x, o))


def money_rows(world: World, policy: Any) -> Deviations:
    yield from _scoped(world, MonthFigure, policy.money_scope, {"own": world.figure}, f"own {rights.MONEY}")


def own_projects(world: World, policy: Any) -> Deviations:
    """Acts that hang on the one project besides the role."""
    for (action, name), who in rights.table(rights.OWN_PROJECTS).items():
        row = Project.objects.get(pk=world.projects[name].pk)
        yield from differing(world, f"{action} {name}", who, lambda a, x=action, o=row: policy.answer(a, x, o))


def target_rows(world: World, policy: Any) -> Deviations:
    row, _made = LibraryTarget.objects.get_or_create(unit=world.d.city, year=2026, least=0, count=1)
    yield from _scoped(world, LibraryTarget, policy.target_scope, {"target": row}, rights.TARGETS)


def _scoped(world: World, kind: type, scope: Any, rows: dict[str, Any], table: str) -> Deviations:
    """Each person is asked once for all of the rows."""
    seen: dict[str, set[int]] = {}
    for sign in HEAD + MACHINE:
        condition = scope(fresh(world.actors[sign]))
        found = kind.objects.filter(pk__in=[row.pk for row in rows.values()])
        seen[sign] = set((found if condition is None else found.filter(condition)).values_list("pk", flat=True))
    for (name,), who in rights.table(table).items():
        may = {sign for sign, keys in seen.items() if rows[name].pk in keys}
        if may != who | {MACHINE}:
            yield f"row {name}: {''.join(sorted(may ^ (who | {MACHINE})))} deviate"


def papers(world: World, policy: Any) -> Deviations:
    rows = {name: Document.objects.get(pk=world.more[name]) for name in ("paper_all", "paper_unit")}
    for (name,), who in rights.table(rights.PAPERS).items():
        yield from differing(
            world, f"paper {name}", who, lambda a, n=name: Document.objects.visible_to(a).filter(pk=rows[n].pk).exists()
        )
    for (action, name), who in rights.table(rights.PAPER_ACTS).items():
        row = Document if action == "list" else rows[name]
        yield from differing(world, f"{action} {name}", who, lambda a, x=action, o=row: policy.answer_document(a, x, o))


def notices(world: World, policy: Any) -> Deviations:
    own = Notice(user=world.actors["o"].user)
    kinds = {
        "Notice": (policy.answer_notice, Notice),
        "own": (policy.answer_notice, own),
        "Preference": (policy.answer_preference, Preference),
        "Delivery": (policy.answer_delivery, Delivery),
    }
    for (action, name), who in rights.table(rights.NOTICES).items():
        answer, row = kinds[name]
        told = f"{action} {name}"
        yield from differing(world, told, who, lambda a, x=action, f=answer, o=row: f(a, x, o), HEAD + MACHINE)


def month_rows(world: World, policy: Any) -> Deviations:
    months = {"draft": "month", "published": "old", "empty": "empty"}
    runs = {name: Run.objects.get(month=world.more[key]) for name, key in months.items()}
    for (run,), who in rights.table(rights.RUNS).items():
        found = Run.objects.filter(pk=runs[run].pk)
        yield from differing(world, run, who, lambda a, f=found: f.filter(policy.run_scope(a)).exists())
    for (run, unit), who in rights.table(rights.RESULTS).items():
        found = Result.objects.filter(run=runs[run], unit__code=unit)
        yield from differing(world, f"{run} {unit}", who, lambda a, f=found: f.filter(policy.result_scope(a)).exists())
    for (run, unit, issue), who in rights.table(rights.CASES).items():
        found = FrozenCase.objects.filter(run=runs[run], unit__code=unit, issue_id=world.issues[issue].pk)
        told = f"cases {run} {unit} {issue}"
        yield from differing(world, told, who, lambda a, f=found: f.filter(policy.case_scope(a)).exists())


def month_acts(world: World, policy: Any) -> Deviations:
    run = Run.objects.get(month=world.more["month"])
    result = Result.objects.get(run=run, unit=world.d.water, group="departments")
    contest, card = Contest.objects.get(pk=world.more["contest"]), Card.objects.get(pk=world.more["card"])
    askers: dict[str, Asker] = {
        "assess": lambda a: policy.answer_run(a, "assess", Run),
        "correct": lambda a: policy.answer_run(a, "correct", Run),
        "propose_publication": lambda a: policy.answer_run(a, "propose_publication", run),
        "retract": lambda a: policy.answer_run(a, "retract", run),
        "publish": lambda a: policy.answer_run(a, "publish", run),
        "contest": lambda a: policy.answer_result(a, "contest", result),
        "view_contest": lambda a: policy.answer_contest(a, "view", contest),
        "rule_contest": lambda a: policy.answer_contest(a, "rule_contest", contest),
        "repair_card": lambda a: policy.answer_card(a, "repair_card", card),
    }
    for (action,), who in rights.table(rights.MONTH_ACTS).items():
        yield from differing(world, action, who, askers[action], HEAD + MACHINE)
    # The first signature bars the second of the same person.
    for sign in "CS":
        run.proposed_by = world.actors[sign].posts[0]
        if policy.answer_run(fresh(world.actors[sign]), "publish", run):
            yield f"{sign} signs twice"


ALL: dict[str, tuple[Callable[[World, Any], Deviations], ...]] = {
    "accounts.rules": (rights_of("accounts"), own, people_rows),
    "projects.policy": (
        rights_of("projects"),
        own_invitation,
        own_chain,
        own_projects,
        work_acts,
        target_rows,
        money_rows,
        enterprise_rows,
        project_rows,
    ),
    "deadlines.policy": (rights_of("deadlines"),),
    "documents.policy": (papers,),
    "assessments.policy": (month_acts, month_rows),
    "notices.policy": (notices,),
}
