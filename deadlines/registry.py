"""What the apps above plug in, in ``AppConfig.ready()``: where a subject's page is, what happens at a rung, on waking
up, and when due dates were moved in a set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

# (clock_id, reminder_id, now): carries out the effect by a verb. Conflict means that it is not needed any more.
RungHandler = Callable[[int, int, datetime], None]
# (subject_id, now): lets what the subject waited for end.
WakeHandler = Callable[[int, datetime], None]
# (subject_ids): the due dates of these subjects' clocks were moved in a set.
MoveHandler = Callable[[list[int]], None]

# (now): the subjects of which clocks have a rung due at ``now`` (all with a running clock for None) that must stay
# away from the coordinators, each by its number with the people who must never hear of it.
PrivateSubjects = Callable[[datetime | None], Iterable[tuple[str, list[int]]]]

paths: dict[str, str] = {}
rung_handlers: dict[tuple[str, str], RungHandler] = {}
wake_handlers: dict[str, WakeHandler] = {}
move_handlers: dict[str, MoveHandler] = {}
private_subjects: dict[str, PrivateSubjects] = {}


def subject(kind: str, *, path: str) -> None:
    """Notices about a subject of ``kind`` open ``path``, in which ``{ref}`` is the subject's number."""
    if path.count("{ref}") != 1 or not path.startswith("/"):
        raise ValueError(f"A path of this site with one {{ref}} in it: {path!r}")
    paths[kind] = path


def on_rung(kind: str, rung: str, handler: RungHandler) -> None:
    """Call ``handler(clock_id, reminder_id, now)`` once when a clock of ``kind`` reaches ``rung``."""
    rung_handlers[kind, rung] = handler


def on_wake(subject_kind: str, handler: WakeHandler) -> None:
    """Call ``handler(subject_id, now)`` when the pauses of a subject reach their wake-up date."""
    wake_handlers[subject_kind] = handler


def on_moved(subject_kind: str, handler: MoveHandler) -> None:
    """Call ``handler(subject_ids)`` in the transaction in which a new calendar moved due dates."""
    move_handlers[subject_kind] = handler


def on_private(subject_kind: str, finder: PrivateSubjects) -> None:
    """``finder(now)`` names the subjects whose rungs go to the supervisors in place of the coordinators, to the chiefs
    where the supervisors are among those who must never hear of them."""
    private_subjects[subject_kind] = finder
