"""Pages that belong to no app: the style guide, the large-text switch, and requests that can't be served."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from common import styleguide as styleguide_samples
from common.context import ELDER_COOKIE
from common.http import safe_target


@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Large text on or off: a cookie that the shells turn into a class on <html>, so it needs no script."""
    response = HttpResponseRedirect(safe_target(request, request.POST.get("next", ""), otherwise="/"))
    if request.POST.get("elder") == "1":
        response.set_cookie(
            ELDER_COOKIE, "1", max_age=365 * 24 * 3600, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(ELDER_COOKIE, samesite="Lax")
    return response


@require_safe
def styleguide(request: HttpRequest, shell: str = "staff") -> HttpResponse:
    """Every component in every state, in the words of a fictional district."""
    return render(request, f"styleguide/{shell}.html", styleguide_samples.context())


def too_many(request: HttpRequest, seconds: int, *, template: str = "429.html") -> HttpResponse:
    """429 in our look: says how long to wait, in the page and for programs."""
    response = render(request, template, {"minutes": -(-seconds // 60)}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def too_large(request: HttpRequest, megabytes: int) -> HttpResponse:
    return render(request, "413.html", {"megabytes": megabytes}, status=413)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "", **kwargs: Any) -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
