"""The event chain: append one event under the issue's row lock; prove the whole.

``hash`` = HMAC-SHA256(CHAIN_KEY, previous ‖ body). ``body`` is stored as it was hashed and never serialised again; the
other columns of the row repeat it and are compared when the chain is proved. The head (``event_seq``, ``event_hash``)
stands on the issue, so a cut tail shows; hourly anchors written outside the database catch a head cut with it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from accounts.models import Post
from issues.models import Event, Issue

GENESIS = "0" * 64


def canonical(
    *, number: str, seq: int, kind: str, at: datetime, user_id: int | None, post_id: int | None, public: bool, data: Any
) -> str:
    """The bytes that are hashed: JSON with sorted keys, times in UTC with microseconds."""
    body = {
        "issue": number,
        "seq": seq,
        "kind": kind,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "user": user_id,
        "post": post_id,
        "public": public,
        "data": data,
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link(previous: str, body: str) -> str:
    key = settings.CHAIN_KEY.encode()
    return hmac.new(key, previous.encode() + body.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def append(
    issue: Issue, *, kind: str, at: datetime, post: Post | None, user_id: int | None, data: dict[str, Any], public: bool
) -> Event:
    """Write the next event of ``issue``, whose row the caller holds locked; the caller saves the new head."""
    event = following(issue, kind=kind, at=at, post=post, user_id=user_id, data=data, public=public)
    event.save(force_insert=True)
    return event


def following(
    issue: Issue, *, kind: str, at: datetime, post: Post | None, user_id: int | None, data: dict[str, Any], public: bool
) -> Event:
    """The next event, not written yet: for acts on many issues at once, which write all of them in one statement."""
    seq = issue.event_seq + 1
    body = canonical(
        number=issue.number,
        seq=seq,
        kind=kind,
        at=at,
        user_id=user_id,
        post_id=post.pk if post else None,
        public=public,
        data=data,
    )
    event = Event(
        issue=issue,
        seq=seq,
        kind=kind,
        at=at,
        user_id=user_id,
        post=post,
        public=public,
        body=body,
        previous=issue.event_hash,
        hash=link(issue.event_hash, body),
    )
    issue.event_seq, issue.event_hash = seq, event.hash
    return event


@dataclass(frozen=True)
class Break:
    """The first link that doesn't hold, and why."""

    number: str
    seq: int
    why: str


def verify_chain(*, issue_id: int | None = None) -> tuple[int, Break | None]:
    """How many events were proved, and the first broken link. Streams: memory stays flat."""
    issues = Issue.objects.order_by("pk").values_list("pk", "number", "event_seq", "event_hash")
    events = Event.objects.order_by("issue_id", "seq").values_list(
        "issue_id", "seq", "kind", "at", "user_id", "post_id", "public", "body", "previous", "hash"
    )
    if issue_id is not None:
        issues, events = issues.filter(pk=issue_id), events.filter(issue_id=issue_id)
    rows = events.iterator(chunk_size=5000)
    row = next(rows, None)
    count = 0
    for pk, number, head_seq, head_hash in issues.iterator(chunk_size=5000):
        if row is not None and row[0] < pk:
            return count, Break(str(row[0]), row[1], "event of an issue that is not there")
        previous, seq = GENESIS, 0
        while row is not None and row[0] == pk:
            seq += 1
            if why := _broken(row, number, seq, previous):
                return count, Break(number, seq, why)
            previous, count, row = row[9], count + 1, next(rows, None)
        if (seq, previous) != (head_seq, head_hash):
            return count, Break(number, seq + 1, "the chain ends before its head: events were cut off")
    if row is not None:
        return count, Break(str(row[0]), row[1], "event of an issue that is not there")
    return count, None


def _broken(row: tuple[Any, ...], number: str, seq: int, previous: str) -> str | None:
    _pk, row_seq, kind, at, user_id, post_id, public, body, row_previous, row_hash = row
    if row_seq != seq:
        return f"event {seq} is missing"
    if row_previous != previous:
        return "does not continue the event before it"
    if not hmac.compare_digest(link(previous, body), row_hash):
        return "the stored text was changed"
    stored = json.loads(body)
    repeated = {
        "issue": number,
        "seq": seq,
        "kind": kind,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "user": user_id,
        "post": post_id,
        "public": public,
    }
    if {key: stored[key] for key in repeated} != repeated:
        return "a column does not say what was hashed"
    return None
