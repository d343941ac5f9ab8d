"""What a service answers instead of doing its work, as pages. The API has its own mapping to problem+json; views with
something richer to say (a conflict that keeps what was typed) catch the error themselves."""

from __future__ import annotations

import re
from collections.abc import Callable

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from common.errors import Conflict, NotVisible

_REQUEST_ID = re.compile(r"[\w.:-]{1,40}", re.ASCII)


class ErrorMiddleware:
    """NotVisible → 404, Conflict → 409, ValidationError that no form took → 400; PermissionDenied is Django's 403."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # PostgreSQL takes no NUL in a text. Forms refuse it in what is sent; in an address nobody means it.
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path:
            return render(request, "400.html", status=400)
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            drawn = render(request, "405.html", status=405)
            drawn["Allow"] = response["Allow"]
            return drawn
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotVisible):
            return render(request, "404.html", status=404)
        if isinstance(exception, Conflict):
            return conflict(request, exception)
        if isinstance(exception, ValidationError):
            return render(request, "400.html", {"mistakes": exception.messages}, status=400)
        return None


def conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    """The plain conflict page: what stood in the way, and the way back."""
    return render(
        request, "409.html", {"message": error.message, "facts": error.facts, "back": came_from(request)}, status=409
    )


def came_from(request: HttpRequest) -> str:
    """The page of ours that sent the request; the start page when that is not told."""
    return safe_target(request, request.headers.get("Referer", ""))


def safe_target(request: HttpRequest, target: str, otherwise: str = "") -> str:
    """``target`` if it lies on this site: an address that came with a request never leads elsewhere."""
    hosts = {request.get_host()}
    if target and url_has_allowed_host_and_scheme(target, hosts, require_https=request.is_secure()):
        return target
    return otherwise or resolve_url(settings.LOGIN_REDIRECT_URL)


def client_address(request: HttpRequest) -> str | None:
    """Where the request came from: behind ``PROXY_COUNT`` proxies as they tell it, else the peer."""
    return get_client_ip_address(request)


def request_id(request: HttpRequest) -> str:
    """The id of this request in logs and audit trail; a caller's own one only if it is a plain word."""
    from structlog.contextvars import get_contextvars

    value = str(get_contextvars().get("request_id", ""))
    return value if _REQUEST_ID.fullmatch(value) else ""
