"""The hourly root over all new events, signed, and appended to a file outside the database: a tail that was cut
together with the head on the issue is found by it.

An anchor covers a range of keys, and the same range is read again when it is proved; when an act happened plays no
part, for an import tells of acts long past. So the range may end only where no lower key can still appear
(common/settling.py).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from common import clock, settling
from issues.models import Anchor, Event
from issues.services.chain import GENESIS

PATIENCE = settling.PATIENCE


def book() -> Path:
    return Path(settings.MEDIA_ROOT).parent / "anchors.jsonl"


@transaction.atomic
def anchor() -> Anchor | None:
    """Write the next anchor over the events since the last one; None when there are none, or none that is settled."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('issues_anchor'))")  # one at a time, the first too
    last = Anchor.objects.select_for_update().order_by("-pk").first()
    since = last.upto if last else 0
    upto = _settled()
    if upto is None or upto <= since:
        return None
    count, root = _root(since, upto)
    at, previous = clock.now(), last.signature if last else GENESIS
    signature = sign(f"{upto}|{count}|{root}|{previous}")
    made = Anchor.objects.create(at=at, upto=upto, count=count, root=root, previous=previous, signature=signature)
    line = {"at": at.isoformat(), "since": since, "upto": upto, "count": count, "root": root, "signature": signature}
    with book().open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    return made


def _settled() -> int | None:
    """The greatest key below which none can still appear; None while others write for longer than our patience."""
    return settling.settled(lambda: Event.objects.aggregate(upto=Max("pk"))["upto"], _writing, PATIENCE)


def _writing() -> set[str]:
    return settling.writing(Event._meta.db_table)


def _root(since: int, upto: int) -> tuple[int, str]:
    """How many events the keys above ``since`` up to ``upto`` have, and the digest over their links."""
    digest, count = hashlib.sha256(), 0
    rows = Event.objects.filter(pk__gt=since, pk__lte=upto).order_by("pk")
    for pk, link in rows.values_list("pk", "hash").iterator(chunk_size=5000):
        digest.update(f"{pk}:{link}\n".encode())
        count += 1
    return count, digest.hexdigest()


def sign(text: str) -> str:
    return hmac.new(settings.CHAIN_KEY.encode(), f"anchor|{text}".encode(), hashlib.sha256).hexdigest()


def broken_anchor() -> str | None:
    """The first line of the book that the events do not bear out; what was settled then must be there unchanged."""
    if not book().exists():
        return None
    previous = GENESIS
    for line in book().read_text(encoding="utf-8").splitlines():
        noted = json.loads(line)
        if noted["signature"] != sign(f"{noted['upto']}|{noted['count']}|{noted['root']}|{previous}"):
            return f"the anchor of {noted['at']} is not signed by this district"
        count, root = _root(noted["since"], noted["upto"])
        if (count, root) != (noted["count"], noted["root"]):
            return f"the events do not bear out the anchor of {noted['at']}: {count} of {noted['count']}"
        previous = noted["signature"]
    return None
