"""All that a paper is set from. Archived beside the PDF: the same source gives the same bytes again, which proves the
paper, and lets the signed-off copy say what the draft said."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from documents import rendering, storage
from documents.enclosures import Enclosure, json_bytes
from documents.models import Document

SUFFIX = ".json"


@dataclass(frozen=True)
class Source:
    """``paper`` holds what the archive adds to the caller's ``context`` (docs/papers.md)."""

    template: str
    context: dict[str, Any]
    paper: dict[str, Any]
    enclosures: tuple[Enclosure, ...]
    at: datetime

    def dump(self) -> bytes:
        files = [
            {
                "name": one.name,
                "description": one.description,
                "relationship": one.relationship,
                "data": base64.b64encode(one.data).decode(),
            }
            for one in self.enclosures
        ]
        facts = {"template": self.template, "context": self.context, "paper": self.paper, "enclosures": files}
        return json_bytes({**facts, "at": self.at.isoformat()})

    @classmethod
    def load(cls, data: bytes) -> Source:
        facts = json.loads(data)
        files = (Enclosure(**{**one, "data": base64.b64decode(one["data"])}) for one in facts["enclosures"])
        at = datetime.fromisoformat(facts["at"])
        return cls(facts["template"], facts["context"], facts["paper"], tuple(files), at)

    @classmethod
    def of(cls, document: Document) -> Source:
        return cls.load(storage.full(document.path).with_suffix(SUFFIX).read_bytes())

    def render(self) -> rendering.Rendered:
        return rendering.render(
            self.template,
            {**self.context, "paper": self.paper},
            at=self.at,
            enclosures=self.enclosures,
            qr=self.paper["verify_url"],
        )
