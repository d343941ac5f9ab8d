"""Deliveries as plain-text mail: number, kind, due and link in the reader's language; nothing of what a case says.

Nothing that comes from a row can start a header or a line of its own: every value is one line without control
characters before it meets a template or a header.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parseaddr
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context, Engine
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from common import fmt
from common.context import district
from notices import messages
from notices.models import Delivery, Notice

# Control characters, line and paragraph separators, and those that turn the direction of writing.
UNPRINTABLE = re.compile("[\x00-\x20\x7f-\xa0\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
NOT_A_TOKEN = re.compile(r"[^!-~]")


def one_line(value: object) -> str:
    return UNPRINTABLE.sub(" ", str(value)).strip()


def write_notice(row: Delivery, *, address: str) -> EmailMessage:
    """The mail about one notice, in the language that is active now."""
    item = describe(row.notice)
    return _message(
        key=row.key, rows=[row], address=address, subject=item["sentence"], template="notice", context=dict(item)
    )


def write_digest(rows: list[Delivery], items: list[dict[str, str]], *, key: str, address: str) -> EmailMessage:
    """One mail that lists what else would be more than five; ``items`` are the rows as described."""
    count = len(items)
    subject = _("Messages for you: %(count)d") % {"count": count}
    context = {"items": items, "count": count, "inbox": absolute(reverse("notices:list"))}
    return _message(key=key, rows=rows, address=address, subject=subject, template="digest", context=context)


def write_letter(row: Delivery) -> EmailMessage:
    """The mail to a submitter."""
    letter = messages.letter(row.template)
    with translation.override(row.language or settings.LANGUAGE_CODE):
        context = {name: _shown(name, messages.revealed(value)) for name, value in row.context.items()}
        return _message(
            key=row.key,
            rows=[row],
            address=row.address,
            subject=str(letter.subject) % context,
            template=row.template,
            context=context,
        )


def describe(notice: Notice | None) -> dict[str, str]:
    """What a mail may say of a notice, in the language that is active now."""
    assert notice, "a delivery to a person has its notice: delivery_says_something"
    return {
        "sentence": one_line(messages.sentence(notice)),
        "number": one_line(notice.ref),
        "kind": str(notice.get_kind_display()),
        "due": fmt.cn_datetime(notice.due_at),
        "link": absolute(notice.path),
    }


def absolute(path: str) -> str:
    """The address that a path has from outside; one that is already ours stays."""
    link = one_line(path).replace(" ", "%20")
    return link if link.startswith(f"{settings.PUBLIC_URL}/") else f"{settings.PUBLIC_URL}/{link.lstrip('/')}"


def message_id(key: str) -> str:
    """The same for every repeat, so that a mail server or reader can drop it."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def _shown(name: str, value: Any) -> str:
    if name == "link":
        return absolute(str(value))
    if name == "due_at" and value:
        return fmt.cn_datetime(datetime.fromisoformat(value))
    return one_line(value or "")


def _message(
    *, key: str, rows: list[Delivery], address: str, subject: str, template: str, context: dict[str, Any]
) -> EmailMessage:
    facts = {**context, "district": district()["name"], "settings_link": absolute(reverse("notices:settings"))}
    # Plain text: escaping would turn & into &amp;, so the engine itself is asked; its wrapper always escapes.
    body = Engine.get_default().get_template(f"notices/mail/{template}.txt").render(Context(facts, autoescape=False))
    return EmailMessage(
        subject=_("[Bihuan] %(subject)s") % {"subject": one_line(subject)},
        body=body.strip() + "\n",
        to=[address],
        headers={
            "Message-ID": message_id(key),
            "X-Bihuan-Key": NOT_A_TOKEN.sub("_", key),
            "X-Bihuan-Items": ", ".join(NOT_A_TOKEN.sub("_", row.key) for row in rows),
            "Auto-Submitted": "auto-generated",
        },
    )
