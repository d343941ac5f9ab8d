"""Who may do what with an issue: role × action × state × relation, written out (PRODUCT.md §3).

A line names an action, the states it starts from, and for each relation the columns of ``people`` that may; ``.`` is
nobody. From every state that is not named nobody may. ``*`` is the machine.

* own: 禾曦食品's, SWJ has the lead, GDJ beside it and at work on a decision, on the leader's line, at the second layer
* alone: the same without GDJ and without a decision
* third: the first one at the third layer
* foreign: 远桥机械's, with CGJ, on no leader's line
* complaint: 禾曦食品's complaint about SWJ, with CGJ
* desk: 禾曦食品's, the coordinator's own unit has the lead
* watch: 禾曦食品's complaint about the supervisors' own unit: the chiefs are left
"""

from __future__ import annotations

GROUPS = {
    "at_work": "handling,coordinating,suspended",
    "unproposed": "submitted,returned,assigned,handling,coordinating,suspended",
}
RELATIONS = ("own", "alone", "third", "foreign", "complaint", "desk", "watch")
ACTS = """
# action    states                         own        alone      third      foreign  complaint desk           watch
return      submitted                      Cquj       Cquj       Cquj       Cquj     Su        Cquj           k
supplement  returned                       er         er         er         f        er        er             er
decline     submitted                      Cquj       Cquj       Cquj       Cquj     Su        Cquj           k
merge       submitted,assigned             Cquj       Cquj       Cquj       Cquj     Su        Cquj           k
assign      submitted                      Cquj       Cquj       Cquj       Cquj     Su        Cquj           k
refuse      assigned                       ohqyzpcr   ohqyzp     ohqyzpcr   x        x         .              .
refuse      handling,coordinating          cr         .          cr         .        .         .              .
sign        assigned                       ohqyzp*    ohqyzp*    ohqyzp*    x*       x*        *              *
reassign    at_work                        Cquj       Cquj       Cquj       Cquj     Su        Cquj           k
feed_back   at_work                        ohqyzpcrs  ohqyzps    ohqyzpcrs  xt       x         s              .
extend      handling,coordinating          ohqyzp     ohqyzp     ohqyzp     x        x         .              .
suspend     handling,coordinating          ohqyzp     ohqyzp     ohqyzp     x        x         .              .
close_over  disputed                       Cquj       Cquj       Cquj       Cquj     Su        Cquj           k
grant       handling,coordinating,disputed Cuj        Cuj        Cuj        Cquj     Su        Sy             k
deny        handling,coordinating,disputed Cuj        Cuj        Cuj        Cquj     Su        Sy             k
resume      suspended                      Cujohqyzp* Cujohqyzp* Cujohqyzp* Cqujx*   Sux*      Cquj*          k*
release     assigned,at_work               Cquj       .          Cquj       .        .         .              .
escalate    handling,coordinating          ohqyzpv*   ohqyzpv*   .          x*       xv*       v*             *
decide      coordinating                   lv         lv         kCuj       kCquj    lv        lv             k
propose     at_work                        .          ohqyzp     .          x        x         .              .
send_back   proposed                       Cuj        Cuj        Cuj        Cquj     Su        Sy             k
verify      proposed                       Cuj        Cuj        Cuj        Cquj     Su        Sy             k
rate        rating,closed,merged           e          er         e          f        er        er             er
uphold      disputed                       Cquj       Cquj       Cquj       Cquj     Su        Cquj           k
lapse       rating                         *          *          *          *        *         *              *
reopen      closed                         eSuy       erSuy      eSuy       fSuy     erSu      erSuy          erk
withdraw    unproposed                     e          er         e          f        er        er             er
"""
# Who rules on which request of the own issue. Nobody on what the same person asked for or granted first; SWJ's people
# (q, y) never on SWJ's. "long" is a suspension of more than 20 working days.
RULERS = """
# kind       long  asked  first-grant  who
extend       -     o      -            Cuj
suspend      -     o      -            Cuj
suspend      long  o      -            Cuj
suspend      long  o      C            Su
suspend      long  o      u            S
close_over   -     C      -            Su
close_over   -     u      -            S
"""
# Who may type in a new issue, and who may add a file to one at work.
SUBMIT = "-efgwsohcxvlmkCSqrtuyzjp*"
ATTACH = """
own        ersohqyzpcCujlvS
foreign    ftxCqujSy
complaint  erxSulv
desk       ersCqujlvSy
"""


def read() -> dict[tuple[str, str, str], frozenset[str]]:
    """(action, state, relation) → the columns that may."""
    found: dict[tuple[str, str, str], frozenset[str]] = {}
    for line in _lines(ACTS):
        action, states, *who = line.split()
        for state in ",".join(GROUPS.get(word, word) for word in states.split(",")).split(","):
            for relation, signs in zip(RELATIONS, who, strict=True):
                found[action, state, relation] = frozenset(signs) - {"."}
    return found


def rulers() -> list[tuple[str, bool, str, str | None, frozenset[str]]]:
    """(kind, long, asked by, first grant by, who may rule)."""
    rows = []
    for line in _lines(RULERS):
        kind, long, asked, first, who = line.split()
        rows.append((kind, long == "long", asked, None if first == "-" else first, frozenset(who)))
    return rows


def attachers() -> dict[str, frozenset[str]]:
    return {relation: frozenset(who) for relation, who in (line.split() for line in _lines(ATTACH))}


def _lines(table: str) -> list[str]:
    return [line for line in table.strip().splitlines() if not line.startswith("#")]
