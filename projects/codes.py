"""统一社会信用代码: its shape, and the check character by GB 32100-2015."""

from __future__ import annotations

import re

from stdnum.cn import uscc

# Department, kind, six digits of the place, then the organisation's own code; I O S V Z are never used.
SHAPE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)


def compact(text: str) -> str:
    return uscc.compact(text).upper()


def well_formed(code: str) -> bool:
    return SHAPE.fullmatch(code) is not None


def checks(code: str) -> bool:
    """Whether the last character of a well-formed code is the one that the others ask for."""
    return bool(code[-1] == uscc.calc_check_digit(code))
