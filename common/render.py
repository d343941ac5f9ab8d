"""How views answer: a page, or the part of it that htmx asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def render_page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, part: str = "", status: int = 200
) -> HttpResponse:
    """The page; with ``part``, only that partial of it when htmx asks (``{% partialdef part %}`` in the same file)."""
    if not part:
        return render(request, template, dict(context or {}), status=status)
    htmx = getattr(request, "htmx", None)
    # Going back to a page of the history must get the whole page, also when the browser's own cache is asked.
    partial = bool(htmx) and not htmx.boosted and not htmx.history_restore_request
    response = render(request, f"{template}#{part}" if partial else template, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def render_form(request: HttpRequest, template: str, context: Mapping[str, Any], *, form: Any) -> HttpResponse:
    """A page with a form: 422 when the form was sent and has mistakes, else 200."""
    return render(request, template, {**context, "form": form}, status=422 if form.is_bound and form.errors else 200)
