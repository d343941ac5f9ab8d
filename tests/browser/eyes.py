"""People at browsers of their own, and eyes that look over every page they meet.

A look at 1280 and at 360 pixels finds sideways scroll and asks axe. Whatever a page says on the console is a fault as
well. ``SCREENSHOTS=DIR bin/test tests/browser`` takes a picture of each look as well.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, TimeoutError

WIDTHS = (1280, 360)
TALL = 900
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "preload": False,
    "resultTypes": ["violations"],  # of what passes only one node each: the rest is never read
}
# What the browser itself writes when a page was answered with mistakes in a form, or with a conflict.
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of (403|404|409|422|429)")


class Eyes:
    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url
        self.folder = Path(folder) if (folder := os.environ.get("SCREENSHOTS")) else None
        self.faults: list[str] = []
        self.seen: list[str] = []
        self.looking = False
        self.axe = Axe()

    @contextmanager
    def person(self, name: str, *, javascript: bool = True) -> Iterator[Person]:
        context = self.browser.new_context(
            base_url=self.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": WIDTHS[0], "height": TALL},
            java_script_enabled=javascript,
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("response", self._answered)
        yield Person(self, name, page, javascript)
        context.close()

    def _console(self, message: ConsoleMessage) -> None:
        # axe puts styles into the page while it measures: those are its own
        if not self.looking and not EXPECTED.match(message.text):
            self.faults.append(f"console of {message.location.get('url')}: {message.text}")

    def _answered(self, response: Response) -> None:
        if not response.url.startswith(self.url):
            self.faults.append(f"asked {response.url}")
        if response.status >= 500:
            self.faults.append(f"{response.status} from {response.url}")

    def look(self, page: Page, name: str, *, javascript: bool) -> None:
        name = f"{len(self.seen):02}-{name}"
        self.seen.append(name)
        page.wait_for_load_state()  # a press may still be leading here
        self.looking = True
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": TALL})
            if self.folder:
                page.screenshot(path=self.folder / f"{name}-{width}.png", full_page=True)
            across = page.evaluate("() => document.documentElement.scrollWidth")
            if across > width:
                self.faults.append(f"{name}: {across} px wide in a window of {width}")
            if javascript:
                self.faults += self._axe(page, f"{name} at {width}")
        page.set_viewport_size({"width": WIDTHS[0], "height": TALL})
        page.wait_for_timeout(20)  # what axe caused on the console arrives now
        self.looking = False

    def _axe(self, page: Page, where: str) -> list[str]:
        found: dict[str, Any] = self.axe.run(page, options=RULES).response
        assert found["passes"], f"axe saw nothing of {where}"
        return [f"{where}: {one['id']} {one['nodes'][0]['target']}" for one in found["violations"]]


class Person:
    """Somebody at a browser: goes to pages, fills in forms, presses buttons, and looks."""

    def __init__(self, eyes: Eyes, name: str, page: Page, javascript: bool) -> None:
        self.eyes, self.name, self.page, self.javascript = eyes, name, page, javascript

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def goes_to(self, path: str) -> Person:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status < 400, f"{self.name}: {path} answered {answer.status}"
        return self

    def looks(self, what: str) -> Person:
        self.eyes.look(self.page, f"{self.name}-{what}", javascript=self.javascript)
        return self

    def arrives(self, where: str) -> Person:
        """The page that an act leads to; says what stands there instead."""
        try:
            self.page.wait_for_url(where)
        except TimeoutError as late:
            text = f"{self.name} is at {self.page.url}, not {where}; {self.eyes.faults}\n{self.main.inner_text()}"
            raise AssertionError(text) from late
        return self

    def reads(self, *words: str) -> Person:
        text = self.main.inner_text()
        for word in words:
            assert word in text, f"{self.name} does not read “{word}” on {self.page.url}:\n{text}"
        return self

    def follows(self, link: str) -> Person:
        self.main.get_by_role("link", name=link).first.click()
        return self

    def fills(self, **fields: Any) -> Person:
        """Text, one choice of several, a tick (True), or a file (a Path)."""
        for name, value in fields.items():
            control = self.main.locator(f'[name="{name}"]')
            if isinstance(value, Path):
                control.set_input_files(value)
            elif value is True:
                control.check()
            elif control.first.get_attribute("type") == "radio":
                self.main.locator(f'[name="{name}"][value="{value}"]').check()
            elif control.evaluate("one => one.tagName") == "SELECT":
                control.select_option(value)
            else:
                control.fill(value)
        return self

    def presses(self, button: str) -> Person:
        self.main.get_by_role("button", name=button, exact=True).first.click()
        return self

    def signs_in(self, username: str, password: str) -> Person:
        self.goes_to("/app/").fills(login=username, password=password).presses("登录")
        assert "/accounts/login" not in self.page.url, self.main.inner_text()
        return self
