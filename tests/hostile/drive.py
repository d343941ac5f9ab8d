"""Puts words into every place where people type and looks at every page where they come out.

``Driver.run(list)`` takes up to fifty strings: each one goes in through the public form or the API (``thorough``:
through both), is searched for, and stands in lists and exports; by tens they fill all texts of one issue's whole loop.
Nothing stays in the database. ``faults`` says what was wrong; ``seen`` how often each place was asked and its answer.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.test import Client

from issues.models import Issue
from issues.services.search import fold
from tests.cast import District
from tests.hostile import loop, sheets
from tests.hostile.skeleton import Page, difference, squeeze
from tests.issues.portal import FORM, value_of

HARMLESS = "安全用水"
REFUSED = frozenset({400, 404, 422})
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
TEN, FIFTY = 10, 50
# What harmless twins gave: learnt once a process.
KNOWN: dict[tuple[str, tuple[str, ...]], tuple[int, list[str]]] = {}
VOCABULARY: set[str] = set()
FILTERS = ("state", "light", "unit", "due", "category", "channel", "layer", "month", "enterprise", "order", "cursor")
ADDRESSES = (
    ("guest", "/track/{}/"),
    ("guest", "/v/{}/"),
    ("staff", "/app/issues/{}/"),
    ("staff", "/api/v1/issues/{}/"),
    ("staff", "/api/v1/issues/?ordering={}"),
    ("staff", "/api/v1/issues/?cursor={}"),
    ("staff", "/api/v1/issues/?unit={0}&state={0}&submitted_after={0}"),
    ("staff", "/api/v1/verify/{}/"),
    ("staff", "/app/enterprises/?q={}"),
    ("guest", "/track/?number={}"),
)


def twin(words: str) -> str:
    """A harmless string of the same shape: blanks and line breaks stay, for they make paragraphs."""
    if re.search(r"[\r\n]", words):
        return re.sub(r"[^\s\x1c-\x1f]", "安", words)
    return HARMLESS if words.strip() else words


class Driver:
    def __init__(self, d: District, *, thorough: bool = False) -> None:
        self.d, self.thorough = d, thorough
        self.faults: list[str] = []
        self.seen: Counter[tuple[str, int]] = Counter()
        self.known, self.vocabulary = KNOWN, VOCABULARY
        self.staff, self.officer = signed_in(d.coordinator), signed_in(d.officer)
        self.guest = Client(enforce_csrf_checks=True, raise_request_exception=False)
        for client, path in ((self.guest, "/v/"), (self.staff, "/app/enterprises/")):
            VOCABULARY.update(Page(client.get(path).content).skeleton)  # where an address of blanks leads
        self.token = value_of(self.guest.get("/submit/"), "csrfmiddlewaretoken")

    def run(self, words: list[str]) -> None:
        assert len(words) <= FIFTY
        size = TEN if self.thorough else FIFTY
        for start in range(0, len(words), size):
            self._compared(words[start : start + size], self._loop)
        self._compared(words, self._lists)

    def _compared(self, words: list[str], walk: Callable[..., None]) -> None:
        """The same walk with harmless twins, once for each shape; then with the words themselves."""
        shape = tuple(map(twin, words))
        if (walk.__name__, shape) not in self.known:
            self.known[walk.__name__, shape] = (0, [])
            with rolled_back():
                walk(list(shape), lambda sink, answer, **_: self._learn(sink, shape, answer))
        with rolled_back():
            walk(words, lambda sink, answer, **about: self._look(sink, shape, answer, **about))

    # --- one issue whose every text is hostile ---

    def _loop(self, words: list[str], look: Callable[..., None]) -> None:
        word = loop.Texts(words)
        again = {name: word(n)[:100] for n, name in enumerate(("title", "name", "enterprise", "place", "category"))}
        again["text"] = word(7)
        shown = [again[name] for name in ("title", "text", "name", "enterprise", "place")]
        look("form: shown again", self._post("/submit/", **again, email=word(6), phone=""), shows=shown)
        sent = {"title": word(0)[:200], "name": word(1)[:100], "enterprise": word(2)[:200], "place": word(3)[:200]}
        text = "\n".join(words)
        look("form: sent", self._post("/submit/", text=text, **sent))
        issue = Issue.objects.order_by("-pk").first()
        if issue is None:
            return
        path = f"/app/issues/{issue.number}/"
        look("staff: triage", self.staff.get("/app/triage/"), shows=[sent["title"]])
        typed = {"text": sendable(text), "reason": "x"}
        look("staff: form again", self.staff.post(f"{path}decline/", typed), shows=words)
        look("staff: conflict", self.staff.post(f"{path}return/", {**typed, "version": "99"}), shows=words)
        said = loop.play(self.d, issue, word)
        look("staff: issue", self.staff.get(path), shows=[*words, *sent.values()])
        look("unit: issue", self.officer.get(path), shows=[*words, *said])
        look("track: issue", self.guest.get(f"/track/{issue.number}/"), shows=[*words, sent["title"]])
        look("api: issue", self.staff.get(f"/api/v1/issues/{issue.number}/"), json={"title": issue.title, "text": text})
        look("api: events", self.staff.get(f"/api/v1/issues/{issue.number}/events/"))
        look("api: decisions", self.staff.get("/api/v1/decisions/"))
        for name in ("decisions/", "messages/", "?show=done", ""):
            look(f"unit: /app/{name}", self.officer.get(f"/app/{name}"))
        query = "&".join(f"{name}={quoted(word(n))}" for n, name in enumerate(FILTERS))
        look("filters", self.staff.get(f"/app/issues/?{query}"))

    def _post(self, path: str, **fields: str) -> Any:
        data = {**FORM, "csrfmiddlewaretoken": self.token, **fields}
        return self.guest.post(path, {name: sendable(value) for name, value in data.items()})

    # --- many issues, each with one string as title and text ---

    def _lists(self, words: list[str], look: Callable[..., None]) -> None:
        for number, one in enumerate(words):
            for way in (self._by_form, self._by_api) if self.thorough else ((self._by_form, self._by_api)[number % 2],):
                way(one, look)
        titles = {squeeze(issue.title) for issue in Issue.objects.order_by("-submitted_at", "-pk")[:FIFTY]}
        look("list", self.staff.get("/app/issues/"), shows=sorted(titles))
        look("triage", self.staff.get("/app/triage/"), exact=False)  # like cases are named, and these are not alike
        look("inbox", self.staff.get("/app/"))
        look("api: list", self.staff.get("/api/v1/issues/"))
        for kind in ("csv", "xlsx"):
            look(f"export: {kind}", self.staff.get(f"/app/issues/export/{kind}/"), shows=sorted(titles))
        for number, one in enumerate(words if words[0] != HARMLESS else words[:30]):
            self._search(one, number, look)

    def _by_form(self, words: str, look: Callable[..., None]) -> None:
        look("form: each", self._post("/submit/", title=words[:200], text=words, place=words[:200]))

    def _by_api(self, words: str, look: Callable[..., None]) -> None:
        contact = {"name": words[:100], "phone": "13800000001"}
        body = {"title": words[:200], "text": words, "enterprise": words[:200], "place": words[:200]}
        sent = json.dumps({**body, "channel": "web_form", "contact": contact})
        look("api: create", self.guest.post("/api/v1/issues/", sent, content_type="application/json"), json=body)

    def _search(self, words: str, number: int, look: Callable[..., None]) -> None:
        q, found = quoted(words[:200]), [words[:200]] if fold(words[:200]) else []
        if self.thorough or number % 2:
            look("search: page", self.staff.get(f"/app/issues/?q={q}"), shows=found, exact=False)
        if self.thorough or not number % 2:
            look("search: api", self.staff.get(f"/api/v1/issues/?q={q}"), finds=found)
        if self.thorough or number % 3 == 0:
            who, address = ADDRESSES[number // (1 if self.thorough else 3) % len(ADDRESSES)]
            answer = getattr(self, who).get(address.format(quoted(words)))
            look(f"address: {address}", answer, exact=False)

    # --- judging ---

    def _learn(self, sink: str, shape: tuple[str, ...], answer: Any) -> None:
        bones = Page(answer.content).skeleton if is_page(answer) else []
        self.vocabulary.update(bones)
        if answer.status_code in REFUSED and (sink, shape) in self.known:
            return  # one blank twin among fifty is refused; the place itself answers as it did for the others
        self.known[sink, shape] = (answer.status_code, bones)

    def _look(self, sink: str, shape: tuple[str, ...], answer: Any, **about: Any) -> None:
        self.seen[sink, answer.status_code] += 1
        request = answer.request
        where = f"{request['PATH_INFO'][:80]!a} {request.get('QUERY_STRING', '')[:120]}"
        self.faults += [f"{sink}: {where}: {one[:300]}" for one in self._faults(sink, shape, answer, about)]

    def _faults(self, sink: str, shape: tuple[str, ...], answer: Any, about: dict[str, Any]) -> list[str]:
        code, kind = answer.status_code, answer.headers.get("Content-Type", "")
        if code >= 500 or code == 429:
            return [f"answered {code}"]
        status, bones = self.known.get((sink, shape), (code, []))
        exact = about.get("exact", True)
        faults = [f"answered {code} in place of {status}"] if exact and code not in (status, *REFUSED) else []
        faults += [f"header {name}" for name, value in answer.headers.items() if re.search(r"[\r\n\x00]", value)]
        if is_page(answer):
            same = bones if exact and code == status else None
            return faults + self._page_faults(Page(answer.content), same, about.get("shows", []))
        if kind.endswith("json"):
            return faults + json_faults(answer, about)
        if sink.startswith("export") and code == 200:
            judge = sheets.faults_of_csv if sink.endswith("csv") else sheets.faults_of_xlsx
            found, rows = judge(answer.content)
            cells = {squeeze(cell).removeprefix("'") for row in rows for cell in row}
            return faults + found + [f"lost {one!a}" for one in about["shows"] if one.removeprefix("'") not in cells]
        return faults

    def _page_faults(self, page: Page, bones: list[str] | None, shows: list[str]) -> list[str]:
        faults = page.active()
        if bones is not None and (other := difference(bones, page.skeleton)):
            faults.append(other)
        # Where the number of rows depends on what is found, at least every element must be one of ours.
        faults += [f"a new element: {one}" for one in set(page.skeleton) - self.vocabulary] if bones is None else []
        words = page.words
        lost = [one for one in shows if not UNSTORABLE.search(one) and squeeze(one) not in words]
        return faults + [f"does not show {one!a}" for one in lost]


def json_faults(answer: Any, about: dict[str, Any]) -> list[str]:
    read = json.loads(answer.content)
    if answer.status_code not in (200, 201):
        return []
    changed = [name for name, value in about.get("json", {}).items() if name in read and read[name] != value]
    titles = {squeeze(one["title"]) for one in read["results"]} if "finds" in about else set()
    lost = [f"does not find {one!a}" for one in about.get("finds", []) if squeeze(one) not in titles]
    return lost + [f"{name} came back changed" for name in changed if name != "enterprise"]


def signed_in(actor: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def is_page(answer: Any) -> bool:
    return answer.headers.get("Content-Type", "").startswith("text/html") and bool(answer.content)


def sendable(words: str) -> str:
    """As a form gets it: a lone surrogate never arrives, only marks in its place."""
    return words.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def quoted(words: str) -> str:
    return quote(words.encode("utf-8", "surrogatepass"), safe="")


class rolled_back(transaction.Atomic):  # noqa: N801 -- used like the function atomic()
    """Nothing of what happens inside stays."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)

    def __exit__(self, *exception: Any) -> None:
        transaction.set_rollback(True)
        super().__exit__(*exception)
