"""Issues lived through by the verbs: each story yields the instant of its next step; a heap plays them in one order of
time, with the sweep between them, so that late ones are late and climb a layer by themselves."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta

from django.core.files.base import ContentFile

from accounts.actors import ANONYMOUS, Actor
from common import clock
from deadlines import calendar
from deadlines.services.sweep import sweep
from documents.models import Attachment
from documents.services.attach import attach
from issues import services
from issues.demo.cast import Cast
from issues.demo.matters import ACCOUNTS, MATTERS, Matter, matter
from issues.models import Issue

FEEDBACK = (
    "已与企业现场踏勘，正在测算方案，本周内给出书面意见。",
    "已召集相关单位会商，初步意见已形成。",
    "已排入本月施工计划，材料已到场。",
    "已电话联系企业，补充材料清单一次性告知。",
)
FRESH = 4  # stories that have only just begun


class Play:
    """The stage: cast, dice, and the instants between which things happen."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.dice = cast, random.Random(seed)  # noqa: S311  # a play, not a secret
        self.table = calendar.current()

    def at(self, since: datetime, days: int, lowest: int = 0) -> datetime:
        """An instant in working hours, ``days`` working days after ``since``."""
        day = self.table.add_working_days(clock.local(since).date(), days)
        if days == 0 and not self.table.is_working(day):
            day = self.table.add_working_days(day, 1)
        start = datetime.combine(day, time(9), clock.SHANGHAI)
        instant = start + timedelta(minutes=self.dice.randrange(lowest, 170))
        return max(instant, since + timedelta(minutes=self.dice.randrange(20, 90)))


Story = Iterator[datetime]
Act = Callable[[datetime], object]
Entry = tuple[datetime, int, Story | Act]


def story(play: Play, n: int, begins: datetime) -> Story:
    """One issue: how far it goes and how well is thrown by dice that fall the same every time."""
    dice, cast = play.dice, play.cast
    about = matter(n)
    firm = cast.firms[n % len(cast.firms)]
    unit, category = cast.units[about.unit], about.category
    yield begins
    issue = _submit(play, n, about, firm)
    now = play.at(begins, dice.choice((0, 0, 1)))
    yield now
    if n % 17 == 11:
        _act(issue, "decline", play, reason="in_court", text="该事项已进入诉讼程序，请循司法途径解决。")
        return
    wrong = n % 9 == 4
    _assign(play, issue, cast.units["CGJ"] if wrong else unit, category, n)
    if wrong:
        now = play.at(now, 0)
        yield now
        _unit(
            issue,
            "refuse",
            play,
            reason="不属本单位职责范围",
            clause="《临江区市政设施管理办法》第九条",
            unit=unit.code,
        )
        now = play.at(now, 0)
        yield now
        _assign(play, issue, unit, category, n)
    now = play.at(now, dice.choice((0, 0, 1, 1, 2)))
    yield now
    if _state(issue) == "assigned":
        _unit(issue, "sign", play)
    now = play.at(now, dice.choice((1, 2, 2, 3, 4)))
    yield now
    _feed_back(play, issue)
    yield from _work(play, issue, n, now)


def fresh(play: Play, n: int, begins: datetime) -> Story:
    """An issue of the last working afternoon: it waits to be accepted, every third one to be signed for."""
    about = MATTERS[(n * 5) % len(MATTERS)]
    yield begins
    issue = _submit(play, n, about, play.cast.firms[(n * 3) % len(play.cast.firms)])
    if n % 3 == 2:
        yield begins + timedelta(minutes=20)
        _assign(play, issue, play.cast.units[about.unit], about.category, n)


