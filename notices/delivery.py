"""Carry the outbox to the mail server: at least once, with a stable id, however many workers do it."""

from __future__ import annotations

import re
import time
from smtplib import SMTPRecipientsRefused, SMTPResponseException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from common import clock
from notices import mail, outbox
from notices.models import Delivery, MailLanguage
from notices.outbox import Taken

log = structlog.get_logger(__name__)

# Many mail servers end a session after some hundred messages.
MESSAGES_PER_SESSION = 50
ADDRESS = re.compile(r"\S+@\S+")


class Session:
    """What is said to the mail server between hello and goodbye; opened anew after a failure and every 50 messages."""

    def __init__(self) -> None:
        self.backend: BaseEmailBackend | None = None
        self.messages = 0

    def open(self) -> bool:
        """False when the server cannot be reached or does not let us in."""
        if self.messages >= MESSAGES_PER_SESSION:
            self.close()
        if self.backend is None:
            fresh = get_connection()
            try:
                fresh.open()
            except OSError as error:  # smtplib's own errors are among them
                log.warning("mail_server_unreachable", error=why(error))
                return False
            self.backend = fresh
        return True

    def send(self, message: EmailMessage) -> None:
        if self.backend is None:
            raise ConnectionError("The session is closed.")
        self.messages += 1
        self.backend.send_messages([message])

    def close(self) -> None:
        if self.backend is not None:
            self.backend.close()
        self.backend, self.messages = None, 0


def configured() -> bool:
    """Is there anybody to hand mail to? Without a server the inbox is enough."""
    return bool(settings.EMAIL_HOST) or not settings.EMAIL_BACKEND.endswith(".smtp.EmailBackend")


def deliver(*, seconds: float = 15) -> int:
    """Send what is due, for about ``seconds``. Returns the number of messages that left.

    The session with the mail server is opened before anything is taken: while the server is down nothing is attempted,
    so an outage of any length kills no letter.
    """
    if not configured():
        outbox.give_up_without_server(clock.now())
        return 0
    if not Delivery.objects.due(clock.now()).exists():
        return 0
    # Pages that cannot be loaded (a half-made release) fail here, before they cost every letter an attempt.
    reverse("notices:list")
    until, left, session = time.monotonic() + seconds, 0, Session()
    try:
        while time.monotonic() < until and session.open():
            taken = outbox.take(clock.now())
            if taken is None:
                break
            left += _carry(taken, session)
    finally:
        session.close()
    return left


def why(error: Exception) -> str:
    """What went wrong, without anybody's address: it is shown to administrators and stands in the log."""
    name = type(error).__name__
    if isinstance(error, SMTPRecipientsRefused):
        return f"{name} {sorted({code for code, _text in error.recipients.values()})}"
    if isinstance(error, SMTPResponseException):
        return f"{name} {error.smtp_code}"
    return f"{name}: {ADDRESS.sub('…', mail.one_line(error))}"


def _carry(taken: Taken, session: Session) -> int:
    """One message: 1 when the server took it. What goes wrong is written on its rows."""
    try:
        message = _write(taken)
        if message is None:
            return 0
        session.send(message)
    except Exception as error:  # whatever it is counts as an attempt and must not stop the other letters
        log.warning("delivery_failed", key=taken.key, error=why(error))
        outbox.failed(taken.rows, clock.now(), why(error))
        # Nobody knows in what state the session is now.
        session.close()
        return 0
    outbox.sent(taken, clock.now())
    return 1


def _write(taken: Taken) -> EmailMessage | None:
    """The mail, or None when nobody is there to get it."""
    first = taken.rows[0]
    if first.user_id is None:
        return mail.write_letter(first)
    reader = User.objects.filter(pk=first.user_id, is_active=True).exclude(email="").first()
    if reader is None:
        outbox.dropped(taken, clock.now(), "The person left or has no address.")
        return None
    chosen = MailLanguage.objects.filter(user=reader).values_list("language", flat=True).first()
    with translation.override(chosen or settings.LANGUAGE_CODE):
        if taken.is_digest:
            return _write_digest(taken, reader.email)
        return mail.write_notice(first, address=reader.email)


def _write_digest(taken: Taken, address: str) -> EmailMessage | None:
    """One row that cannot be put into words is left out and tried by itself: it must not hold up the others."""
    items = []
    for row in list(taken.rows):
        try:
            items.append(mail.describe(row.notice))
        except Exception as error:  # counted on that row
            log.warning("delivery_failed", key=row.key, error=why(error))
            outbox.leave_out(row, clock.now(), why(error))
            taken.rows.remove(row)
    return mail.write_digest(taken.rows, items, key=taken.key, address=address) if items else None
