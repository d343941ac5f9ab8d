"""Errors of the API as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from common.errors import Conflict, NotVisible

CONTENT_TYPE = "application/problem+json"
CODES = {
    400: "invalid",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
}


def problem(code: int, detail: str, /, *, errors: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    body = {
        "type": "about:blank",
        "title": str(_titles().get(code, "")),
        "status": code,
        "detail": detail,
        "code": more.pop("code", CODES.get(code, "error")),
        **more,
    }
    if errors:
        body["errors"] = errors
    return body


def _titles() -> dict[int, str]:
    return {
        400: _("The request holds mistakes"),
        401: _("Please sign in"),
        403: _("Not allowed"),
        404: _("Not found"),
        405: _("This method is not answered here"),
        409: _("Conflict"),
        413: _("Too large"),
        415: _("This kind of content is not answered here"),
        429: _("Too many requests"),
    }


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: the errors of the services, of Django and of DRF in one form."""
    answer = _domain(error)
    headers: dict[str, str] = {}
    if answer is None and isinstance(error, exceptions.APIException):
        answer = _rest(error)
        if getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = error.auth_header
        if getattr(error, "wait", None):
            headers["Retry-After"] = str(int(error.wait) + 1)
    if answer is None:
        return None
    set_rollback()
    return Response(answer, status=answer["status"], headers=headers, content_type=CONTENT_TYPE)


def _domain(error: Exception) -> dict[str, Any] | None:
    if isinstance(error, NotVisible | Http404):
        return problem(404, _("There is nothing here that you may see."))
    if isinstance(error, PermissionDenied):
        return problem(403, str(error) or _("Your post may not do this."))
    if isinstance(error, Conflict):
        facts = {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in error.facts.items()}
        return problem(409, error.message, reason=error.code, **facts)
    if isinstance(error, RequestDataTooBig):
        return problem(413, _("The request is too large."))
    if isinstance(error, ValidationError):
        return _invalid(error)
    return None


def _invalid(error: ValidationError) -> dict[str, Any]:
    errors = error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}
    codes = {item.code for items in getattr(error, "error_dict", {}).values() for item in items}
    if "too_large" in codes:
        return problem(413, _("The file is too large."), errors=errors)
    return problem(400, _("Please mend the fields named in “errors”."), errors=errors)


def _rest(error: exceptions.APIException) -> dict[str, Any]:
    code = error.status_code
    if isinstance(error, exceptions.ValidationError):
        detail = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        return problem(400, _("Please mend the fields named in “errors”."), errors=detail)
    if isinstance(error, exceptions.ParseError):
        return problem(400, str(error.detail), errors={"non_field_errors": [str(error.detail)]})
    return problem(code, str(error.detail))


class TooMany(exceptions.APIException):
    """429 with ``Retry-After``."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_detail = "Too many requests."

    def __init__(self, wait: int) -> None:
        super().__init__(_("Too many requests; please wait %(n)d seconds.") % {"n": wait})
        self.wait = wait


def not_found(request: Any, exception: Any = None) -> JsonResponse:
    """What an address that is none of ours answers below /api/."""
    return JsonResponse(
        problem(404, _("There is nothing here that you may see.")), status=404, content_type=CONTENT_TYPE
    )