def _work(play: Play, issue: Issue, n: int, now: datetime) -> Story:
    dice = play.dice
    slow = n % 7 == 3
    if n % 5 == 2:
        now = play.at(now, 2)
        yield now
        if _state(issue) == "handling" and _layer(issue) < 3:
            _unit(issue, "escalate", play, text="需要区领导明确责任单位和费用承担。")
    for _report in range(dice.choice((0, 1, 2)) + (4 if slow else 0)):
        now = play.at(now, dice.choice((3, 4, 5)))
        yield now
        _decide_if_asked(play, issue, n)
        _feed_back(play, issue)
    now = play.at(now, dice.choice((2, 4, 6)))
    yield now
    _decide_if_asked(play, issue, n)
    _finish_decisions(play, issue)
    if _state(issue) not in ("handling", "coordinating"):
        return
    outcome, clause = outcome_of(n)
    if outcome == "solved" or n % 8 == 5:
        _evidence(play, issue)  # each file costs a child process: only where one is needed
    _unit(issue, "propose", play, outcome=outcome, account=ACCOUNTS[outcome], clause=clause)
    now = play.at(now, dice.choice((0, 1, 1, 2)))
    yield now
    if n % 8 == 5:
        _judge(issue, "send_back", play, reason="企业反映压力仍不稳定，请补测后再报。")
        now = play.at(now, 3)
        yield now
        if _state(issue) != "handling":
            return
        _unit(issue, "propose", play, outcome="solved", account=ACCOUNTS["solved"])
        now = play.at(now, 1)
        yield now
    _judge(issue, "verify", play, text="电话回访企业经办人，情况属实。")
    if n % 6 == 1:
        return  # silence
    now = play.at(now, dice.choice((0, 1, 2)))
    yield now
    if _state(issue) == "rating":
        stars = dice.choice((5, 5, 4, 4, 3, 2))
        solved = "yes" if stars >= 4 else "partly" if stars == 3 else "no"
        submitter = Actor(submitter_of=issue.pk)
        _act(
            issue,
            "rate",
            play,
            submitter,
            solved=solved,
            satisfaction=stars,
            text="" if stars > 2 else "问题还在，没有真正解决。",
        )


def _submit(play: Play, n: int, about: Matter, firm: object) -> Issue:
    people = play.cast.people
    actor, channel = (ANONYMOUS, "web_form") if n % 3 else (people["specialist"], "visit")
    if firm == play.cast.firms[0]:
        actor, channel = people["enterprise"], "web_form"
    secret = {4: "commercial", 9: "anonymous"}.get(n % 13, "normal")
    issue = services.submit(
        actor=actor, title=about.title, text=about.text, channel=channel, confidentiality=secret,
        enterprise=(firm.uscc if channel == "visit" else firm.name),  # type: ignore[attr-defined]
        urgency="urgent" if n % 10 == 6 else "normal",
        contact={"name": f"{'顾冯邓萧'[n % 4]}工", "phone": f"1380000{n:04d}"},
    )  # fmt: skip
    if issue.enterprise_id is None and n % 4:
        services.identify(issue_id=issue.pk, actor=people["coordinator"], enterprise=firm)  # type: ignore[arg-type]
    return issue


def _assign(play: Play, issue: Issue, unit: object, category: str, n: int) -> None:
    code = unit.code  # type: ignore[attr-defined]
    co = ["GDJ"] if n % 11 == 1 and code != "GDJ" else []
    difficulty = ("simple", "normal", "normal", "complex")[n % 4]
    _act(issue, "assign", play, category=category, urgency=issue.urgency, difficulty=difficulty, unit=code, co_units=co)


def _act(issue: Issue, action: str, play: Play, actor: Actor | None = None, **fields: object) -> None:
    verb, _fields = services.ACTIONS[action]
    verb(issue_id=issue.pk, actor=actor or play.cast.people["coordinator"], **fields)


def _unit(issue: Issue, action: str, play: Play, **fields: object) -> None:
    issue.refresh_from_db()
    _act(issue, action, play, play.cast.officer(issue.lead_unit), **fields)  # type: ignore[arg-type]


def _judge(issue: Issue, action: str, play: Play, **fields: object) -> None:
    if _state(issue) == "proposed":
        _act(issue, action, play, **fields)


def _state(issue: Issue) -> str:
    issue.refresh_from_db()
    return issue.state


def _layer(issue: Issue) -> int:
    return issue.layer


def _feed_back(play: Play, issue: Issue) -> None:
    if _state(issue) in ("handling", "coordinating"):
        _unit(issue, "feed_back", play, text=play.dice.choice(FEEDBACK), public=play.dice.random() < 0.7)
        for part in issue.assignments.filter(kind="co", ended_at__isnull=True).select_related("unit"):
            _act(issue, "feed_back", play, play.cast.officer(part.unit), text="我司负责部分已完成。", done=True)


