"""The issues of the world: what stands in what relation to whom, and one for each state."""

from __future__ import annotations

from datetime import timedelta

from accounts.actors import SYSTEM
from accounts.services import create_token
from assessments.models import Card, Contest, FrozenCase, Result, Run
from assessments.services import assess
from common import clock
from deadlines.models import CalendarVersion, Clock
from deadlines.services import clocks
from documents.models import Document
from issues import services
from issues.models import Category, Decision, Request
from projects.models import (
    Chain,
    Enterprise,
    EnterpriseInvitation,
    Lead,
    MonthFigure,
    PlanItem,
    PlanRevision,
    Project,
    ProjectImport,
    ProjectManager,
    Promise,
    PromiseCheck,
    TeamMember,
)
from projects.services import invite_enterprise
from tests.cast import LONG_AGO
from tests.permission.world import USCC, Teller, World


def tell(world: World) -> None:
    relations(world)
    states(world)
    world.issues = {key: type(issue).objects.for_detail().get(pk=issue.pk) for key, issue in world.issues.items()}
    rest(world)


def relations(world: World) -> None:
    # 禾曦食品's own: at work in SWJ, with GDJ beside it, on the leader's line, decided on once.
    Teller(world, "own").assign(co_units=["GDJ"]).sign().talk().decide().files()
    # Nothing of it belongs to SWJ, GDJ or the line.
    Teller(world, "foreign", by="f").assign("CGJ").sign("x").talk("x").files("f", "x")
    commercial = Teller(world, "commercial", confidentiality="commercial")
    commercial.assign(co_units=["GDJ"]).sign().talk().decide().files()
    # 绿洲仪表 and the observer stay unknown to the units.
    anonymous = Teller(world, "anonymous", by="g", confidentiality="anonymous")
    anonymous.assign(co_units=["GDJ"]).sign().talk().decide().files("g")
    Teller(world, "observed", by="w", confidentiality="anonymous", channel="observer").assign().sign().talk()
    complaint(world)
    hidden(world)
    claimed = {"name": "NAME-fresh", "phone": "13955590000"}
    Teller(world, "fresh", by="-", enterprise="CLAIM-fresh", contact=claimed)


def complaint(world: World) -> None:
    """About SWJ; handled by CGJ. GDJ, SWJ and the coordinator never hear of it."""
    told = Teller(world, "complaint", kind="complaint")
    identify(world, told, "S", enterprise=world.firms["e"], about_unit=world.d.water)
    told.assign("CGJ", "S").sign("x").talk("x").files("e", "x")
    # About the supervisors' own unit, where auditor and discipline office sit too: only the chief is left.
    identify(
        world, Teller(world, "watch", kind="complaint"), "S", enterprise=world.firms["e"], about_unit=world.d.watch_unit
    )
    # SWJ's own officer typed it in for somebody, before it was known to be about a station below SWJ.
    typed = Teller(world, "typed", by="o", kind="complaint", channel="visit")
    identify(world, typed, "S", enterprise=None, about_unit=world.d.station)
    world.decisions["typed"] = decision(world, typed.issue, world.d.station, done_at=clock.now())
    world.decisions["nobody"] = decision(world, None, world.d.water)


def identify(world: World, told: Teller, who: str, **fields: object) -> None:
    services.identify(issue_id=told.issue.pk, actor=world.actors[who], **fields)


def decision(world: World, issue: object, unit: object, **fields: object) -> Decision:
    given = {"issue": issue, "unit": unit, "layer": 2, "text": f"DECI-{issue and 'typed'}", "decided_at": clock.now()}
    return Decision.objects.create(**given, decided_by=world.actors["l"].posts[0], **fields)


def hidden(world: World) -> None:
    """Anonymous in other ways: led by somebody else, typed in by the specialist, claimed and then confirmed."""
    Teller(world, "led", by="g", confidentiality="anonymous").assign(leader="pair_t").sign()
    typed = Teller(world, "filed", by="s", confidentiality="anonymous", channel="visit", enterprise=USCC["g"])
    assert typed.issue.enterprise == world.firms["g"]
    named = Teller(world, "named", by="-", confidentiality="anonymous")
    identify(world, named, "C", enterprise=world.firms["g"])


def states(world: World) -> None:
    """One of 禾曦食品's in each state, all with SWJ."""
    Teller(world, "returned").do("return", "C", text="MISS-returned")
    Teller(world, "assigned").assign(co_units=["GDJ"])
    refused = Teller(world, "refused").assign()
    refused.do("refuse", "o", reason="REFU-refused", clause="CLAU-refused", unit="CGJ")
    Teller(world, "asked").assign().sign().do("extend", "o", days=2, reason="ASKS-asked")
    Teller(world, "coordinating").assign().sign().do("escalate", "o", text="NEED-coordinating")
    suspended = Teller(world, "suspended").assign().sign()
    until = (clock.today() + timedelta(days=10)).isoformat()
    suspended.do("suspend", "o", reason="season", text="STOP-suspended", until=until)
    suspended.do("grant", "C", text="GRAN-suspended")
    Teller(world, "proposed").assign().sign().propose()
    Teller(world, "rating").assign().sign().propose().verify()
    Teller(world, "disputed").assign().sign().propose().verify().rate(1, "no")
    Teller(world, "closed").assign().sign().propose().verify().rate(5, "yes")
    Teller(world, "withdrawn").assign().do("withdraw", "e", reason="GONE-withdrawn")
    merged = Teller(world, "merged", by="f")
    merged.do("merge", "C", into=world.issues["own"].number)
    # The coordinator's own unit has the lead: the coordinator may not judge it.
    Teller(world, "desk").assign("YSB", "C")
    world.d.do("sign", world.issues["desk"], SYSTEM)
    world.issues["desk"].refresh_from_db()


