"""A password or key on its only page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from common.render import render_page


@never_cache
def show_once(request: HttpRequest, title: str, lede: str, facts: list[dict[str, str]], onward: str) -> HttpResponse:
    """The answer to the POST that made it, never a page of its own: no address leads here again."""
    return render_page(
        request, "accounts/secret.html", {"title": title, "lede": lede, "facts": facts, "onward": onward}
    )
