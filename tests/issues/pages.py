"""How tests open pages as one of the cast."""

from __future__ import annotations

import html
import re
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import Actor
from issues.models import Issue


def browser(actor: Actor, **defaults: Any) -> Client:
    client = Client(**defaults)
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(issue: Issue) -> str:
    return reverse("issues:page", args=[issue.number])


def act(issue: Issue, action: str) -> str:
    return reverse("issues:act", args=[issue.number, action])


def text_of(response: HttpResponse) -> str:
    """The words of the main part of a page."""
    body = response.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def queries(client: Client, path: str) -> int:
    """How many queries a page takes, once everything that is kept in the process is there."""
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(path).status_code == 200
    return len(caught)
