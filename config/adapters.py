"""Sign-in: by user name and password only, accounts made by an administrator, never by a visitor."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from common.views import too_many


class ClosedAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def tried_username(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The account that a sign-in tries: allauth's form calls it otherwise than the backend does. Case doesn't make
    another account."""
    tried = (credentials or {}).get("username") or request.POST.get("login", "")
    return str(tried).strip().casefold()[:150]


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """What a person sees after five wrong passwords; the right one doesn't help before the time is over."""
    return too_many(request, int(settings.AXES_COOLOFF_TIME * 3600), template="account/locked_out.html")
