"""Each protection switched off is noticed by the same checks that pass with it."""

from __future__ import annotations

import re

import pytest
from openpyxl.cell import WriteOnlyCell

from documents import enclosures, sheets
from tests.hostile.skeleton import Page, difference

IMAGE = '<img src="//evil.example/x" onerror="window.__pwned=1">'


def faults(driver, *words: str) -> str:
    driver.run(list(words))
    return "\n".join(driver.faults)


def test_without_escaping_elements_appear(driver, monkeypatch):
    monkeypatch.setattr("django.template.base.conditional_escape", lambda value: value)
    found = faults(driver, IMAGE, IMAGE)
    for sink in ("staff: issue", "track: issue", "list", "form: shown again", "staff: conflict", "search: page"):
        assert re.search(rf"^{sink}: .*(element [0-9]+|onerror)", found, re.MULTILINE), sink


def test_without_neutralising_a_cell_is_a_formula(driver, monkeypatch):
    monkeypatch.setattr(enclosures, "harmless", str)
    monkeypatch.setattr(sheets, "harmless", str)
    found = faults(driver, "=1+1", "@SUM(1)")
    assert "csv: '=1+1' is a formula" in found
    assert "xlsx: '@SUM(1)' begins a formula" in found


def test_a_cell_that_is_not_marked_as_text_is_a_formula(driver, monkeypatch):
    monkeypatch.setattr(sheets, "text", lambda sheet, words, **_style: WriteOnlyCell(sheet, value=words))
    assert "/main}f in the sheet" in faults(driver, "=1+1", "字")


def test_a_letter_that_xml_has_no_place_for_breaks_the_workbook(driver, monkeypatch):
    monkeypatch.setattr(sheets, "NOT_XML", re.compile("(?!)"))
    assert "export: xlsx: '/app/issues/export/xlsx/' : answered 500" in faults(driver, "题\uffff目", "字")


@pytest.mark.parametrize(
    "markup",
    [
        "<p onclick=x>字</p>",
        '<a href="javascript:1">字</a>',
        '<a href="//evil.example">字</a>',
        '<a href="/\\evil.example">字</a>',
        "<p style=x>字</p>",
        "<script>1</script>",
        '<form action="https://evil.example/">',
    ],
)
def test_active_parts_are_seen(markup):
    assert Page(f"<body>{markup}</body>".encode()).active()


@pytest.mark.parametrize("markup", ["<p>字<b></b></p>", "<p id=x>字</p>", "<p>字</p><!---->", "<p>字</p><p></p>", ""])
def test_another_skeleton_is_seen(markup):
    plain = Page("<body><p>字</p></body>".encode())
    assert difference(plain.skeleton, Page(f"<body>{markup}</body>".encode()).skeleton)
    assert not difference(plain.skeleton, Page("<body><p>别的字 &lt;b&gt;</p></body>".encode()).skeleton)
