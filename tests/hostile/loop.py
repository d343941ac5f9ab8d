"""One issue through its whole loop, with a string of the caller's in every text that is asked for."""

from __future__ import annotations

from issues.models import Issue
from issues.services import feed_back_decision
from tests.cast import District


class Texts:
    """``texts(n)``: the n-th string, going round; never blank, as the verbs refuse that."""

    def __init__(self, words: list[str]) -> None:
        self.words = [one for one in words if one.strip()] or ["字"]

    def __call__(self, number: int) -> str:
        return self.words[number % len(self.words)]


def play(d: District, issue: Issue, word: Texts) -> list[str]:
    """What the unit reads of it."""
    me = d.submitter(issue)
    d.do("return", issue, d.coordinator, text=word(5))
    d.do("supplement", issue, me, text=word(6))
    d.assign(issue, text=word(7))
    d.do("refuse", issue, d.officer, reason=word(8), clause=word(9)[:500], unit="GDJ")
    d.assign(issue, text=word(4))
    d.do("sign", issue, d.officer, handler=word(0)[:100])
    d.do("feed_back", issue, d.officer, text=word(9), public=True)
    d.do("extend", issue, d.officer, days=3, reason=word(1))
    d.do("deny", issue, d.coordinator, reason=word(2))
    d.do("escalate", issue, d.officer, text=word(3))
    d.do("decide", issue, d.leader, text=word(5), unit="SWJ", meeting=word(4)[:64])
    decision = issue.decisions.get()
    feed_back_decision(decision_id=decision.pk, actor=d.officer, text=word(6), done=True)
    d.evidence(issue)
    d.do("propose", issue, d.officer, outcome="solved", account=word(7))
    d.do("send_back", issue, d.coordinator, reason=word(8))
    d.do("propose", issue, d.officer, outcome="solved", account=word(0))
    d.do("verify", issue, d.coordinator, text=word(1))
    d.do("rate", issue, me, solved="no", satisfaction=1, text=word(2)[:2000])
    return [word(n) for n in (7, 8, 9, 3, 5)]