def outcome_of(n: int) -> tuple[str, str]:
    """What comes of a story: cannot be done only where a clause fits the matter."""
    outcome, clause = ("solved", "solved", "solved", "partly", "impossible")[n % 5], matter(n).clause
    if outcome == "impossible":
        return (outcome, clause) if clause else ("partly", "")
    return outcome, ""


def _decide_if_asked(play: Play, issue: Issue, n: int) -> None:
    if _state(issue) != "coordinating" or issue.lead_unit is None:
        return
    people = play.cast.people
    leader = issue.leader.user.username if issue.leader else "chief"
    office = leader.replace("leader", "service_office")
    actor = people["chief"] if issue.layer == 3 or leader == "chief" else people[office if n % 2 else leader]
    due = play.table.add_working_days(clock.today(), 6)
    text = f"{matter(n).decision}{due.month}月{due.day}日前办结。"
    _act(issue, "decide", play, actor, unit=issue.lead_unit.code, due=due.isoformat(), text=text)


def _finish_decisions(play: Play, issue: Issue) -> None:
    for decision in issue.decisions.filter(done_at__isnull=True).select_related("unit"):
        officer = play.cast.officer(decision.unit)
        services.feed_back_decision(decision_id=decision.pk, actor=officer, text="已按议定事项落实。", done=True)


def _evidence(play: Play, issue: Issue) -> None:
    officer = play.cast.officer(issue.lead_unit)  # type: ignore[arg-type]
    attach(
        actor=officer, subject_kind="issue", subject_id=issue.pk, by=Attachment.By.STAFF, public=True, at=clock.now(),
        unit_id=issue.lead_unit_id,
        file=ContentFile("现场核查记录：整改完成，企业确认。\n".encode(), name="现场核查记录.txt"),
    )  # fmt: skip


def _last_afternoon(play: Play, end: datetime) -> datetime:
    """Four o'clock of the last working day that is past half past five."""
    day = clock.local(end - timedelta(hours=17, minutes=30)).date()
    while not play.table.is_working(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(16), clock.SHANGHAI)


def _sweeps(play: Play, end: datetime, days: int) -> list[Entry]:
    """Morning and evening of each working day, before what people do at the same instant."""
    found: list[Entry] = []
    for back in range(days, -1, -1):
        day = clock.local(end - timedelta(days=back)).date()
        for hour, order in ((9, -2), (18, -1)):
            instant = datetime.combine(day, time(hour, 5), clock.SHANGHAI)
            if instant < end and play.table.is_working(day):
                found.append((instant, order - 2 * back, sweep))
    return found


def play_all(
    cast: Cast, *, issues: int, days: int, seed: int = 20261121, acts: Sequence[tuple[datetime, Act]] = ()
) -> int:
    """Play ``issues`` stories that begin within the last ``days`` days, up to now; more of them long ago, so that last
    month has enough to rank by. ``acts`` are what else happens at its instant. Returns how many issues there are."""
    play, end = Play(cast, seed), clock.now()
    agenda: list[Entry] = [(instant, -1_000_000 + n, act) for n, (instant, act) in enumerate(acts)]
    for n in range(issues):
        back = days - int((n / issues) ** 1.4 * days)
        begins = play.at(end - timedelta(days=back), 0)
        if begins < end:
            agenda.append((begins, n, story(play, n, begins)))
    afternoon = _last_afternoon(play, end)
    for n in range(issues, issues + FRESH):
        begins = afternoon + timedelta(minutes=11 * (n - issues))
        agenda.append((begins, n, fresh(play, n, begins)))
    agenda += _sweeps(play, end, days)
    heapq.heapify(agenda)
    while agenda:
        instant, n, one = heapq.heappop(agenda)
        if instant > end:
            break
        with clock.at(instant):
            if callable(one):
                one(instant)
                continue
            following = next(one, None)
        if following is not None:
            heapq.heappush(agenda, (following, n, one))
    return Issue.objects.count()
