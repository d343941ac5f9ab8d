"""Every write of TELL: notices into inboxes, messages into the outbox, and what people choose.

``notify`` and ``tell_submitter`` write in the caller's transaction: what is rolled back told nobody. After the commit
they ring the worker; a lost bell is no loss, the beat looks at the outbox every 20 seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from accounts.policy import can
from common import bell, clock
from common.errors import NotVisible
from notices import messages, quiet
from notices.models import Channel, Delivery, Kind, MailLanguage, Notice, Preference
from notices.querysets import TELL

DELIVER = "notices.tasks.deliver"
# A key is a header of a mail too: no spaces, no control characters, nothing beyond ASCII.
KEY = re.compile(r"[!-~]{1,100}")


def notify(
    *,
    key: str,
    posts: Iterable[int] = (),
    users: Iterable[int] = (),
    kind: str,
    word: str,
    ref: str,
    path: str,
    due_at: datetime | None = None,
    urgent: bool = False,
    at: datetime,
) -> int:
    """Put one notice into the inbox of each person who now holds one of ``posts`` or is among ``users``, and one mail
    into the outbox for those who want it. Returns the number of new notices.

    ``key`` names the event: told again, in whatever transaction, nobody gets a second notice. ``path`` is the page that
    it opens, within this site. Posts that have ended and people who left are passed over.
    """
    _check_notice(key, kind, path)
    facts = {
        "key": key,
        "posts": list(posts),
        "users": list(users),
        "kind": kind,
        "word": word,
        "ref": ref,
        "path": path,
        "due_at": due_at,
        "urgent": urgent,
        "at": at,
        "not_before": quiet.not_before(at, urgent=urgent),
    }
    # One statement inside the caller's verb: a savepoint would cost two more.
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(TELL, facts)
        told, mailed = cursor.fetchone()
        if mailed:
            bell.ring(DELIVER)
    return int(told)


@transaction.atomic
def tell_submitter(
    *,
    key: str,
    address: str,
    template: str,
    context: Mapping[str, object],
    urgent: bool = False,
    language: str = "",
    at: datetime,
) -> bool:
    """Put one mail to a submitter into the outbox; False when ``key`` was told before or there is no address.

    ``template`` is registered in messages.py with the words it carries; any other word in ``context`` is refused, so no
    title, name or phone slips into a mail. ``link`` is a page of this site, ``due_at`` an instant; what opens something
    is a ``messages.Secret``, of which the row keeps only whose it is.
    """
    _check_key(key)
    stored = _stored(template, context)
    if not address:
        return False
    validate_email(address)
    delivery = Delivery(
        key=f"{Channel.MAIL}:{key}",
        channel=Channel.MAIL,
        address=address,
        template=template,
        context=stored,
        language=language,
        urgent=urgent,
        created_at=at,
        not_before=quiet.not_before(at, urgent=urgent),
    )
    if Delivery.objects.filter(key=delivery.key).exists():
        return False
    # Somebody else may commit the same key between the look and the write: then the unique key decides.
    Delivery.objects.bulk_create([delivery], ignore_conflicts=True)
    bell.ring(DELIVER)
    return True


@transaction.atomic
def mark_read(*, actor: Actor, notice_ids: Iterable[int]) -> int:
    """Mark these notices of one's own as read. Returns how many were unread."""
    ids = set(notice_ids)
    mine = Notice.objects.visible_to(actor).filter(pk__in=ids)
    if mine.count() != len(ids):
        raise NotVisible
    return mine.unread().update(read_at=clock.now())


@transaction.atomic
def mark_all_read(*, actor: Actor, up_to: int) -> int:
    """Mark all notices up to number ``up_to`` as read: what arrived since the page was shown stays unread."""
    return Notice.objects.visible_to(actor).unread().filter(pk__lte=up_to).update(read_at=clock.now())


@transaction.atomic
def set_preference(*, actor: Actor, kind: str, channel: str, on: bool) -> Preference:
    """Choose whether notices of ``kind`` come over ``channel``; the inbox always has them."""
    user = _person(actor)
    if kind not in Kind or channel not in Channel:
        raise ValidationError(_("Choose one of the kinds and channels shown."))
    if kind == Kind.BREACH and not on:
        raise ValidationError(_("Overdue notices cannot be turned off."))
    choice, _created = Preference.objects.update_or_create(user=user, kind=kind, channel=channel, defaults={"on": on})
    return choice


@transaction.atomic
def set_language(*, actor: Actor, language: str) -> MailLanguage:
    """Choose the language of one's mail."""
    user = _person(actor)
    if language not in dict(settings.LANGUAGES):
        raise ValidationError(_("Choose one of the languages shown."))
    choice, _created = MailLanguage.objects.update_or_create(user=user, defaults={"language": language})
    return choice


@transaction.atomic
def choose(*, actor: Actor, channel: str, kinds: Iterable[str], language: str) -> None:
    """All of one's choices for one channel at once: these kinds come over it, the others don't; overdue ones always."""
    wanted = {*kinds, Kind.BREACH}
    for kind in Kind:
        set_preference(actor=actor, kind=kind, channel=channel, on=kind in wanted)
    set_language(actor=actor, language=language)


@transaction.atomic
def retry(*, actor: Actor, at: datetime) -> int:
    """Give every dead letter five new attempts, once what killed it has been put right. Returns their number."""
    if not can(actor, "retry", Delivery):
        raise PermissionDenied
    revived = Delivery.objects.dead().update(dead_at=None, attempts=0, lease_until=None, not_before=at, error="")
    if revived:
        bell.ring(DELIVER)
    return revived


def _person(actor: Actor) -> User:
    if not can(actor, "set_preference", Preference) or actor.user is None:
        raise PermissionDenied
    return actor.user


def _check_key(key: str) -> None:
    if not KEY.fullmatch(key):
        raise ValueError(f"A key is 1 to 100 printable ASCII characters without spaces: {key!r}")


def _check_notice(key: str, kind: str, path: str) -> None:
    """Mistakes of the caller, not of a user: they fail loudly in the first test."""
    _check_key(key)
    if kind not in Kind:
        raise ValueError(f"No kind of notice: {kind!r}")
    _check_path(path)


def _check_path(path: str) -> None:
    # Browsers read a backslash as a slash: both would leave this site.
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        raise ValueError(f"A message opens a page of this site: {path!r}")


def _stored(template: str, context: Mapping[str, object]) -> dict[str, object]:
    messages.check_context(template, context)
    link = context.get("link", "/")
    if not isinstance(link, messages.Secret):
        _check_path(str(link).removeprefix(settings.PUBLIC_URL))
    if not isinstance(context.get("due_at"), datetime | None):
        raise ValueError("The letter writes due_at in its reader's language: hand in the instant.")
    return {name: _plain(value) for name, value in context.items()}


def _plain(value: object) -> object:
    if isinstance(value, messages.Secret):
        return value.stored()
    return value.isoformat() if isinstance(value, datetime) else value
