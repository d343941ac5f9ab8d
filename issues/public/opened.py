"""Which issues this browser has opened by their code: remembered in the session for half an hour after the last look,
so that the code itself never stands in an address. Real time: a session is no matter of rules."""

from __future__ import annotations

import time

from django.http import HttpRequest

MINUTES = 30
_OPENED, _RECEIPT = "public_opened", "public_receipt"
_MOST = 20  # per browser; the oldest is forgotten


def remember(request: HttpRequest, issue_id: int) -> None:
    if not request.user.is_authenticated:
        request.session.cycle_key()  # a session that somebody else planted opens nothing
    _write(request, {**_valid(request), str(issue_id): _until()})


def is_open(request: HttpRequest, issue_id: int) -> bool:
    """Whether the code was shown here; each look renews the half hour, at most once a minute."""
    opened = _valid(request)
    until = opened.get(str(issue_id))
    if until is None:
        return False
    if _until() - until >= 60:
        _write(request, {**opened, str(issue_id): _until()})
    return True


def forget(request: HttpRequest, issue_id: int) -> None:
    _write(request, {key: until for key, until in _valid(request).items() if key != str(issue_id)})
    request.session.pop(_RECEIPT, None)


def hand_receipt(request: HttpRequest, issue_id: int) -> None:
    """The page with number and code that follows a submission: shown in this browser alone, and not for long."""
    request.session[_RECEIPT] = [issue_id, _until()]


def receipt(request: HttpRequest) -> int | None:
    issue_id, until = request.session.get(_RECEIPT) or (None, 0)
    return issue_id if until > time.time() else None


def _until() -> int:
    return int(time.time()) + MINUTES * 60


def _valid(request: HttpRequest) -> dict[str, int]:
    now = time.time()
    return {key: until for key, until in (request.session.get(_OPENED) or {}).items() if until > now}


def _write(request: HttpRequest, opened: dict[str, int]) -> None:
    newest = sorted(opened.items(), key=lambda entry: entry[1])[-_MOST:]
    request.session[_OPENED] = dict(newest)
