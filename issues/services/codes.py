"""Tracking codes: ≥ 128 bits, derived and never stored; the database keeps a nonce and the code's SHA-256."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from django.conf import settings

from issues.models import Issue


def new_nonce() -> str:
    return secrets.token_hex(16)


def _derive(purpose: str, *parts: str) -> str:
    message = "\x00".join((purpose, *parts)).encode()
    digest = hmac.new(settings.CODE_KEY.encode(), message, hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode()


def code_of(number: str, nonce: str) -> str:
    """The tracking code: 32 characters A–Z 2–7 in groups of four (160 bits)."""
    raw = _derive("track", number, nonce)
    return "-".join(raw[i : i + 4] for i in range(0, 32, 4))


def fold(code: str) -> str:
    """What a person may type instead: other dashes, blanks, small letters, 0 for O and 1 for I."""
    return "".join(c for c in code.upper().translate({48: "O", 49: "I"}) if c.isalnum())


def hash_of(code: str) -> str:
    return hashlib.sha256(fold(code).encode()).hexdigest()


def find(code: str, number: str | None = None) -> int | None:
    """The key of the issue that the code opens; with ``number`` only that one."""
    rows = Issue.objects.filter(code_hash=hash_of(code)).exclude(code_hash="")
    if number is not None:
        rows = rows.filter(number=number)
    return rows.values_list("pk", flat=True).first()


def tracking_code_of(number: str) -> str:
    return code_of(number, Issue.objects.values_list("code_nonce", flat=True).get(number=number))


def rating_link_of(number: str, in_round: int | None = None) -> str:
    """The one-tap link of that round's invitation; without one (a letter from before) of the present one."""
    return f"/rate/{number}/{rating_code(Issue.objects.get(number=number), in_round)}/"


def rating_code(issue: Issue, in_round: int | None = None) -> str:
    """The secret of the one-tap rating link of this round's invitation: it opens the rating page of one issue."""
    raw = _derive("rate", issue.number, issue.code_nonce, str(issue.round if in_round is None else in_round))
    return raw[:26].lower()


def matches_rating(issue: Issue, secret: str) -> bool:
    return hmac.compare_digest(rating_code(issue).encode(), secret.lower()[:64].encode("utf-8", "surrogatepass"))


def find_rating(number: str, secret: str) -> int | None:
    """The key of the issue whose one-tap rating link this is: of the present round's invitation alone."""
    issue = Issue.objects.filter(number=number).first()
    return issue.pk if issue is not None and matches_rating(issue, secret) else None
