"""How often a stranger may submit, and guess tracking codes: the same limits for pages and API (API.md, "Limits").

Each function gives the seconds to wait, 0 when there is no need. Call them outside the transaction of the act.
"""

from __future__ import annotations

from django.conf import settings

from common import ratelimit

# Wrong codes a minute: of one address, and of all together, so that many addresses don't help.
CODES_PER_ADDRESS = 10
CODES_IN_ALL = 100


def submission(address: str | None) -> int:
    """Counts one submission without an account."""
    for name, limit, seconds in (
        ("submit-minute", settings.SUBMIT_PER_MINUTE, 60),
        ("submit-hour", settings.SUBMIT_PER_HOUR, 3600),
    ):
        if wait := ratelimit.hit(name, address, limit=limit, seconds=seconds):
            return wait
    return 0


def guessing(address: str | None) -> int:
    """Whether codes may be tried now; counts nothing."""
    return max(ratelimit.exceeded("tracking", key, limit=limit, seconds=60) for key, limit in _keys(address))


def wrong_code(address: str | None) -> int:
    """Counts one wrong code; above the limit by guesses that came at the same time, the seconds to wait."""
    return max([ratelimit.hit("tracking", key, limit=limit, seconds=60) for key, limit in _keys(address)])


def _keys(address: str | None) -> tuple[tuple[str | None, int], ...]:
    return (address, CODES_PER_ADDRESS), (None, CODES_IN_ALL)
