"""``bin/messages``: the catalogue of texts. English is the message id, Chinese its translation.

bin/messages add FILE.tsv   add or correct translations, one "English<TAB>中文" a line (\\n for a line break)
bin/messages sync           collect the texts from code and templates, drop those that are gone
bin/messages check          fails when a text is missing, untranslated or marked doubtful
bin/messages compile        make the .mo file (not committed)
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

from common.ops.place import ROOT

PO = Path("locale") / "zh_Hans" / "LC_MESSAGES" / "django.po"
HEADER = {
    "Project-Id-Version": "Bihuan",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
EXTRACT = ["--no-location", "--no-wrap", "--no-obsolete", "--ignore=.venv/*", "--ignore=var/*", "--ignore=tests/*"]


def main(arguments: list[str]) -> int:
    match arguments:
        case ["add", name]:
            return add(Path(name))
        case ["sync"]:
            return sync()
        case ["check"]:
            return check()
        case ["compile"]:
            compile_all()
            return 0
    print(__doc__, file=sys.stderr)
    return 2


@contextlib.contextmanager
def catalogue(root: Path = ROOT) -> Iterator[polib.POFile]:
    """The catalogue under a lock; written back in one step, sorted, and compiled."""
    path = root / PO
    path.parent.mkdir(parents=True, exist_ok=True)
    with (root / "locale" / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        entries = load(path)
        yield entries
        entries.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
        entries.metadata = dict(HEADER)
        half = path.with_suffix(".new")
        entries.save(str(half))
        half.rename(path)
        compile_one(path)


def load(path: Path) -> polib.POFile:
    entries = polib.pofile(str(path), encoding="utf-8") if path.exists() else polib.POFile(encoding="utf-8")
    entries.wrapwidth = 0
    return entries


def compile_one(path: Path) -> None:
    half = path.with_suffix(f".mo.{os.getpid()}")
    load(path).save_as_mofile(str(half))
    half.rename(path.with_suffix(".mo"))


def compile_all(root: Path = ROOT) -> None:
    for path in (root / "locale").glob("*/LC_MESSAGES/*.po"):
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime <= path.stat().st_mtime:
            compile_one(path)


def add(source: Path, root: Path = ROOT) -> int:
    """Take over a table of translations. A bad line stops all, named by its number."""
    pairs = []
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        english, tab, chinese = line.partition("\t")
        if not tab or not english.strip() or not chinese.strip() or "\t" in chinese:
            print(f"{source}:{number}: not 'English<TAB>中文': {line!r}", file=sys.stderr)
            return 1
        pairs.append((english.replace("\\n", "\n"), chinese.strip().replace("\\n", "\n")))
    with catalogue(root) as entries:
        for english, chinese in pairs:
            put(entries, english, chinese)
    print(f"{len(pairs)} texts")
    return 0


def put(entries: polib.POFile, english: str, chinese: str) -> None:
    entry = next((one for one in entries if one.msgid == english and not one.msgctxt), None)
    if entry is None:
        entry = polib.POEntry(msgid=english)
        entries.append(entry)
    entry.obsolete = False
    if entry.msgid_plural:
        entry.msgstr_plural = {0: chinese}
    else:
        entry.msgstr = chinese
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]


def extracted() -> polib.POFile:
    """The texts that code and templates hold now, by Django's makemessages in a scratch directory."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, str(ROOT / "common" / "ops" / "extract.py"), scratch, *EXTRACT]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"makemessages failed (is gettext installed?):\n{done.stdout}{done.stderr}")
        return load(Path(scratch) / "zh_Hans" / "LC_MESSAGES" / "django.po")


def sync() -> int:
    """Bring the catalogue to what the sources hold: new texts come in empty, vanished ones go."""
    found = extracted()
    if not found:
        raise SystemExit("No text was found in the sources: nothing changed.")
    wanted = {(entry.msgid, entry.msgctxt): entry for entry in found}
    with catalogue() as entries:
        gone = [entry for entry in entries if (entry.msgid, entry.msgctxt) not in wanted]
        for entry in gone:
            entries.remove(entry)
        have = {(entry.msgid, entry.msgctxt): entry for entry in entries}
        for key, entry in wanted.items():
            if key not in have:
                entry.msgstr = ""
                entries.append(entry)
            else:
                adopt(have[key], entry)
    print(f"{len(wanted)} texts, {len(gone)} dropped, {len(wanted) - len(have)} new")
    return 0


def adopt(entry: polib.POEntry, source: polib.POEntry) -> None:
    """Plural form and format flags come from the source, the translation stays."""
    if source.msgid_plural and not entry.msgid_plural:
        entry.msgid_plural, entry.msgstr_plural, entry.msgstr = source.msgid_plural, {0: entry.msgstr}, ""
    entry.flags = sorted(set(source.flags) - {"fuzzy"})


def check() -> int:
    """1 when a text of the sources has no sure translation."""
    path = ROOT / PO
    known = {(entry.msgid, entry.msgctxt): entry for entry in load(path)}
    wrong = []
    for entry in extracted():
        mine = known.get((entry.msgid, entry.msgctxt))
        if mine is None:
            wrong.append(f"missing: {entry.msgid!r}")
        elif mine.fuzzy:
            wrong.append(f"doubtful: {entry.msgid!r}")
        elif not (mine.msgstr or any(mine.msgstr_plural.values())):
            wrong.append(f"untranslated: {entry.msgid!r}")
    print("\n".join(wrong) or f"{len(known)} texts, all translated")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
