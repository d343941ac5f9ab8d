"""What every view of the API begins with."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.actors import ANONYMOUS, Actor, actor_for
from accounts.api_auth import TokenAuthentication


class ApiView(APIView):
    """Token or session; ``self.actor`` acts. ``public`` lets callers without an account in."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes: list[Any] = []
    public = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.public and not (request.user and request.user.is_authenticated):
            raise NotAuthenticated

    @property
    def actor(self) -> Actor:
        actor = getattr(self.request._request, "actor", None) or ANONYMOUS
        return actor if isinstance(actor, Actor) else actor._wrapped  # type: ignore[no-any-return]


def one_post(actor: Actor, wanted: Any) -> Actor:
    """Who holds several posts may name one: by its id, its role, or ``role@unit``."""
    if wanted in (None, ""):
        return actor
    for post in actor.posts_held:
        names = {str(post.pk), post.role, f"{post.role}@{post.unit.code if post.unit else ''}"}
        if str(wanted) in names and actor.user is not None:
            return actor_for(actor.user, post_id=post.pk, address=actor.address, request_id=actor.request_id)
    raise ValidationError({"post": [_("You hold no such post.")]})


def body_of(request: Request) -> dict[str, Any]:
    """A copy of the sent object: callers take fields out of it, and ``Idempotency-Key`` compares the whole one later.
    Text that no database can store is refused here, so that no field needs to think of it."""
    data = request.data
    if hasattr(data, "dict"):
        data = data.dict()
    if not isinstance(data, dict):
        raise ValidationError({"non_field_errors": [_("An object is expected.")]})
    _storable(data, "")
    return dict(data)


def _storable(value: Any, path: str) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _storable(key, path)
            _storable(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for item in value:
            _storable(item, path)
    elif isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            bad = True
        else:
            bad = "\x00" in value
        if bad:
            raise ValidationError(
                {path or "non_field_errors": [_("The text holds a character that cannot be stored.")]}
            )


def refuse_unknown(data: dict[str, Any], known: frozenset[str] | set[str]) -> None:
    unknown = sorted(set(data) - set(known))
    if unknown:
        raise ValidationError({str(name)[:80]: [_("Unknown field.")] for name in unknown})


def plain(text: str) -> str:
    """A word of the address that a database can be asked for."""
    if "\x00" in text or len(text) > 200:
        raise ValidationError({"q": [_("The text holds a character that cannot be stored, or is too long.")]})
    return text
