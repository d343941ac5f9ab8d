"""Puts ``request.actor`` on every request: who acts, in which post, from where. Ends sessions that lie idle."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor, actor_for
from accounts.roles import ADMIN_ROLES
from common.http import client_address, request_id

POST_KEY = "post"  # in the session: the key of the post that the person chose to act in
SEEN_KEY = "seen"  # in the session: when it began and when the last request came
PERSONAL = ("Authorization", "X-Tracking-Code")  # headers that open what is not public
SEEN_EVERY = 60  # a session row is written once a minute, not with each request


class ActorMiddleware:
    """Who is not signed in costs no query; who is costs one, for the posts, which every page of theirs needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = actor_of(request)
        if actor.user is not None and _over(request, actor):
            logout(request)
            actor = actor_of(request)
        request.actor = actor  # type: ignore[attr-defined]  # our own attribute, as request.user is Django's
        response = self.get_response(request)
        if actor.user is None and request.method == "POST":
            _lead_back(request, response)
        keep_private(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Refusals are audited too; the verb that refused is rolled back, so it is written here."""
        if isinstance(exception, PermissionDenied):
            audit.refused(request.actor, f"{request.method} {request.path}")  # type: ignore[attr-defined]


def _lead_back(request: HttpRequest, response: HttpResponse) -> None:
    """Who was signed out while they typed comes back, signed in again, to the page of the form and not to the address
    that only takes what it sends; and is told that nothing was saved."""
    login = resolve_url(settings.LOGIN_URL)
    if response.status_code != 302 or not response["Location"].startswith(f"{login}?next="):
        return
    came = urlsplit(request.headers.get("Referer", ""))
    page = f"{came.path}?{came.query}" if came.query else came.path
    own = came.netloc == request.get_host() and url_has_allowed_host_and_scheme(page, None)
    response["Location"] = f"{login}?{urlencode({'next': page if own else resolve_url(settings.LOGIN_REDIRECT_URL)})}"
    messages.warning(request, _("You were signed out meanwhile: what you sent was not saved."))


def keep_private(request: HttpRequest, response: HttpResponse) -> None:
    """What was answered to a person, a key or a tracking code is kept by no browser and no proxy, unless the view said
    otherwise. Public pages to strangers stay as they are."""
    if request.path.startswith("/api/"):
        patch_vary_headers(response, ["Authorization", "Cookie"])
    # The actor is asked again: a key was only looked at inside.
    personal = request.actor.user is not None or any(name in request.headers for name in PERSONAL)  # type: ignore[attr-defined]
    if personal and not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-store"


def actor_of(request: HttpRequest) -> Actor:
    address, number = client_address(request), request_id(request)
    if not request.user.is_authenticated:
        return Actor(address=address, request_id=number)
    return actor_for(request.user, post_id=request.session.get(POST_KEY), address=address, request_id=number)


def _over(request: HttpRequest, actor: Actor) -> bool:
    """Nobody there for 15 minutes (administrators 10), or signed in for eight hours. On the wall clock: a session is no
    matter of rules, so a shifted "now" doesn't end it."""
    now = int(time.time())
    began, seen = request.session.get(SEEN_KEY) or (now, 0)
    idle = settings.SESSION_IDLE_ADMIN if actor.has(*ADMIN_ROLES) else settings.SESSION_IDLE
    if seen and (now - seen > idle or now - began > settings.SESSION_COOKIE_AGE):
        return True
    if now - seen >= SEEN_EVERY:
        request.session[SEEN_KEY] = (began, now)
    return False
