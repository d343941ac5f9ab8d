"""The words: one sentence per notice in the reader's language, one subject per mail to a submitter.

``notices`` knows the rungs of the reminder ladder. The apps above plug in their own words in ``AppConfig.ready()``:
``register`` for what an operation says, ``register_part`` for what a rung is about, ``register_mail`` for a letter.
A word that nobody registered still makes an honest sentence from the kind of the notice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common import fmt

if TYPE_CHECKING:
    from notices.models import Notice

Text = str | Promise

# %(ref)s is the number, %(part)s what the clock is for, %(due)s the due date; a sentence uses those that it needs.
_sentences: dict[str, Text] = {}
_parts: dict[str, Text] = {}


@dataclass(frozen=True)
class Letter:
    """A mail to a submitter: its subject, and the only words that its text may carry."""

    subject: Text
    fields: frozenset[str]


_letters: dict[str, Letter] = {}


@dataclass(frozen=True)
class Secret:
    """A word of a letter that opens something (a code, a one-tap link). The outbox keeps only which one it is; the word
    itself is derived while the mail is written, the same at every attempt, and never stands in the database."""

    name: str
    of: tuple[str | int, ...]

    def stored(self) -> dict[str, object]:
        return {"secret": self.name, "of": list(self.of)}


_secrets: dict[str, Callable[..., str]] = {}
# Words that no letter may carry but as a Secret.
SECRET_WORDS = frozenset({"code"})


def register(word: str, sentence: Text) -> None:
    """``word`` is the operation's ("assign"), or a rung with its clock kind ("breach.signing") with its own words."""
    _sentences[word] = sentence


def register_part(part: str, label: Text) -> None:
    """What stands for the part behind the point: ("feedback", "First feedback") makes "breach.feedback" speak."""
    _parts[part] = label


def register_mail(template: str, *, subject: Text, fields: frozenset[str] | set[str]) -> None:
    """A letter to submitters, its text in ``templates/notices/mail/<template>.txt``; ``fields`` is all it may carry."""
    _letters[template] = Letter(subject, frozenset(fields))


def register_secret(name: str, derive: Callable[..., str]) -> None:
    """``derive(*of)`` makes the word of a ``Secret(name, of)``."""
    _secrets[name] = derive


def revealed(value: object) -> object:
    """A stored word as the letter says it."""
    return _secrets[value["secret"]](*value["of"]) if isinstance(value, dict) else value


def sentence(notice: Notice) -> str:
    """What the notice says, in the language that is active now. Never fails on a word that it does not know."""
    rung, _point, part = notice.word.partition(".")
    text = _sentences.get(notice.word) or RUNGS.get(rung) or _sentences.get(rung) or UNKNOWN
    facts = {
        "ref": notice.ref,
        "part": _parts.get(part, CLOCK),
        "due": fmt.cn_datetime(notice.due_at) or NO_DATE,
        "kind": notice.get_kind_display(),
    }
    return str(text) % facts


def letter(template: str) -> Letter:
    return _letters[template]


def check_context(template: str, context: Mapping[str, object]) -> None:
    """Refuse a letter that nobody registered, or that carries or lacks a word: a mistake of the caller."""
    if template not in _letters:
        raise ValueError(f"No letter {template!r}: register it with messages.register_mail")
    wrong = set(context) ^ _letters[template].fields
    if wrong:
        raise ValueError(
            f"The letter {template!r} carries exactly {sorted(_letters[template].fields)}, not {sorted(wrong)}"
        )
    if plain := [name for name in SECRET_WORDS & set(context) if not isinstance(context[name], Secret)]:
        raise ValueError(f"Hand in {plain} as a Secret: the outbox keeps none in clear")


UNKNOWN = _("%(kind)s: %(ref)s")
CLOCK = _("the deadline")
NO_DATE = _("no date")

# Apart from the operations' words: "escalate" is also an action on an issue.
RUNGS: dict[str, Text] = {
    "day_before": _("%(ref)s: %(part)s is due on the next working day, %(due)s"),
    "due_day": _("%(ref)s: %(part)s is due today, %(due)s"),
    "breach": _("%(ref)s: %(part)s is overdue, it was due %(due)s"),
    "escalate": _("%(ref)s: %(part)s is overdue by three working days, it was due %(due)s"),
    "candidate": _("%(ref)s: %(part)s is overdue by five working days and is a red-card candidate, it was due %(due)s"),
}

_LINK = frozenset({"number", "link"})
_DATED = _LINK | {"due_at"}
register_mail("submit", subject=_("Received: %(number)s"), fields=_LINK | {"code"})
register_mail("return", subject=_("More is needed: %(number)s"), fields=_DATED)
register_mail("decline", subject=_("Not accepted: %(number)s"), fields=_LINK)
register_mail("merge", subject=_("Joined with another case: %(number)s"), fields=_LINK)
register_mail("assign", subject=_("Being handled: %(number)s"), fields=_LINK)
register_mail("feed_back", subject=_("News on %(number)s"), fields=_LINK)
register_mail("verify", subject=_("Please rate the handling of %(number)s"), fields=_DATED)
register_mail("remind_rate", subject=_("Reminder: please rate the handling of %(number)s"), fields=_DATED)
register_mail("remind_supplement", subject=_("Reminder: more is needed for %(number)s"), fields=_DATED)
register_mail("promise", subject=_("Was the promise kept? %(number)s"), fields=_LINK)
register_mail("uphold", subject=_("Your objection is being dealt with: %(number)s"), fields=_LINK)
register_mail("close_over", subject=_("Decision on your objection: %(number)s"), fields=_LINK)
register_mail("close", subject=_("Closed: %(number)s"), fields=_LINK)
register_mail("reopen", subject=_("Opened again: %(number)s"), fields=_LINK)
register_mail("withdraw", subject=_("Withdrawn: %(number)s"), fields=_LINK)
