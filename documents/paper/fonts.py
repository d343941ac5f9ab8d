"""Which face stands for which of those of an official paper: 小标宋, 仿宋, 楷体, 黑体, and 宋体 for page numbers.

First what the district put into its fonts folder (the licensed faces, under their own names), then the open ones of the
machine, last the ones that come as a package. A character that a face lacks is taken from the next one.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})

# Names inside the font files, best first. The stylesheet knows only the names on the left.
FACES: dict[str, tuple[str, ...]] = {
    "paper-title": (
        "方正小标宋_GBK", "FZXiaoBiaoSong-B05", "方正小标宋简体", "FZXiaoBiaoSong-B05S", "小标宋",
    ),
    "paper-fang": (
        "仿宋_GB2312", "FangSong_GB2312", "方正仿宋_GBK", "FZFangSong-Z02", "方正仿宋简体", "FZFangSong-Z02S", "仿宋",
        "FangSong", "朱雀仿宋", "Zhuque Fangsong (technical preview)", "FandolFang",
    ),
    "paper-kai": (
        "楷体_GB2312", "KaiTi_GB2312", "方正楷体_GBK", "FZKai-Z03", "方正楷体简体", "FZKai-Z03S", "楷体", "KaiTi",
        "AR PL UKai CN", "FandolKai",
    ),
    "paper-hei": ("黑体", "SimHei", "方正黑体_GBK", "FZHei-B01", "方正黑体简体", "FZHei-B01S"),
    "paper-song": ("宋体", "SimSun", "方正书宋_GBK", "FZShuSong-Z01"),
}  # fmt: skip
# Titles are set bold: 小标宋 is heavy by nature, so it is declared as the bold face and never thickened by machine.
TITLE = "paper-title"
# The Latin of these is too heavy beside their Han: digits and letters come from the next face.
HAN_ONLY = frozenset({"FandolFang", "FandolKai", "FandolHei", "FandolSong"})
FIRST_HAN = 0x2E80
# Height above and below the line of Noto Serif CJK SC, in em.
ASCENT, DESCENT = 1.151, 0.286
MACHINE = "Noto Serif CJK SC"


@dataclass(frozen=True)
class Face:
    family: str
    path: Path
    han_only: bool = False
    as_it_is: bool = False

    def rule(self, address: str) -> str:
        weight = 700 if self.family == TITLE else 400
        return f'@font-face {{ font-family: "{self.family}"; font-weight: {weight}; src: url("{address}") }}\n'

    def data(self) -> bytes:
        """The face as it is set: as high as the stand-ins, so that a line of two faces is no higher than
        the grid; HAN_ONLY ones without their Latin. Not by ``unicode-range``: that makes Pango believe that the face
        has every character of the range, and what it lacks becomes a box."""
        if self.as_it_is:
            return self.path.read_bytes()
        with TTFont(self.path, fontNumber=0, lazy=True, recalcTimestamp=False, recalcBBoxes=False) as font:
            if self.han_only:
                for table in font["cmap"].tables:
                    if table.isUnicode():
                        table.cmap = {code: name for code, name in table.cmap.items() if code >= FIRST_HAN}
            em = font["head"].unitsPerEm
            ascent, descent = round(ASCENT * em), round(DESCENT * em)
            font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = ascent, -descent, 0
            os2 = font["OS/2"]
            os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ascent, -descent, 0
            os2.usWinAscent, os2.usWinDescent = ascent, descent
            out = io.BytesIO()
            font.save(out, reorderTables=None)
        return out.getvalue()


def faces(folder: Path | None) -> list[Face]:
    """The face of the operator's folder for each of FACES, where there is one."""
    found = _names(folder) if folder and folder.is_dir() else {}
    chosen = []
    for family, wanted in FACES.items():
        name = next((name for name in wanted if name in found), None)
        if name:
            chosen.append(Face(family, _heaviest(found[name], family), name in HAN_ONLY))
    return chosen


def packaged() -> list[Face]:
    """Noto Sans SC and Noto Serif SC from the package index, where the machine has no Noto CJK of its own. They lack
    the characters beyond the basic plane (𠮷)."""
    program = shutil.which("fc-list")
    if program and subprocess.run([program, MACHINE, "file"], capture_output=True).stdout.strip():  # noqa: S603 -- our words
        return []
    try:
        import pylopdf_fonts_zh_cn as package
    except ImportError:
        return []
    return [
        Face("paper-packaged-serif", Path(package.serif_path()), as_it_is=True),
        Face("paper-packaged-sans", Path(package.sans_path()), as_it_is=True),
    ]


def _names(folder: Path) -> dict[str, list[tuple[int, Path]]]:
    """Family name → (weight, file), of all languages that a file has names in."""
    found: dict[str, list[tuple[int, Path]]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES:
            continue
        try:
            with TTFont(path, fontNumber=0, lazy=True) as font:
                weight = font["OS/2"].usWeightClass
                if "bold" in (font["name"].getDebugName(2) or "").lower():
                    weight = max(weight, 700)
                names = {str(record) for record in font["name"].names if record.nameID in (1, 4, 16)}
        except (TTLibError, OSError, KeyError, AssertionError):
            continue  # not a font: manage.py doctor names it
        for name in names:
            found.setdefault(name.strip(), []).append((weight, path))
    return found


def _heaviest(files: list[tuple[int, Path]], family: str) -> Path:
    """The boldest file for titles, the lightest for everything else."""
    ordered = sorted(files)
    return ordered[-1][1] if family == TITLE else ordered[0][1]
