"""People with posts, a quiet week, and a mail server on loopback that keeps every raw message."""

from __future__ import annotations

import email
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from accounts.actors import Actor
from accounts.models import Post, Unit, User
from accounts.roles import Role, UnitKind
from notices import quiet

# A Thursday, 10:00 in Shanghai.
THURSDAY = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _weekends_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The calendar of ``deadlines`` has its own tests; here Monday to Friday work."""
    monkeypatch.setattr(quiet, "_works", quiet.weekdays)


@pytest.fixture
def now() -> datetime:
    return THURSDAY


@pytest.fixture
def unit(db: None) -> Unit:
    return Unit.objects.create(code="DW01", name="区测试局", kind=UnitKind.DEPARTMENT, valid_from=date(2020, 1, 1))


@pytest.fixture
def person(unit: Unit) -> Callable[..., User]:
    """``person("chen")`` has a current post and an address; ``role=None`` has no post."""

    def make(username: str, *, role: str | None = Role.UNIT_OFFICER, mail: bool = True, **fields: Any) -> User:
        address = f"{username}@example.test" if mail else ""
        user = User.objects.create_user(username=username, email=address, name=f"姓名{username}", **fields)
        if role:
            Post.objects.create(user=user, role=role, unit=unit, starts_at=datetime(2020, 1, 1, tzinfo=UTC))
        return user

    return make


@pytest.fixture
def actor_of() -> Callable[[User], Actor]:
    return lambda user: Actor(user=user, posts=tuple(Post.objects.filter(user=user)))


class Mailbox:
    """What reached the server, raw and in order. ``before`` and ``after`` look at each message on its way."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.sender_seen: Callable[[str], str | None] = lambda sender: None
        self.recipient_seen: Callable[[str], str | None] = lambda address: None
        self.content_seen: Callable[[bytes], None] = lambda content: None

    async def handle_MAIL(  # noqa: N802 -- aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.sender_seen(address)
        if answer is None:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.recipient_seen(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as above
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        self.content_seen(envelope.content)
        return "250 OK"

    @property
    def messages(self) -> list[EmailMessage]:
        return [email.message_from_bytes(raw, policy=modern) for raw in self.raw]

    @property
    def keys(self) -> list[str]:
        return [message["X-Bihuan-Key"] for message in self.messages]

    def subject(self, number: int = 0) -> str:
        """As a reader shows it: where the header was folded after its name, a space is left of the fold."""
        return str(self.messages[number]["Subject"]).strip()

    def text(self, number: int = 0) -> str:
        return str(self.messages[number].get_content()).replace("\r\n", "\n")

    def wait_for(self, count: int, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while len(self.raw) < count:
            assert time.monotonic() < deadline, f"{len(self.raw)} of {count} messages came"
            time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), decode_data=False)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = controller.hostname
    settings.EMAIL_PORT = controller.port
    settings.PUBLIC_URL = "https://bihuan.example.test"
    yield box
    controller.stop()
