"""A template and its context become a PDF: escaped by Django, set in the sandbox, the same bytes for the same input."""

from __future__ import annotations

import base64
import io
import json
import logging
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from common import clock
from documents import sandbox
from documents.enclosures import Enclosure

log = logging.getLogger(__name__)

LIMITS = sandbox.Limits(cpu_seconds=60, wall_seconds=170, memory_mebibytes=1024)
STYLES = ("page.css", "text.css", "table.css")
LANGUAGE = "zh-hans"  # official papers are Chinese whoever asks for them


class RenderingError(Exception):
    """The paper could not be made; ``why`` is address, layout, time, memory or crash."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


@dataclass(frozen=True)
class Rendered:
    pdf: bytes
    pages: int
    anchors: dict[str, int]
    warnings: list[str]


def render(
    template: str,
    context: dict[str, Any],
    *,
    at: datetime,
    enclosures: Iterable[Enclosure] = (),
    qr: str = "",
    styles: Iterable[str] = STYLES,
) -> Rendered:
    """Set ``template``. ``at`` is the time that the file bears; ``qr`` the address behind ``app:qr.svg``.

    Takes seconds. RenderingError when it needs more than a minute or a gibibyte, or asks for anything that was not
    brought along.
    """
    with translation.override(LANGUAGE):
        html = render_to_string(template, clean({**context, "rendered_at": clock.local(at).isoformat()}))
    return render_html(html, at=at, enclosures=enclosures, qr=qr, styles=styles)


def render_html(
    html: str,
    *,
    at: datetime,
    enclosures: Iterable[Enclosure] = (),
    qr: str = "",
    styles: Iterable[str] = STYLES,
) -> Rendered:
    order = {
        "html": html,
        "styles": list(styles),
        "assets": {"qr.svg": {"data": _base64(qr_svg(qr)), "mime": "image/svg+xml"}} if qr else {},
        "enclosures": [
            {
                "name": one.name,
                "data": _base64(one.data),
                "description": one.description,
                "relationship": one.relationship,
            }
            for one in enclosures
        ],
        "at": at.isoformat(),
        "fonts": str(settings.FONTS_DIR),
    }
    try:
        answer = sandbox.run("documents.paper.press", json.dumps(order).encode(), LIMITS)
    except sandbox.RefusedError as refusal:
        why, _, detail = str(refusal).partition(" ")
        raise RenderingError(why, detail) from refusal
    except sandbox.SandboxError as error:
        raise RenderingError(error.why, error.detail) from error
    head, _, pdf = answer.partition(b"\n")
    facts = json.loads(head)
    for warning in facts["warnings"]:
        log.warning("paper: %s", warning)
    return Rendered(pdf, facts["pages"], facts["anchors"], facts["warnings"])


def qr_svg(text: str) -> bytes:
    """Error correction M, quiet zone inside; drawn at 24 mm by the stylesheet."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, svgns=True, nl=False)
    return out.getvalue()


def clean(value: Any) -> Any:
    """Text without what XML, PDF metadata and fonts cannot hold: controls and lone surrogates become a visible mark."""
    if isinstance(value, str):
        return "".join(_letter(letter) for letter in value)
    if isinstance(value, dict):
        return {key: clean(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(one) for one in value]
    return value


def _letter(letter: str) -> str:
    if letter in "\n\t":
        return letter
    code = ord(letter)
    nothing = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    if nothing or letter in "\u2028\u2029" or unicodedata.category(letter) in ("Cc", "Cs"):
        return "\ufffd"
    return letter


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
