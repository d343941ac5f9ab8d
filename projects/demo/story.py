"""One project of the demo from its first talk as far as it got, each step by the verb and by who would do it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from accounts.actors import Actor
from accounts.models import Post, Unit
from accounts.roles import UnitKind
from common import clock
from documents import storage
from documents.models import Attachment
from documents.services.attach import Prepared, attach
from projects import services
from projects.demo import words
from projects.gates import AGREEMENT
from projects.models import Chain, Enterprise, PlanItem, PlanTemplate, Project
from projects.states import (
    MILESTONES,
    SECOND_MANAGER_FROM,
    ApprovalType,
    Category,
    CheckResult,
    Criterion,
    Duty,
    Finding,
    ItemKind,
    Level,
    PromiseSide,
    Review,
    Stage,
    tier_for,
)

Act = Callable[[datetime], object]
ONE_DAY = timedelta(days=1)
PAST = 360  # days of history


@dataclass
class Players:
    """Who acts in the play. ``officer`` gives the liaison officer of a unit."""

    coordinator: Actor
    statistics: Actor
    officer: Callable[[Unit], Actor]
    leaders: Sequence[Post]
    specialists: Sequence[Post]
    firms: Sequence[Enterprise]
    units: dict[str, Unit]
    approver: str = "SPJ"
    department: str = "SWJ"


@dataclass
class Script:
    """The acts of one play, each at its instant; none before the history begins, none after now."""

    now: datetime
    acts: list[tuple[datetime, Act]] = field(default_factory=list)

    @property
    def floor(self) -> date:
        return clock.local(self.now).date() - timedelta(days=PAST)

    def on(self, day: date, act: Act, hour: int = 10) -> None:
        instant = datetime.combine(max(day, self.floor), time(hour), clock.SHANGHAI)
        if instant <= self.now:
            self.acts.append((instant, act))


class Story:
    """One project: ``back`` days ago its plan began; it got as far as ``stage``."""

    def __init__(self, players: Players, script: Script, dice: random.Random, n: int, stage: Stage, back: int) -> None:
        self.players, self.script, self.dice, self.n, self.stage = players, script, dice, n, stage
        self.today = clock.local(script.now).date()
        self.begins = self.today - timedelta(days=back)
        self.code = f"XM{self.today.year}-{n + 1:04d}"
        # The enterprise of the tour is the first firm: its project is under construction.
        self.firm = players.firms[(n - 1) % len(players.firms)]
        self.kind = ApprovalType.APPROVAL if n % 3 == 0 else ApprovalType.FILING
        self.amount = Decimal(dice.choice(words.AMOUNTS))
        # One in nine is late with what came last.
        self.late = n % 9 == 4
        towns = [unit for unit in players.units.values() if unit.kind == UnitKind.TOWN]
        parks = [unit for unit in players.units.values() if unit.kind == UnitKind.PARK]
        home = self.firm.town
        self.town = home if home and home.kind == UnitKind.TOWN else towns[n % len(towns)]
        self.park = home if home and home.kind == UnitKind.PARK else parks[n % len(parks)]
        leads = [unit for unit in players.units.values() if unit.is_lead]
        self.unit, self.lead_unit = (self.park if n % 3 else self.town), leads[n % len(leads)]
        if n % 7 == 3:  # some are a department's, the liaison officer's of the tour among them
            self.unit = players.units.get(players.department, self.unit)
        self.leader = players.leaders[(n + n // 8) % len(players.leaders)]
        self.specialist = players.specialists[n % len(players.specialists)]

    def way(self) -> Iterator[Stage]:
        for stage in (Stage.NEGOTIATION, Stage.SIGNING, Stage.CONSTRUCTION, Stage.PRODUCTION, Stage.OPERATION):
            if self.stage == Stage.TERMINATED and stage == Stage.CONSTRUCTION:
                return
            if stage not in _up_to(self.stage):
                return
            yield stage

    def tell(self) -> None:
        on, first = self.script.on, self.begins - timedelta(days=30 if self.stage != Stage.PLANNING else 4)
        on(first, lambda at: self.register(first), 9)
        stages = list(self.way())
        if Stage.NEGOTIATION in stages:
            on(first + 5 * ONE_DAY, lambda at: self.evaluate())
            on(first + 7 * ONE_DAY, lambda at: self.brief())
            on(first + 9 * ONE_DAY, lambda at: self.advance())
            on(first + 10 * ONE_DAY, lambda at: self.man())
            on(self.begins, lambda at: self.plan(), 11)
        if Stage.SIGNING in stages:
            on(self.begins + 38 * ONE_DAY, lambda at: self.decide(self.begins + 38 * ONE_DAY), 12)
            on(self.begins + 39 * ONE_DAY, lambda at: self.advance(), 13)
        self._items(stages)
        self._care()
        if self.stage == Stage.TERMINATED:
            on(self.today - 9 * ONE_DAY, lambda at: self.end())

    # --- what is done, each by who would do it ---

    def register(self, day: date) -> None:
        desk, short = self.players.coordinator, self.firm.name.removesuffix("有限公司")
        turn = self.n // len(self.players.firms)
        services.register_lead(
            actor=desk,
            code=self.code,
            name=f"{short}{words.KINDS[self.n % len(words.KINDS)]}{f'（{turn + 1}期）' if turn else ''}",
            source=("以商招商", "产业链推介会", "企业主动来访", "驻外招商")[self.n % 4],
            contact_name=self.firm.contact_name,
            enterprise=self.firm,
            investor=self.firm.name,
            content=f"建设{words.KINDS[self.n % len(words.KINDS)]}及配套设施。",
            level=Level.PROVINCE if self.n % 41 == 5 else Level.CITY if self.n % 24 == 7 else Level.DISTRICT,
            category=self.category(),
            approval_type=self.kind,
            fast_early=self.n % 2 == 0,
            fast_promise=self.n % 5 == 1,
            fast_build=self.n % 7 == 2,
            industry=self.firm.industry,
            chain=self.chain(),
            unit=self.unit,
            lead_unit=self.lead_unit,
            town=self.town,
            park=self.park,
            place=self.park.name,
            total_investment=self.amount,
            land_area=Decimal(20 + self.n * 13 % 180),
        )
        talked = min(day + 2 * ONE_DAY, clock.today())
        services.record_first_talk(
            actor=desk, code=self.code, owner=self.specialist, on=talked, text=words.TALKS[self.n % len(words.TALKS)]
        )

    def chain(self) -> Chain | None:
        """Three in four lie on one of the chains, which were founded before."""
        chains = list(Chain.objects.order_by("pk"))
        return chains[self.n % len(chains)] if chains and self.n % 4 != 3 else None

    def category(self) -> Category:
        """As the yearly list has it: what began this year is a new start."""
        fresh = self.stage == Stage.CONSTRUCTION and self.begins.year == self.today.year
        return Category.PLANNED_START if fresh else words.CATEGORY[self.stage]

    def evaluate(self) -> None:
        scores = {one: (6 + (self.n + k) % 5, words.REASONS[one]) for k, one in enumerate(Criterion)}
        services.evaluate(
            actor=self.players.coordinator, code=self.code, scores=scores, favourable=True, opinion="建议进入洽谈。"
        )

    def brief(self) -> None:
        services.issue_brief(actor=self.players.coordinator, code=self.code)

    def advance(self) -> None:
        services.advance(actor=self.players.coordinator, code=self.code)

    def man(self) -> None:
        """One leader as project manager, two for a major project, and a specialist."""
        desk, leaders = self.players.coordinator, self.players.leaders
        named = [self.leader]
        if self.amount >= SECOND_MANAGER_FROM and len(leaders) > 1:
            named.append(leaders[(leaders.index(self.leader) + 1) % len(leaders)])
        for post in named:
            services.name_manager(actor=desk, code=self.code, post=post, reason="区领导包保项目分工")
        services.name_member(actor=desk, code=self.code, post=self.specialist, duty=Duty.SPECIALIST)

    def plan(self) -> None:
        desk, project = self.players.coordinator, Project.objects.get(code=self.code)
        template = _template(self.kind)
        services.plan_from_template(actor=desk, project_id=project.pk, template_id=template.pk, starts_on=self.begins)
        approver = self.players.units.get(self.players.approver)
        for item in PlanItem.objects.filter(project=project, kind=ItemKind.APPROVAL, unit=None):
            services.assign_item(actor=desk, item_id=item.pk, unit=approver)
        for side, text, clause in words.OWED[: 1 + self.n % 2]:
            services.add_promise(
                actor=desk, project_id=project.pk, side=side, text=text, clause=clause,
                due_on=self.begins + timedelta(days=180), unit=self.unit if side == PromiseSide.GOVERNMENT else None,
            )  # fmt: skip

    def decide(self, day: date) -> None:
        desk = self.players.coordinator
        for kind in Review:
            unit = self.players.units.get(words.REVIEWERS[kind], self.unit)
            services.record_review(
                actor=desk, code=self.code, kind=kind, passed=True, text="无一票否决情形。", unit=unit, on=day
            )
        services.record_decision(
            actor=desk, code=self.code, tier=tier_for(self.amount), favourable=True, on=day,
            number=f"纪要〔{day.year}〕{1 + self.n % 60}号",
        )  # fmt: skip

    def sign(self) -> None:
        """The agreement as a file; what such a file holds is no matter here."""
        actor, project = self.players.coordinator, Project.objects.get(code=self.code)
        attach(
            actor=actor, subject_kind=AGREEMENT, subject_id=project.pk, by=Attachment.By.STAFF, public=False,
            file=_paper("投资协议"), at=clock.now(), unit_id=actor.posts[0].unit_id,
        )  # fmt: skip

    def finish(self, key: str, begun: date, ended: date) -> None:
        item = PlanItem.objects.select_related("unit").get(project__code=self.code, key=key)
        actor = self.players.coordinator
        if item.kind == "approval":
            services.start_item(actor=actor, item_id=item.pk, on=begun)
        # What ended before the history begins is told late: with the paper that bears the day.
        paper = _paper(f"{item.name}批复") if item.kind == ItemKind.APPROVAL and ended < clock.today() else None
        services.finish_item(actor=actor, item_id=item.pk, on=ended, file=paper)

    def begin(self, key: str, begun: date) -> None:
        item = PlanItem.objects.get(project__code=self.code, key=key)
        services.start_item(actor=self.players.coordinator, item_id=item.pk, on=begun)
        if self.n % 5 == 0 and item.kind == "approval":
            services.return_item(actor=self.players.coordinator, item_id=item.pk, text="缺少节能审查意见。")

    def end(self) -> None:
        services.terminate(actor=self.players.coordinator, code=self.code, reason="投资方调整战略，双方协商解约。")

    # --- when ---

    def _items(self, stages: list[Stage]) -> None:
        """Each item as planned, give or take some days; the last one due is left open where the project is late."""
        rows = _steps(self.kind)
        due = [row for row in rows if self.begins + timedelta(days=row[1] + row[2] - 1) < self.today]
        if self.stage not in (Stage.SIGNING, Stage.CONSTRUCTION, Stage.PRODUCTION, Stage.OPERATION):
            due = rows[:1] if self.stage == Stage.NEGOTIATION else []
        gates = {
            "construction_permit": Stage.CONSTRUCTION,
            "joint_acceptance": Stage.PRODUCTION,
            "capacity": Stage.OPERATION,
        }
        for number, (key, offset, length, _approval) in enumerate(due):
            begun = self.begins + timedelta(days=offset)
            ended = min(begun + timedelta(days=max(length - 1 + self.dice.randint(-3, 3), 0)), self.today - ONE_DAY)
            if self.late and number >= len(due) - 2 and key not in gates and key not in MILESTONES:
                self.script.on(begun, lambda at, key=key, begun=begun: self.begin(key, begun))
                continue
            self.script.on(ended, lambda at, key=key, b=begun, e=ended: self.finish(key, b, e), 14)
            if key == "signed":
                self.script.on(ended, lambda at: self.sign(), 15)
            if key in gates and gates[key] in stages:
                self.script.on(ended, lambda at: self.advance(), 17)
        running = [
            row for row in rows if row not in due and row[3] and self.begins + timedelta(days=row[1]) < self.today
        ]
        if len(due) > 1:
            for key, offset, _length, _approval in running:
                begun = self.begins + timedelta(days=offset)
                self.script.on(begun, lambda at, key=key, begun=begun: self.begin(key, begun))

    def _care(self) -> None:
        """Contacts every few weeks; of some the last one is long ago. A look back at the promises."""
        if self.stage in (Stage.PLANNING, Stage.TERMINATED):
            return
        quiet = self.n % 11 == 7
        day, last = max(self.begins, self.script.floor + ONE_DAY), self.today - timedelta(days=45 if quiet else 3)
        turn = self.n
        while day < last:
            kind, text = words.VISITS[turn % len(words.VISITS)]
            self.script.on(day, lambda at, day=day, kind=kind, text=text: self.log(day, kind, text), 16)
            day, turn = day + timedelta(days=self.dice.randint(12, 40)), turn + 1
        if self.stage in (Stage.CONSTRUCTION, Stage.PRODUCTION) and self.n % 6 == 0:
            self.script.on(self.today - timedelta(days=20), lambda at: self.look_back(at))

    def log(self, day: date, kind: str, text: str) -> None:
        services.log_contact(
            actor=self.players.coordinator,
            project_id=Project.objects.get(code=self.code).pk,
            kind=kind,
            on=day,
            text=text,
        )

    def look_back(self, at: datetime) -> None:
        promise = Project.objects.get(code=self.code).promises.first()
        if promise is None:
            return
        broken = self.n % 18 == 0
        services.check_promise(
            actor=self.players.coordinator, promise_id=promise.pk, on=clock.local(at).date(),
            result=CheckResult.BROKEN if broken else CheckResult.KEPT,
            finding=Finding.GOVERNMENT if broken and promise.side == PromiseSide.GOVERNMENT
            else Finding.SLOW if broken else "",
            text="约定的通水时间已过，管网尚未接通。" if broken else "对照协议逐条核对，已兑现。",
        )  # fmt: skip


def _paper(name: str) -> Prepared:
    path = storage.new_path(storage.ATTACHMENTS)
    size, digest = storage.write(path, [f"{name}（演示文本）".encode()])
    return Prepared(f"{name}.txt", path, size, digest, "text/plain")


def _up_to(stage: Stage) -> tuple[Stage, ...]:
    way = (Stage.NEGOTIATION, Stage.SIGNING, Stage.CONSTRUCTION, Stage.PRODUCTION, Stage.OPERATION)
    if stage == Stage.TERMINATED:
        return way[:2]
    return way[: way.index(stage) + 1] if stage in way else ()


def _template(kind: str) -> PlanTemplate:
    """The whole way of such a project."""
    return PlanTemplate.objects.filter(approval_type=kind).order_by("id")[0]


def _steps(kind: str) -> list[tuple[str, int, int, bool]]:
    """(key, offset, length, is an approval) of the template that such a project gets."""
    return [(one.key, one.offset, one.length, one.kind == "approval") for one in _template(kind).items.all()]
