"""The projects of 临江区, which does not exist: each lived through by the verbs, from the first talk as far as it got.

Which way a project goes is thrown by dice that fall the same every time; all days are relative to now.
"""

from __future__ import annotations

import random
from datetime import datetime

from projects.demo import chains, months, words
from projects.demo.story import Act, Players, Script, Story

__all__ = ["Players", "acts"]


def acts(players: Players, now: datetime, *, count: int, seed: int = 20261126) -> list[tuple[datetime, Act]]:
    """``count`` projects with what happened to each, and the months' figures of all."""
    script, dice = Script(now), random.Random(seed)  # noqa: S311  # a play, not a secret
    reached = [one for one in words.REACHED for _n in range(one[1])]
    for n in range(count):
        stage, _share, least, most = reached[n * 7 % len(reached)]
        Story(players, script, dice, n, stage, dice.randint(least, most)).tell()
    months.acts(players, script, dice)
    chains.acts(players, script)
    return sorted(script.acts, key=lambda one: one[0])
