"""The catalogue of texts: nothing untranslated passes, two writers at once lose nothing."""

import ast
import subprocess
import sys

import polib
import pytest
from django.conf import settings

from common.ops import messages
from common.ops.place import ROOT


@pytest.fixture
def root(tmp_path):
    (tmp_path / "locale").mkdir()
    return tmp_path


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_is_taken_over_and_compiled(root):
    table = write(root / "a.tsv", "Assign\t交办\nFirst line\\nsecond\t第一行\\n第二行\n")
    assert messages.add(table, root) == 0
    compiled = polib.mofile(str((root / messages.PO).with_suffix(".mo")))
    assert {entry.msgid: entry.msgstr for entry in compiled} == {
        "Assign": "交办",
        "First line\nsecond": "第一行\n第二行",
    }


def test_a_correction_replaces_and_the_order_is_by_text(root):
    messages.add(write(root / "a.tsv", "Sign\t签收\nAssign\t派发\n"), root)
    messages.add(write(root / "b.tsv", "Assign\t交办\n"), root)
    entries = messages.load(root / messages.PO)
    assert [(entry.msgid, entry.msgstr) for entry in entries] == [("Assign", "交办"), ("Sign", "签收")]


@pytest.mark.parametrize("line", ["no tab", "empty\t", "\t空", "a\tb\tc"])
def test_a_bad_line_stops_all_and_is_named(root, line, capsys):
    table = write(root / "a.tsv", f"Assign\t交办\n{line}\n")
    assert messages.add(table, root) == 1
    assert ":2:" in capsys.readouterr().err
    assert not (root / messages.PO).exists()


def test_many_writers_at_once_lose_nothing(root):
    code = (
        "import sys; from pathlib import Path; from common.ops import messages;"
        "sys.exit(messages.add(Path(sys.argv[1]), Path(sys.argv[2])))"
    )
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(write(root / f"{n}.tsv", f"Text {n}\t文字{n}\n")), str(root)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        for n in range(6)
    ]
    assert [writer.wait(60) for writer in writers] == [0] * 6
    assert len(messages.load(root / messages.PO)) == 6


def judged(known: list[polib.POEntry], monkeypatch, tmp_path) -> int:
    catalogue = polib.POFile()
    catalogue.extend(known)
    path = tmp_path / messages.PO
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    found = polib.POFile()
    found.append(polib.POEntry(msgid="Assign"))
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "extracted", lambda: found)
    return messages.check()


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        ([polib.POEntry(msgid="Assign", msgstr="交办")], 0),
        ([polib.POEntry(msgid="Assign", msgstr="交办", flags=["fuzzy"])], 1),
        ([polib.POEntry(msgid="Assign", msgstr="")], 1),
        ([], 1),
    ],
)
def test_the_check_sees_missing_empty_and_doubtful(known, verdict, monkeypatch, tmp_path):
    assert judged(known, monkeypatch, tmp_path) == verdict


def test_extraction_finds_the_texts_of_code_and_templates_and_leaves_the_catalogue_alone():
    path = ROOT / messages.PO
    before = path.read_bytes()
    assert len(messages.extracted()) > 100
    assert path.read_bytes() == before


def test_a_text_with_a_context_of_its_own_is_left_alone(root):
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="on", msgctxt="day", msgstr="班"))
    messages.put(catalogue, "on", "日期")
    assert [(entry.msgctxt, entry.msgstr) for entry in catalogue] == [("day", "班"), (None, "日期")]


def unknown_names(source: str) -> list[str]:
    """Names given to Django's gettext functions under which makemessages does not find their texts."""
    imported = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    names = [name for node in imported if node.module == "django.utils.translation" for name in node.names]
    return [name.asname for name in names if "gettext" in name.name and name.asname not in (None, "_")]


def hidden_texts(source: str) -> list[str]:
    """Texts that are asked for inside an f-string, where makemessages does not look."""
    strings = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr)]
    calls = [one for node in strings for one in ast.walk(node) if isinstance(one, ast.Call)]
    return [ast.unparse(one) for one in calls if isinstance(one.func, ast.Name) and one.func.id in GETTEXT]


GETTEXT = ("_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext")


def test_every_text_stands_where_makemessages_finds_it():
    """Else it would be dropped as gone, and stand in English on a Chinese page."""
    assert unknown_names("from django.utils.translation import gettext as _, gettext_lazy as lazy") == ["lazy"]
    assert hidden_texts("f\"{_('a')} {b(_('c'))}\" + _('d')") == ["_('a')", "_('c')"]
    sources = [path for app in ("config", *settings.INSTALLED_APPS) for path in (ROOT / app).glob("**/*.py")]
    assert len(sources) > 200
    texts = {str(path): path.read_text(encoding="utf-8") for path in sources}
    assert [name for name, text in texts.items() if unknown_names(text) or hidden_texts(text)] == []
