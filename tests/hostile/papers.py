"""Hundreds of strings in one official paper, by its real template; and what may be in the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

from documents import rendering, sandbox
from documents.enclosures import Sheet
from documents.paper import press
from tests.documents import pdf, samples
from tests.documents.test_render import AT, CHANNELS, Canary, address
from tests.hostile import sheets

ACTIVE = re.compile(r"Annot|Action|JavaScript|Launch|URI|EmbeddedFile|Filespec|Image|Movie|RichMedia|XObject/Form")
OURS = {"/Filespec", "/EmbeddedFile", "/EmbeddedFile/text#2Fcsv", "/EmbeddedFile/text/csv"}


def bulletin(words: Sequence[str]) -> bytes:
    context = samples.bulletin() | {"problems": list(words), "scheme_note": words[0], "good": [words[-1]]}
    context["groups"][0]["rows"][0]["unit"] = words[0][:60]
    context["scorecards"] = context["scorecards"][:1]
    context["scorecards"][0]["deductions"] = [{"ref": one[:40], "why": one, "points": "-1.00"} for one in words[:40]]
    return _set("bulletin", context, words)


def redcard(words: Sequence[str]) -> bytes:
    context = samples.redcard() | {"unit": words[0][:60], "rule": "\n".join(words[:40])}
    context["cases"] = [
        {"ref": one[:40], "title": one, "due": "2026-10-12", "done": None, "lost_days": 1} for one in words
    ]
    return _set("redcard", context, words)


def _set(template: str, context: dict[str, Any], words: Sequence[str]) -> bytes:
    """In this process: a child takes a second longer, and its limits are no part of this."""
    sheet = Sheet("清单.csv", ["问题"], [[one] for one in words], words[0][:200])
    paper = samples.paper(title=words[0][:60], organ=words[-1][:40])
    with patch.object(sandbox, "run", lambda module, payload, limits: press.work(payload)):
        return rendering.render(
            f"assessments/papers/{template}.html",
            {**context, "paper": paper},
            at=AT,
            enclosures=[sheet],
            qr=paper["verify_url"],
        ).pdf


def faults(data: bytes, words: Sequence[str]) -> list[str]:
    found = [f"holds {kind}" for kind in pdf.objects(data) if ACTIVE.search(kind) and kind not in OURS]
    with pdf.opened(data) as file:
        found += [f"the file has {key}" for key in ("/OpenAction", "/AA", "/AcroForm") if key in file.Root]
        names = set(file.Root.get("/Names", {})) - {"/EmbeddedFiles", "/Dests"}
        found += [f"the names have {key}" for key in names]
    files = pdf.enclosures(data)
    found += [f"encloses {name!a}" for name in files if name != "清单.csv"]
    found += sheets.faults_of_csv(files["清单.csv"])[0]
    said = "".join(pdf.text(data, "-raw").split())
    plain = ["".join(one.split()) for one in words if one.isascii() and one.isprintable()]
    return found + [f"does not say {one!a}" for one in plain if not _says(said, one)]


PIECE, CUTS = 24, 3


def _says(said: str, word: str) -> bool:
    """In one piece, or cut where a page ends inside its row: foot, head and the row's other cells stand between."""
    if word in said or any(word[:cut] in said and word[cut:] in said for cut in range(1, len(word))):
        return True
    pieces = [word[start : start + PIECE] for start in range(0, len(word), PIECE)]
    return len(pieces) > 2 * CUTS and sum(piece not in said for piece in pieces) <= CUTS


def baits(canary: Canary) -> list[str]:
    """Markup that fetches, if it were markup."""
    return [address(canary, channel) for channel in CHANNELS]
