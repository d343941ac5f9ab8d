"""What of a page is not words: its elements, their attributes, and where its addresses lead. A payload that is only
text leaves all of that as it is with a harmless word in its place."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree, html

# Their values are words or addresses that may change with what was typed; addresses are looked at one by one.
FREE = frozenset({"value", "href", "action", "content", "title", "alt", "aria-label", "datetime", "data-key", "nonce"})
ADDRESSES = frozenset({"href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href", "srcdoc"})
OURS = re.compile(r"(/(?![/\\])|\?|#|mailto:|tel:|http://(testserver|localhost:\d+)/|$)")


class Page:
    def __init__(self, body: bytes) -> None:
        self.root = html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))

    @property
    def skeleton(self) -> list[str]:
        return [_bone(one) for one in self.root.iter()]

    @property
    def words(self) -> str:
        """What a reader sees, with what stands in the form's fields."""
        values = [one.get("value", "") for one in self.root.iter("input")]
        return squeeze(" ".join([self.root.text_content(), *values]))

    def active(self) -> list[str]:
        """Handlers, inline style and script, addresses that lead elsewhere."""
        found = []
        for one in self.root.iter(etree.Element):
            found += [f"<{one.tag} {name}={value[:80]!r}>" for name, value in one.items() if _wrong(name, value)]
            if one.tag == "script" and not one.get("src") and one.get("type") != "application/json":
                found.append("<script> without an address")
        return found


def _bone(one: Any) -> str:
    if not isinstance(one.tag, str):
        return "<!---->"
    attributes = (name if name in FREE else f"{name}={re.sub(r'[0-9]+', '0', value)}" for name, value in one.items())
    return f"{one.tag} {' '.join(sorted(attributes))}"


def _wrong(name: str, value: str) -> bool:
    if name.startswith("on") or name in ("style", "srcdoc"):
        return True
    return name in ADDRESSES and not OURS.match(value)


def squeeze(text: str) -> str:
    """Without blanks and controls, which a parser may change."""
    return "".join(letter for letter in text if not letter.isspace() and letter.isprintable())


def difference(one: list[str], other: list[str]) -> str:
    """The first place in which two skeletons differ; "" when they are equal."""
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return f"element {number}: {right!r} in place of {left!r}"
    return "" if len(one) == len(other) else f"{len(other)} elements in place of {len(one)}"
