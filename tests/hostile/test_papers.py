"""Official papers with hostile strings in them: words on the sheet, nothing else in the file, nothing fetched."""

from __future__ import annotations

import json
import re

import pytest
from weasyprint import HTML

from documents.paper import press
from documents.sandbox import RefusedError
from tests.documents.test_render import canary
from tests.hostile import corpus, papers

__all__ = ["canary"]


@pytest.mark.parametrize("paper", [papers.bulletin, papers.redcard])
def test_papers_hold_words_and_nothing_else(canary, paper):
    words = [*papers.baits(canary), *corpus.ALL]
    assert papers.faults(paper(words), words) == []
    assert canary.hits == []


def test_control_with_escaping_off_the_paper_is_refused(canary, monkeypatch):
    monkeypatch.setattr("django.template.base.conditional_escape", lambda value: value)
    words = ["题目", *papers.baits(canary)]
    with pytest.raises((RefusedError, papers.rendering.RenderingError), match="address"):
        papers.redcard(words)
    assert canary.hits == []


def test_control_and_with_the_usual_fetcher_it_fetches(canary, monkeypatch):
    monkeypatch.setattr("django.template.base.conditional_escape", lambda value: value)
    html = []
    monkeypatch.setattr(
        press, "work", lambda order: html.append(order) or (b'{"pages":1,"anchors":{},"warnings":[]}\n')
    )
    papers.redcard(["题目", *papers.baits(canary)])
    markup = json.loads(html[0])["html"]
    HTML(string=markup).write_pdf()
    assert canary.hits


def test_control_active_parts_of_a_file_are_found():
    data = HTML(string='<a href="https://evil.example/">x</a><p>x').write_pdf()
    assert any(re.search("Annot", kind) for kind in papers.pdf.objects(data))
