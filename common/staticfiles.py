"""Static files for production: hashed names, compressed, and the stylesheet's parts folded into its one entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

ENTRY = "css/app.css"
_IMPORT = re.compile(r'^@import url\("(?P<name>[\w.-]+)"\) layer\((?P<layer>\w+)\);\n', re.MULTILINE)


def fold(entry: str, read: Callable[[str], str]) -> str:
    """``entry`` with every ``@import url("part.css") layer(x);`` line replaced by that part inside ``@layer x``.

    A browser would fetch the parts one after the other; folded they are one file of some 10 kB.
    """
    return _IMPORT.sub(lambda match: f"@layer {match['layer']} {{\n{read(match['name'])}}}\n", entry)


class FoldedManifestStorage(CompressedManifestStaticFilesStorage):
    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run and ENTRY in paths:
            # Read where the files come from, not where they were put: there a second run finds the folded one.
            folded = fold(_text(paths, ENTRY), lambda name: _text(paths, f"{PurePosixPath(ENTRY).parent}/{name}"))
            with self.open(ENTRY, "w") as file:
                file.write(folded)
            paths = {**paths, ENTRY: (self, ENTRY)}
        yield from super().post_process(paths, dry_run, **options)


def _text(paths: dict[str, Any], name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