def rest(world: World) -> None:
    """What else the addresses name: a file without a mark, a month, papers, an invitation, clocks."""
    d = world.d
    water = Clock.objects.filter(subject_id=world.issues["own"].pk, kind="resolution").first()
    world.more |= {"clock": water.pk, "category": Category.objects.get(name="供水").pk, "line": d.line.pk}
    world.more |= {"firm": d.firm.pk, "firm_g": world.firms["g"].pk, "post": d.officer.posts[0].pk}
    invitation = invite_enterprise(
        actor=world.actors["s"], enterprise_id=d.firm.pk, name="新人", username="invited", phone="13955580000"
    )
    world.more["invitation"] = EnterpriseInvitation.objects.get(pk=invitation.pk).pk
    world.more["request"] = Request.objects.get(issue=world.issues["asked"], state="open").pk
    world.more |= {"token": create_token(actor=world.actors["o"]).token.pk}
    for key, unit in (("paper_all", None), ("paper_unit", d.water)):
        world.more[key] = _paper(key, unit)
    world.more |= {"code": Document.objects.get(pk=world.more["paper_unit"]).code}
    world.more |= {"calendar": CalendarVersion.objects.earliest("pk").number}
    chain = Chain.objects.create(name="新材料", leader=d.leader.posts[0], starts_on=clock.today())
    chain.units.add(d.water)
    world.more["chain"] = chain.pk
    world.more["list"] = ProjectImport.objects.create(
        name="重点项目.xlsx",
        digest="0",
        path="imports/none.xlsx",
        state="checked",
        rows=1,
        problems=[[2, "C", "总投资", "x", "x", "warning"]],
        changes=[{"code": "P-1", "name": "项目", "new": True, "changes": {}}],
        by=world.actors["C"].user,
        uploaded_at=clock.now(),
    ).pk
    months(world)
    firms_and_projects(world)


def months(world: World) -> None:
    """A draft of March, and January as two persons published it, with the same cases."""
    d = world.d
    with clock.at(clock.parse("2026-04-01T06:00")):
        draft = assess(month="2026-03", now=clock.now())
    Result.objects.filter(run=draft, unit=d.water).update(rank=1, ranked=True, why_not="")
    old = Run.objects.get(pk=draft.pk)
    old.pk, old.month, old.state = None, "2026-01", Run.State.DRAFT
    old.save(force_insert=True)
    for model in (FrozenCase, Result):
        rows = list(model.objects.filter(run=draft))
        for row in rows:
            row.pk, row.run = None, old
        model.objects.bulk_create(rows)
    signed = {"proposed_by": world.actors["C"].posts[0], "published_by": world.actors["S"].posts[0]}
    Run.objects.filter(pk=old.pk).update(state="published", proposed_at=clock.now(), published_at=clock.now(), **signed)
    case = FrozenCase.objects.filter(run=draft, unit=d.water, issue_id=world.issues["own"].pk).order_by("pk").first()
    # Published, and nobody stands in it.
    old.pk, old.month = None, "2025-12"
    old.save(force_insert=True)
    Run.objects.filter(pk=old.pk).update(state="published", proposed_at=clock.now(), published_at=clock.now(), **signed)
    world.more["empty"], old = old.month, Run.objects.get(month="2026-01")
    _rehearse(world, draft)
    world.more |= {"month": draft.month, "old": old.month, "case": case.pk} | _contested(world, draft, case)


def _rehearse(world: World, draft: Run) -> None:
    """The rehearsal of another month, with the same results."""
    run = Run.objects.get(pk=draft.pk)
    run.pk, run.month, run.version, run.state = None, "2026-02", 0, Run.State.REHEARSAL
    run.save(force_insert=True)
    for row in list(Result.objects.filter(run=draft)):
        row.pk, row.run = None, run
        row.save(force_insert=True)
    world.more["rehearsed"] = run.month


def _contested(world: World, run: Run, case: FrozenCase) -> dict[str, int]:
    """A contest and a card of SWJ in the draft, as they would stand there."""
    contest = Contest.objects.create(
        run=run, unit=world.d.water, indicator=case.indicator, source_id=case.source_id, ref=case.ref,
        text="CONT-own", opened_by=world.actors["h"].posts[0], opened_at=clock.now(),
    )  # fmt: skip
    card = Card.objects.create(run=run, unit=world.d.water, group="departments", issued_at=clock.now(), facts={})
    return {"contest": contest.pk, "card": card.pk}


