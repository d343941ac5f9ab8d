"""Who gets into a page at all. What they see and may do there is the policy's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from accounts import landing

View = Callable[..., HttpResponse]


def staff_page(view: View) -> View:
    """Signed in, and in a post inside the district. Enterprises and observers are led to their own page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if landing.is_staff(request.actor):  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)
        return _elsewhere(request)

    guarded.staff_page = True  # type: ignore[attr-defined]  # the permission matrix asks which views are guarded how
    return login_required(guarded)


def role_page(*roles: str) -> Callable[[View], View]:
    """Signed in, and acting in one of ``roles``; else 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.actor.has(*roles):  # type: ignore[attr-defined]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return decorate


def _elsewhere(request: HttpRequest) -> HttpResponse:
    home = landing.home_of(request.actor)  # type: ignore[attr-defined]
    # Only a look may be led elsewhere; a write that is not allowed is refused.
    if home is None or request.method not in ("GET", "HEAD"):
        raise PermissionDenied
    return HttpResponseRedirect(home)
