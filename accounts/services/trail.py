"""The audit trail proved: seals for the entries, an hourly root for their order and number (docs/adr/0012).

A seal finds an entry that was altered or moved. What was deleted, put in later or exchanged for another sealed entry is
found by the root, which covers numbers and seals of a range and stands, signed and linked to the one before it, in a
file outside the database too. Writers wait for nobody: the range ends where no lower number can still appear.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from accounts import audit, seals
from accounts.actors import SYSTEM
from accounts.models import AuditAnchor, AuditEntry
from common import clock, settling

logger = structlog.get_logger(__name__)
GENESIS = "0" * 64
PATIENCE = settling.PATIENCE


def book() -> Path:
    return Path(settings.MEDIA_ROOT).parent / "audit-anchors.jsonl"


@dataclass(frozen=True)
class Noted:
    """An anchor as the book has it, a line each; the database keeps the same."""

    at: str
    since: int
    upto: int
    count: int
    ids: str
    bare: int
    root: str
    signature: str = ""

    def sign(self, previous: str) -> str:
        told = (self.at, self.since, self.upto, self.count, self.ids, self.bare, self.root, previous)
        return seals.digest("audit-anchor|" + "|".join(map(str, told)))


@dataclass(frozen=True)
class Trail:
    """``proved`` entries, of which the last ``waiting`` have no root yet; ``unsealed`` ones are older than the seals
    and proved by nothing. ``broken`` says in words what is wrong first; ``entry`` is its number where it has one."""

    proved: int
    unsealed: int
    waiting: int
    broken: str = ""
    entry: int | None = None

    def __str__(self) -> str:
        told = f"{self.proved} audit entries proved"
        if self.waiting:
            told += f", the last {self.waiting} await the root of the hour"
        return told + (f"; {self.unsealed} from before the seals are not" if self.unsealed else "")


# Anchors -------------------------------------------------------------------------------------------------------------


def anchor_trail() -> AuditAnchor | None:
    """Write the next anchor over the entries since the last one, in the database and in the book; None when there are
    none, or none that is settled."""
    made = _anchor()
    _write_book()
    return made


@transaction.atomic
def _anchor() -> AuditAnchor | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('audit_anchor'))")  # one at a time, the first too
    last = AuditAnchor.objects.order_by("-pk").first()
    since = last.upto if last else 0
    upto = settling.settled(_greatest, _writing, PATIENCE)
    if upto is None or upto <= since:
        return None
    at, previous, root = clock.now(), last.signature if last else GENESIS, _Root()
    rows = AuditEntry.objects.filter(pk__gt=since, pk__lte=upto).order_by("pk")
    for pk, seal in rows.values_list("pk", "seal").iterator(chunk_size=5000):
        root.take(pk, seal)
    noted = Noted(seals.moment(at), since, upto, root.count, ",".join(root.ranges), root.bare, root.digest.hexdigest())
    values = asdict(noted) | {"at": at, "previous": previous, "signature": noted.sign(previous)}
    return AuditAnchor.objects.create(**values)


def _greatest() -> int | None:
    greatest: int | None = AuditEntry.objects.aggregate(upto=Max("pk"))["upto"]
    return greatest


def _writing() -> set[str]:
    return settling.writing(AuditEntry._meta.db_table)


class _Root:
    """The digest over numbers and seals, and which numbers there are."""

    def __init__(self) -> None:
        self.digest, self.count, self.bare = hashlib.sha256(), 0, 0
        self.ranges: list[str] = []
        self.first = self.last = 0

    def take(self, pk: int, seal: str) -> None:
        self.digest.update(f"{pk}:{seal}\n".encode())
        self.count += 1
        if not seal:
            self.bare = pk
        if self.ranges and pk == self.last + 1:
            self.last, self.ranges[-1] = pk, f"{self.first}-{pk}"
        else:
            self.first = self.last = pk
            self.ranges.append(str(pk))


def _write_book() -> None:
    """Add the anchors that the book lacks, after their commit: a line that was torn by a full disk is written anew."""
    rows = [asdict(noted) for noted in _kept()]
    with book().open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        text = file.read()
        whole = text[: text.rfind(b"\n") + 1]
        if whole != text:
            file.truncate(len(whole))
        missing = [row for row in rows if row["signature"].encode() not in whole]
        file.write(b"".join(json.dumps(row).encode() + b"\n" for row in missing))
        file.flush()
        os.fsync(file.fileno())
    if len(missing) > 1:
        logger.warning("audit_book_caught_up", lines=len(missing))


def _kept() -> Iterator[Noted]:
    for row in AuditAnchor.objects.order_by("pk"):
        yield Noted(
            seals.moment(row.at), row.since, row.upto, row.count, row.ids, row.bare, row.root, signature=row.signature
        )


# The proof -----------------------------------------------------------------------------------------------------------


def verify_trail() -> Trail:
    """Prove all entries, and name the first that is not as it was written. Streams: memory stays flat."""
    anchors, wrong = _signed()
    roots, proved, unsealed = _Roots(anchors), 0, 0
    rows = AuditEntry.objects.order_by("pk").values_list("seal", *seals.COLUMNS)
    for seal, *values in rows.iterator(chunk_size=5000):
        pk = values[0]
        if why := roots.differ(pk, seal) or _broken(seal, values, sealed=proved > 0):
            return Trail(proved, unsealed, roots.waiting, f"audit entry {why[1]}: {why[0]}", why[1])
        proved, unsealed = (proved + 1, unsealed) if seal else (proved, unsealed + 1)
    if why := roots.left():
        return Trail(proved, unsealed, roots.waiting, f"audit entry {why[1]}: {why[0]}", why[1])
    return Trail(proved, unsealed, roots.waiting, wrong)


def watch_trail() -> str:
    """The proof of each night, its result in the trail itself, and in the log for who is woken by errors."""
    trail = verify_trail()
    result = audit.FAILED if trail.broken else audit.OK
    facts: dict[str, Any] = {"proved": trail.proved, "unsealed": trail.unsealed, "broken": trail.broken}
    audit.record(SYSTEM, "verify_trail", "audit", trail.entry or "", result, **facts)
    if trail.broken:
        logger.error("trail_broken", **facts)
    else:
        logger.info("trail_proved", **facts)
    return trail.broken


def _broken(seal: str, values: list[Any], *, sealed: bool) -> tuple[str, int] | None:
    pk: int = values[0]
    if not seal:
        return ("it has no seal, although entries before it have one", pk) if sealed else None
    return None if hmac.compare_digest(seals.seal(*values), seal) else ("it was altered", pk)


class _Roots:
    """What the anchors say should be there, taken up number by number beside what is there."""

    def __init__(self, anchors: list[Noted]) -> None:
        self.rest, self.waiting = iter(anchors), 0
        self._open()

    def _open(self) -> None:
        self.anchor, self.root = next(self.rest, None), _Root()
        self.ids = _numbers(self.anchor.ids) if self.anchor else iter(())
        self.due = next(self.ids, None)

    def differ(self, pk: int, seal: str) -> tuple[str, int] | None:
        """Why this entry, or one before it, is not what the anchors say, and its number."""
        if why := self._closed():
            return why
        if self.anchor is None or self.due is None:
            self.waiting += bool(seal)
            return None
        if pk != self.due:
            return ("it is missing", self.due) if pk > self.due else ("it was put in after its hour", pk)
        if not seal and pk > self.anchor.bare:
            return "its seal was taken off", pk
        self.root.take(pk, seal)
        self.due = next(self.ids, None)
        return None

    def left(self) -> tuple[str, int] | None:
        """Why the end of the trail is not what the anchors say."""
        return self._closed() or (("it is missing", self.due) if self.due is not None else None)

    def _closed(self) -> tuple[str, int] | None:
        while self.anchor is not None and self.due is None:
            if (self.root.count, self.root.digest.hexdigest()) != (self.anchor.count, self.anchor.root):
                first = next(_numbers(self.anchor.ids), self.anchor.upto)
                return f"it or one up to {self.anchor.upto} is not the one of the root of {self.anchor.at}", first
            self._open()
        return None


def _numbers(ranges: str) -> Iterator[int]:
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _signed() -> tuple[list[Noted], str]:
    """The anchors of the book, then those that only the database has yet; and what is wrong with them, after which none
    is believed."""
    found: list[Noted] = []
    previous, kept = GENESIS, list(_kept())
    try:
        lines = [Noted(**json.loads(line)) for line in _lines()]
    except (TypeError, ValueError):
        return found, "the book of audit roots can't be read"
    for noted in [*lines, *kept[len(lines) :]]:
        if noted.signature != noted.sign(previous) or noted.since != (found[-1].upto if found else 0):
            return found, f"the audit root of {noted.at} is not signed by this district"
        found.append(noted)
        previous = noted.signature
    for n, noted in enumerate(lines):
        if kept[n : n + 1] != [noted]:
            return found, f"the audit root of {noted.at} is not in the database as it was written"
    return found, ""


def _lines() -> list[bytes]:
    """The whole lines of the book: one that was torn is written anew by the next anchor."""
    return [line for line in book().read_bytes().splitlines(True) if line.endswith(b"\n")] if book().exists() else []
