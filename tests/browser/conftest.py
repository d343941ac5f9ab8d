"""A headless Chromium on the test's own web server.

``browser_context`` belongs to one test, ``page`` is its first page; ``browser.new_context(**browser_options)`` opens
another person's. At the end a test fails if a page had a script error, met its own CSP, or asked another host.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture
def browser_options(live_server) -> dict[str, Any]:
    return {
        "base_url": live_server.url,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1280, "height": 900},
    }


@pytest.fixture
def watch(live_server) -> Iterator[Any]:
    """Look over every page of a context: no script error, no CSP violation, no other host."""
    faults: list[str] = []

    def attach(context: BrowserContext) -> BrowserContext:
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: faults.append(f"script error: {error.error}"))
        context.on("console", lambda message: faults.extend(_violation(message.text)))
        context.on("request", lambda request: faults.extend(_foreign(request.url, live_server.url)))
        return context

    yield attach
    assert faults == []


def _violation(text: str) -> list[str]:
    return [text] if "Content Security Policy" in text or "Content-Security-Policy" in text else []


def _foreign(url: str, own: str) -> list[str]:
    parts = urlsplit(url)
    return [] if parts.scheme in ("data", "blob", "about") or parts.netloc == urlsplit(own).netloc else [f"asked {url}"]


@pytest.fixture
def browser_context(browser: Browser, browser_options: dict[str, Any], watch: Any) -> Iterator[BrowserContext]:
    context = watch(browser.new_context(**browser_options))
    yield context
    context.close()


@pytest.fixture
def page(browser_context: BrowserContext) -> Page:
    return browser_context.new_page()
