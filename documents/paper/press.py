"""HTML in, PDF/A-3 out. Runs in the sandbox, without Django, database or network.

In (JSON): ``html``, ``styles`` (names of files beside this one), ``assets`` and ``enclosures`` (base64), ``at`` (ISO
time), ``fonts`` (the operator's folder). Out: one line of JSON (``pages``, ``anchors``, ``warnings``), then the PDF.
Equal input gives equal bytes.
"""

from __future__ import annotations

import base64
import io
import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
from weasyprint import CSS, HTML, Attachment
from weasyprint.document import Document
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from documents.paper import fonts
from documents.sandbox import RefusedError

HERE = Path(__file__).resolve().parent
SCHEME = "app:"
OPTIONS: dict[str, Any] = {"pdf_variant": "pdf/a-3a", "pdf_tags": True}


class Packaged(URLFetcher):
    """Serves what the order brought along and nothing else. Whatever else is asked for ends the work: a paper from
    which something was silently left out would be worse than none."""

    def __init__(self, assets: dict[str, tuple[bytes, str]]) -> None:
        super().__init__(allowed_protocols=[], allow_redirects=False, fail_on_errors=True)
        self.assets = assets
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url not in self.assets:
            self.refused.append(url[:200])
            raise FatalURLFetchingError(url[:200])
        data, mime = self.assets[url]
        return URLFetcherResponse(url, data, {"Content-Type": mime})


def work(payload: bytes) -> bytes:
    order = json.loads(payload)
    heard = _listen()
    fetcher = Packaged(_assets(order))
    try:
        document = _lay_out(order, fetcher)
        pdf = document.write_pdf(**OPTIONS)
    except FatalURLFetchingError:  # a BaseException: "except Exception" does not see it
        pass
    except (RecursionError, ZeroDivisionError, OverflowError) as error:
        raise RefusedError(f"layout {type(error).__name__}") from error
    # Asked here, not in the handler above: WeasyPrint swallows even BaseException while it draws an SVG.
    if fetcher.refused:
        raise RefusedError(f"address {fetcher.refused[0]}")
    head = {"pages": len(document.pages), "anchors": _anchors(document), "warnings": heard.lines}
    return json.dumps(head).encode() + b"\n" + _finish(pdf)


def _assets(order: dict[str, Any]) -> dict[str, tuple[bytes, str]]:
    return {SCHEME + name: (base64.b64decode(one["data"]), one["mime"]) for name, one in order["assets"].items()}


def _lay_out(order: dict[str, Any], fetcher: Packaged) -> Document:
    faces = fonts.faces(Path(order["fonts"]) if order.get("fonts") else None) + fonts.packaged()
    rules = []
    for number, face in enumerate(faces):
        address = f"{SCHEME}font/{number}"
        fetcher.assets[address] = (face.data(), "font/otf")
        rules.append(face.rule(address))
    configuration = FontConfiguration()
    # One configuration for every stylesheet and for the PDF: with two, faces fall back without a word.
    common = {"url_fetcher": fetcher, "font_config": configuration, "base_url": SCHEME}
    styles = [CSS(string="".join(rules), **common)]
    styles += [CSS(string=(HERE / Path(name).name).read_text(), **common) for name in order["styles"]]
    html = HTML(string=order["html"], base_url=SCHEME, url_fetcher=fetcher)
    document = html.render(font_config=configuration, stylesheets=styles, **OPTIONS)
    document.metadata.attachments += [_attachment(one, order["at"]) for one in order["enclosures"]]
    return document


def _attachment(one: dict[str, str], at: str) -> Attachment:
    instant = datetime.fromisoformat(at)
    return Attachment(
        string=base64.b64decode(one["data"]),
        name=one["name"],
        description=one["description"],
        relationship=one["relationship"],
        created=instant,
        modified=instant,
    )


def _anchors(document: Document) -> dict[str, int]:
    """On which page each element with an id begins."""
    found: dict[str, int] = {}
    for number, page in enumerate(document.pages, 1):
        for name in page.anchors:
            found.setdefault(name, number)
    return found


def _finish(data: bytes) -> bytes:
    """What PDF/A asks for and WeasyPrint leaves open: plain metadata, each enclosed file associated once."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        metadata = pdf.Root.Metadata
        metadata.write(metadata.read_bytes())
        if "/AF" in pdf.Root:
            files = {str(file.UF): file for file in pdf.Root.AF}
            pdf.Root.AF = pikepdf.Array(files.values())
            # WeasyPrint writes the keys as UTF-8, which no reader takes for it, and in no order.
            for file in files.values():
                file.F = file.UF
            names = [one for name in sorted(files) for one in (pikepdf.String(name), files[name])]
            pdf.Root.Names.EmbeddedFiles.Names = pikepdf.Array(names)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, preserve_pdfa=True, fix_metadata_version=False)
    return out.getvalue()


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.lines) < 50:
            self.lines.append(record.getMessage()[:300])


def _listen() -> _Lines:
    handler = _Lines()
    LOGGER.handlers = [handler]
    LOGGER.propagate = False
    LOGGER.setLevel(logging.WARNING)
    return handler
