"""What files hang on, and who may read them: plugged in by the apps above, so that papers never know of cases.

registry.subject("issue", can_read=may_read_attachment)   # in AppConfig.ready()
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.actors import Actor
    from documents.models import Attachment

CanRead = Callable[["Actor", int, "Attachment"], bool]

_subjects: dict[str, CanRead] = {}


def subject(kind: str, *, can_read: CanRead) -> None:
    """``can_read(actor, subject_id, attachment)`` answers for all attachments of subjects of that kind."""
    _subjects[kind] = can_read


def known(kind: str) -> bool:
    return kind in _subjects


def may_read(actor: Actor, attachment: Attachment) -> bool:
    """Nobody may read what hangs on a kind that nobody answers for."""
    answer = _subjects.get(attachment.subject_kind)
    return answer is not None and answer(actor, attachment.subject_id, attachment)
