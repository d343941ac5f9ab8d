"""Which language a page is in: Chinese, unless the person pressed the switch.

Django's own middleware follows the browser's Accept-Language. Office machines are often installed in English while
their users work in Chinese, so here only the choice counts.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers


class ChosenLanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen(request)
        translation.activate(language)  # not undone: a streamed answer is still being written after this returns
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        patch_vary_headers(response, ["Cookie"])
        response.headers.setdefault("Content-Language", language)
        return response


def chosen(request: HttpRequest) -> str:
    wish = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return wish if wish in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
