"""One world for the whole matrix: issues in every relation and state, with words that tell by whom a page may be read.

Each issue says the same things, every word with the issue's own mark (``TEXT-own``): so a page, a file or an answer
that holds a mark which its reader may not know gives itself away, wherever it stands.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.roles import Role, UnitKind
from common import clock
from documents import storage
from documents.models import Attachment
from documents.services.attach import Prepared, attach
from issues import services
from issues.models import Decision, Issue
from projects.models import Enterprise, MonthFigure, PlanItem, Project, Promise
from tests.cast import LONG_AGO, MONDAY, District
from tests.permission import people

FIRMS = {"e": "禾曦食品", "f": "远桥机械", "g": "绿洲仪表"}
USCC = {"e": "91500000MA5U7XX01A", "f": "91500000MA5U7XX02B", "g": "91500000MA5U7XX03C"}


@dataclass
class World:
    d: District
    actors: dict[str, Actor]
    firms: dict[str, Enterprise]
    media: Path
    stranger: Actor  # of a unit that has nothing to do with any of it
    issues: dict[str, Issue] = field(default_factory=dict)
    files: dict[str, Attachment] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    more_firms: dict[str, Enterprise] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    items: dict[str, PlanItem] = field(default_factory=dict)
    promise: Promise | None = None
    figure: MonthFigure | None = None
    more: dict[str, Any] = field(default_factory=dict)
    variants: dict[tuple[str, str], Issue] = field(default_factory=dict)

    def names(self) -> dict[str, Any]:
        """What the addresses of the tables are filled in with: ``{own}`` is a number, ``{file_own}`` a key."""
        return (
            {key: issue.number for key, issue in self.issues.items()}
            | {f"file_{key}": one.pk for key, one in self.files.items()}
            | {f"decision_{key}": one.pk for key, one in self.decisions.items()}
            | {f"project_{key}": one.code for key, one in self.projects.items()}
            | self.more
        )


def fresh(actor: Actor) -> Actor:
    """Without what an earlier check let it remember, but for the posts: those are no policy's."""
    if actor.system:
        return actor
    made = Actor(user=actor.user, posts=actor.posts)
    made.__dict__["posts_held"] = actor.posts_held
    return made


@contextlib.contextmanager
def built(media: Path) -> Iterator[World]:
    """The world, on Monday morning, in a transaction that is rolled back. The database must be unblocked."""
    with clock.at(MONDAY), transaction.atomic():
        yield build(media)
        transaction.set_rollback(True)


def build(media: Path) -> World:
    d = District()
    d.firm.name, d.firm.uscc = FIRMS["e"], USCC["e"]
    d.firm.save()
    far = d.far = d.unit("QSZ", "清石镇", UnitKind.TOWN, responsible=True)
    d.station = d.unit("SWZ", "水务站", UnitKind.DEPARTMENT)
    d.station.parent, d.station.path = d.water, [d.water.pk, d.station.pk]
    d.station.save()
    firms = {
        sign: Enterprise.objects.create(
            name=FIRMS[sign], pinyin=sign, uscc=USCC[sign], town=far, created_at=LONG_AGO, contact_phone="02367890000"
        )
        for sign in ("f", "g")
    }
    world = World(d, people.actors(d, firms), {"e": d.firm, **firms}, media, d.person("stranger", Role.UNIT_HEAD, far))
    firms["f"].specialist, firms["g"].specialist = world.actors["t"].posts[0], d.specialist.posts[0]
    for firm in firms.values():
        firm.save()
    from tests.permission import stories

    stories.tell(world)
    return world


class Teller:
    """Writes one issue of the world step by step."""

    def __init__(self, world: World, key: str, by: str = "e", **fields: Any) -> None:
        self.world, self.d, self.key = world, world.d, key
        number = len(world.issues)
        contact = {"name": f"NAME-{key}", "phone": f"139555{number:05d}", "email": f"mail-{key}@example.test"}
        given = {
            "actor": world.actors[by], "title": f"TITLE-{key}", "text": f"TEXT-{key}", "place": f"PLACE-{key}",
            "channel": "web_form", "contact": contact,
        }  # fmt: skip
        self.issue = services.submit(**(given | fields))
        world.issues[key] = self.issue

    def do(self, action: str, who: str, **fields: Any) -> Teller:
        self.issue = self.d.do(action, self.issue, self.world.actors[who], **fields)
        self.world.issues[self.key] = self.issue
        return self

    def assign(self, unit: str = "SWJ", who: str = "C", **more: Any) -> Teller:
        given = {"category": "供水", "urgency": "normal", "difficulty": "normal", "unit": unit}
        return self.do("assign", who, **given, text=f"INST-{self.key}", **more)

    def sign(self, who: str = "o") -> Teller:
        return self.do("sign", who, handler=f"HAND-{self.key}")

    def talk(self, who: str = "o") -> Teller:
        """A remark among staff and one for the submitter."""
        self.do("feed_back", who, text=f"FEED-{self.key}")
        return self.do("feed_back", who, text=f"PUBL-{self.key}", public=True)

    def decide(self, who: str = "v", unit: str = "SWJ") -> Teller:
        self.do("escalate", "o", text=f"NEED-{self.key}").do("decide", who, text=f"DECI-{self.key}", unit=unit)
        self.world.decisions[self.key] = Decision.objects.get(issue=self.issue)
        return self

    def file(self, name: str, by: str, who: str, *, public: bool = False) -> Teller:
        """``name`` of the file: SENT by the submitter, WORK by the staff, SHOW by the staff for the submitter."""
        actor, path = self.world.actors[who], storage.new_path(storage.ATTACHMENTS)
        size, digest = storage.write(path, [f"BODY-{self.key}".encode()])
        self.world.files[f"{name.lower()}_{self.key}"] = attach(
            actor=actor,
            subject_kind="issue",
            subject_id=self.issue.pk,
            file=Prepared(f"{name}-{self.key}.txt", path, size, digest, "text/plain"),
            by=by,
            public=public,
            unit_id=actor.posts[0].unit_id,
            at=clock.now(),
        )
        return self

    def files(self, by: str = "e", who: str = "o") -> Teller:
        self.file("SENT", Attachment.By.SUBMITTER, by)
        return self.file("WORK", Attachment.By.STAFF, who).file("SHOW", Attachment.By.STAFF, who, public=True)

    def propose(self, who: str = "o", outcome: str = "partly") -> Teller:
        return self.do("propose", who, outcome=outcome, account=f"ACCO-{self.key}")

    def verify(self, who: str = "C") -> Teller:
        return self.do("verify", who, text=f"CHEC-{self.key}")

    def rate(self, stars: int, solved: str, who: str = "e") -> Teller:
        return self.do("rate", who, solved=solved, satisfaction=stars, text=f"RATE-{self.key}")
