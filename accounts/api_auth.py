"""``Authorization: Token <key>`` for the API. A browser's session works beside it, with its own class."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.actors import actor_for
from accounts.models import ApiToken, User
from accounts.services import authenticate_token
from common.http import client_address, request_id

SCHEME = "token"


class TokenAuthentication(BaseAuthentication):
    """Sets ``request.actor`` to all current posts of the key's owner; a session that came along counts for nothing.

    401 for a key that doesn't hold, in one sentence whatever the reason; 403 for a write with a read-only key.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, *rest = get_authorization_header(request).split() or [b""]
        if scheme.lower() != SCHEME.encode():
            return None
        found = authenticate_token(_key(rest))
        if found is None:
            raise AuthenticationFailed(_("This key does not hold."))
        user, token = found
        if token.scope == ApiToken.Scope.READ and request.method not in SAFE_METHODS:
            raise PermissionDenied(_("This key may only read."))
        plain = request._request
        plain.actor = actor_for(user, address=client_address(plain), request_id=request_id(plain))
        return user, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


def _key(rest: list[bytes]) -> str:
    """The one word behind the scheme; a key of ours is plain ASCII, anything else fits no hash."""
    return rest[0].decode("ascii", errors="replace") if len(rest) == 1 else ""