def firms_and_projects(world: World) -> None:
    """Each in one relation to one person alone."""
    d = world.d

    def firm(key: str, **relation: object) -> None:
        world.more_firms[key] = Enterprise.objects.create(
            name=f"FIRM-{key}", pinyin=key, created_at=LONG_AGO, **relation
        )

    firm("liaison_m", liaison_leader=world.actors["m"].posts[0])
    firm("liaison_unit", liaison_unit=d.power)
    firm("town_city", town=d.city)
    firm("town_line", town=d.town)
    firm("merged", merged_into=world.firms["e"])
    for key, relation in (
        ("managed", {"manager": world.actors["m"].posts[0]}),
        ("of_unit", {"unit": d.city}),
        ("of_firm", {"enterprise": world.firms["f"]}),
        ("of_firm_e", {"enterprise": world.firms["e"]}),
        ("of_merged", {"enterprise": world.more_firms["merged"]}),
        ("led_by_unit", {"lead_unit": d.city}),
        ("in_town", {"town": d.city}),
        ("in_park", {"park": d.city}),
        ("cadre", {}),
        ("served", {}),
        ("former", {}),
        ("line_town", {"town": d.town}),
        ("line_park", {"park": d.town}),
        ("line_named", {}),
        ("work", {"unit": d.water}),
        ("approved_by", {}),
        ("begun", {}),
        ("asked", {}),
    ):
        world.projects[key] = Project.objects.create(code=key, name=f"PROJ-{key}", created_at=LONG_AGO, **relation)
    people_of_projects(world)
    work_on_projects(world)


def work_on_projects(world: World) -> None:
    """SWJ's project with an item of each kind, money and promises; an approval of GDJ in another one."""
    work, more = world.projects["work"], world.more
    own = {"key": "own", "kind": "approval", "name": "ITEM-own", "state": "running", "started_on": clock.today()}
    world.items["own"] = PlanItem.objects.create(project=work, planned_end=clock.today(), **own)
    gdj = {"key": "gdj", "kind": "approval", "name": "ITEM-gdj", "unit": world.d.power}
    world.items["gdj"] = PlanItem.objects.create(project=world.projects["approved_by"], **gdj)
    PlanRevision.objects.create(
        item=world.items["own"], new_end=clock.today(), reason="x", asked_at=clock.now(), granted=None
    )
    promise = Promise.objects.create(
        project=work, side="enterprise", text="PROM-own", due_on=clock.today(), entered_at=clock.now()
    )
    PromiseCheck.objects.create(promise=promise, on=clock.today(), result="broken", finding="slow", at=clock.now())
    figure = MonthFigure.objects.create(project=work, month=clock.today().replace(month=1, day=1), actual=1)
    world.promise, world.figure = promise, figure
    running = {"subject_kind": "project", "subject_id": work.pk, "subject_ref": work.code, "at": clock.now()}
    more["clock_of_work"] = clocks.start(kind="evaluation", **running).pk
    more |= {"item": world.items["own"].pk, "item_gdj": world.items["gdj"].pk, "promise": promise.pk}


def people_of_projects(world: World) -> None:
    """A cadre with the leader above, a specialist, both of another project until yesterday; and one named by a line."""
    rows, today = world.projects, clock.today()
    cadre, leader, served = (world.actors[sign].posts[0] for sign in "xms")
    over = {"starts_on": LONG_AGO.date(), "ends_on": today - timedelta(days=1)}
    for key, days in (("cadre", {"starts_on": today}), ("former", over)):
        ProjectManager.objects.create(project=rows[key], post=cadre, leader=leader, **days)
    for key, days in (("served", {"starts_on": today}), ("former", over)):
        TeamMember.objects.create(project=rows[key], post=served, duty="specialist", **days)
    world.d.line.projects.add(rows["line_named"])
    Lead.objects.create(project=rows["begun"], owner=served, registered_at=LONG_AGO)
    asked = {"park_asked_of": world.actors["l"].posts[0], "park_asked_at": LONG_AGO}
    Lead.objects.create(project=rows["asked"], registered_at=LONG_AGO, **asked)
    # What the addresses of a project of CGJ name: people who do not see it by that any more.
    row = ProjectManager.objects.create(project=rows["of_unit"], post=cadre, leader=leader, **over)
    member = TeamMember.objects.create(project=rows["of_unit"], post=served, duty="agent", **over)
    world.more |= {"manager": row.pk, "member": member.pk}


def _paper(key: str, unit: object) -> int:
    """An archived paper without the press: who may read it is all that counts here."""
    from documents import storage

    path = storage.new_path(storage.DOCUMENTS, ".pdf")
    size, digest = storage.write(path, [b"%PDF-1.7\n"])
    row = Document(
        kind=Document.Kind.BULLETIN, number=key, title=f"TITLE-{key}", organ="区营商办", period="2026-03", path=path,
        size=size, sha256=digest, source_sha256=digest, data_sha256=digest, code=(key * 22)[:22].replace("_", "-"),
        readers=[unit.pk] if unit else [], unit=unit, issued_on=clock.today(), created_at=clock.now(),
    )  # fmt: skip
    row.save(force_insert=True)
    return row.pk
