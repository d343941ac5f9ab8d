"""Which issue is there for whom, and what of it (PRODUCT.md §1, column "sees"; §3, confidentiality).

One letter per column of ``people``: ``.`` it is not there; ``a`` all; ``s`` as staff, all but the words of the rating;
``u`` as a unit that may not learn who: text and internal remarks; ``c`` title and who, but the words are a commercial
secret; ``o`` as its submitter: text, who, contact and the own rating, of the rest only what is public.
"""

from __future__ import annotations

from tests.permission.people import HEAD

COLUMNS = "-nefgwsohcxvlmkCSDTA123qrtuyzjpb"
TABLE = """
#             -nefgwsohcxvlmkCSDTA123qrtuyzjpb
own           ..o...ssss.ss.aaa..a...as.aasas.
foreign       ...o......s...aaa..a...a.saa.a..
commercial    ..o...cssc.ss.aaa..a...ac.aasas.
anonymous     ....o..uuu.ss.aaa..a...au.aauau.
observed      .....o.uu..ss.aaa..a...a..aauau.
complaint     ..o.......sss.a.aa.a....o.a.....
watch         ..o...........a.........o.......
typed         ..............a.aa.a......a.....
led           ....o..uu.....aaa..a...a.saauau.
filed         ....o.s.......aaa..a...a..aa.a..
named         ....o.........aaa..a...a..aa.a..
fresh         ..............aaa..a...a..aa.a..
returned      ..o...s.......aaa..a...ao.aa.a..
assigned      ..o...ssss.ss.aaa..a...as.aasas.
refused       ..o...sss..ss.aaa..a...ao.aasas.
asked         ..o...sss..ss.aaa..a...ao.aasas.
coordinating  ..o...sss..ss.aaa..a...ao.aasas.
suspended     ..o...sss..ss.aaa..a...ao.aasas.
proposed      ..o...sss..ss.aaa..a...ao.aasas.
rating        ..o...sss..ss.aaa..a...ao.aasas.
disputed      ..o...sss..ss.aaa..a...ao.aasas.
closed        ..o...sss..ss.aaa..a...ao.aasas.
withdrawn     ..o...sss..ss.aaa..a...ao.aasas.
merged        ...o..........aaa..a...a.saa.a..
desk          ..o...s....ss.aaa..a...ao.aa.a..
"""
# letter → text, who, contact, staff, rating
FIELDS = {
    "a": (True, True, True, True, True),
    "s": (True, True, True, True, False),
    "u": (True, False, False, True, False),
    "c": (False, True, False, True, False),
    "o": (True, True, True, False, True),
}
# Words that stand in the issues (see stories) and which of the five one must have to read them.
TEXT, WHO, CONTACT, STAFF, RATING = range(5)
WORDS: dict[str, tuple[int, ...]] = {
    "TITLE": (),
    "PLACE": (),
    "TEXT": (TEXT,),
    "SENT": (TEXT,),
    "SHOW": (TEXT,),
    "BODY": (TEXT,),
    "PUBL": (TEXT,),
    "MISS": (TEXT,),
    "HAND": (),
    "NAME": (WHO,),
    "CLAIM": (WHO,),
    "13955": (CONTACT,),
    "mail": (CONTACT,),
    "WORK": (TEXT, STAFF),
    "INST": (TEXT, STAFF),
    "FEED": (TEXT, STAFF),
    "NEED": (TEXT, STAFF),
    "DECI": (TEXT, STAFF),
    "REFU": (TEXT, STAFF),
    "CLAU": (TEXT, STAFF),
    "ASKS": (TEXT, STAFF),
    "STOP": (TEXT, STAFF),
    "GRAN": (TEXT, STAFF),
    "CHEC": (TEXT, STAFF),
    "ACCO": (TEXT,),
    "GONE": (TEXT,),
    "RATE": (RATING,),
}
# Decisions: who sees the issue from inside the district. Without an issue only the unit that carries it out does; of a
# complaint never the unit complained of, nor one above it.
DECISIONS = {
    "own": "sohcvlzrkCSAquyjp",
    "commercial": "sohcvlzrkCSAquyjp",
    "anonymous": "ohcvlzrkCSAquyjp",
    "typed": "kSDAu",
    "nobody": "ohqyzp",
}


def read() -> dict[str, dict[str, str]]:
    """issue → column → letter."""
    assert COLUMNS == HEAD
    lines = [line.split() for line in TABLE.strip().splitlines() if not line.startswith("#")]
    return {name: dict(zip(HEAD, letters, strict=True)) for name, letters in lines}


def visible(sign: str) -> set[str]:
    return {name for name, letters in read().items() if letters[sign] != "."}
