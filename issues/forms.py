"""The shape of input of every action. What is right in the matter is the verb's to say: its messages come back beside
the fields that carry the same names."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Post, Unit
from issues import policy, states
from issues.formfields import CHOOSE, NEEDED, area, date_of, line, many_units, one_unit, uploads, word_of, yes
from issues.models import Category, Issue
from issues.states import Action


class ActionForm(forms.Form):
    """``verb_fields`` is what the verb gets; the version that the person saw goes along unseen."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: Any, issue: Issue, actor: Actor, **kwargs: Any) -> None:
        self.issue, self.actor = issue, actor
        kwargs.setdefault("auto_id", "f-%s")
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = issue.version
        self.order_fields([*(name for name in self.fields if name != "version"), "version"])
        self._fill_units()
        self.prepare()

    def prepare(self) -> None:
        """Choices and first values that depend on the issue."""

    def _fill_units(self) -> None:
        wanted = [one for one in self.fields.values() if getattr(one, "of_units", False)]
        if not wanted:
            return
        choices = unit_choices()
        for one in wanted:
            many = isinstance(one, forms.MultipleChoiceField)
            one.choices = flat(choices) if many else [("", _("Please choose")), *choices]  # type: ignore[attr-defined]

    def verb_fields(self) -> dict[str, Any]:
        """The verb's own fields; what was left empty stays out, so that the verb's defaults hold."""
        left_out = ("version", "files")
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in left_out and (value not in (None, "", []) or self.fields[name].required)
        }

    def take_errors(self, errors: dict[str, list[str]]) -> None:
        """Put the verb's messages beside the fields; what has no field of ours goes above the form."""
        for name, texts in errors.items():
            known = {"file": "files"}.get(name, name)
            for message in texts:
                self.add_error(known if known in self.fields else None, message)


def unit_choices() -> list[tuple[Any, list[tuple[str, str]]]]:
    """Units that work can be given to, in groups by kind."""
    from accounts.roles import UnitKind

    groups: dict[str, list[tuple[str, str]]] = {}
    for kind, code, name in Unit.objects.assignable().order_by("pinyin", "code").values_list("kind", "code", "name"):
        groups.setdefault(kind, []).append((code, name))
    return [(UnitKind(kind).label, groups[kind]) for kind in UnitKind if kind in groups]


def flat(groups: list[tuple[Any, list[tuple[str, str]]]]) -> list[tuple[str, str]]:
    return [choice for _label, choices in groups for choice in choices]


def category_choices() -> list[tuple[Any, Any]]:
    """Two levels: the children of a category stand under it."""
    rows = list(Category.objects.filter(active=True).order_by("order", "id").values_list("id", "name", "parent_id"))
    children: dict[int, list[tuple[str, str]]] = {}
    for _key, name, parent in rows:
        if parent:
            children.setdefault(parent, []).append((name, name))
    choices: list[tuple[Any, Any]] = [("", _("Please choose"))]
    for key, name, parent in rows:
        if parent is None:
            choices.append((name, [(name, name), *children[key]]) if key in children else (name, name))
    return choices


# --- collect ---------------------------------------------------------------------------------------------------------


class ReturnForm(ActionForm):
    text = area(_("What is missing"), _("The submitter reads this and has five working days."))


class SupplementForm(ActionForm):
    text = area(_("Your supplement"), required=False)
    files = uploads()


class DeclineForm(ActionForm):
    reason = word_of(_("Reason"), states.DeclineReason)
    text = area(_("Words to the submitter"), _("Say where they can turn to."))


class MergeForm(ActionForm):
    into = line(
        _("Number of the issue that it joins"),
        _("Its submitter sees that one's public feedback, and is asked to rate under the own number."),
        limit=64,
    )


class WithdrawForm(ActionForm):
    reason = area(_("Why you withdraw it"), rows=3)


# --- assign ----------------------------------------------------------------------------------------------------------


class AssignForm(ActionForm):
    category = forms.ChoiceField(label=_("Category"), error_messages={"required": CHOOSE})
    unit = one_unit(_("Unit in charge"))
    co_units = many_units(_("Co-units"), _("They answer the lead unit within the same time for first feedback."))
    urgency = word_of(_("Urgency"), states.Urgency, radio=True)
    difficulty = word_of(
        _("Difficulty"), states.Difficulty, _("It sets the limit: simple 5, ordinary 15, complex 30 days."), radio=True
    )
    leader = forms.ChoiceField(label=_("District leader"), required=False)
    text = area(_("Words to the units"), rows=3, required=False)

    def prepare(self) -> None:
        issue = self.issue
        self.fields["category"].choices = category_choices()  # type: ignore[attr-defined]
        self.fields["leader"].choices = [("", _("By rule")), *leader_choices()]  # type: ignore[attr-defined]
        suggested = issue.category.unit if issue.category_id and issue.category and issue.category.unit_id else None
        self.initial.setdefault("category", issue.category.name if issue.category else "")
        self.initial.setdefault("unit", suggested.code if suggested else "")
        self.initial.setdefault("urgency", issue.urgency)
        self.initial.setdefault("difficulty", issue.difficulty or states.Difficulty.NORMAL)


class BulkAssignForm(forms.Form):
    """One assignment for several issues: what is the same for all of them."""

    use_required_attribute = False
    category = forms.ChoiceField(label=_("Category"), error_messages={"required": CHOOSE})
    unit = one_unit(_("Unit in charge"))
    urgency = word_of(_("Urgency"), states.Urgency, radio=True)
    difficulty = word_of(_("Difficulty"), states.Difficulty, radio=True)
    text = area(_("Words to the units"), rows=3, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = category_choices()  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", _("Please choose")), *unit_choices()]  # type: ignore[attr-defined]
        self.initial.setdefault("urgency", states.Urgency.NORMAL)
        self.initial.setdefault("difficulty", states.Difficulty.NORMAL)

    def verb_fields(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


def leader_choices() -> list[tuple[str, str]]:
    leaders = Post.objects.current().filter(role="leader").select_related("user").order_by("user__pinyin")
    return [(post.user.username, f"{post.user}　{post.title or post.get_role_display()}") for post in leaders]


class RefuseForm(ActionForm):
    reason = area(_("Why it is not yours"), rows=4)
    clause = line(_("Clause that says so"), limit=500, required=False)
    unit = one_unit(_("The right unit, as you see it"), required=False)


class SignForm(ActionForm):
    handler = line(_("Handler"), _("Who in your unit handles it."), limit=100, required=False)


class ReassignForm(ActionForm):
    unit = one_unit(_("New unit in charge"))
    reason = area(_("Reason"), _("The old unit's days stay in the ledger."), rows=3)


class ReleaseForm(ActionForm):
    unit = forms.ChoiceField(label=_("Co-unit"), error_messages={"required": CHOOSE})
    reason = area(_("Reason"), rows=3)

    def prepare(self) -> None:
        parts = [part.unit for part in policy.open_parts(self.issue) if part.kind == "co"]
        self.fields["unit"].choices = [(one.code, one.name) for one in parts]  # type: ignore[attr-defined]


# --- coordinate ------------------------------------------------------------------------------------------------------


class FeedBackForm(ActionForm):
    text = area(_("What was done"), _("What was done, what comes next, and when."))
    public = yes(_("Show it to the enterprise"))
    done = yes(_("Our part is done"), _("Ends your unit's part in this issue."))
    files = uploads()

    def prepare(self) -> None:
        right = policy.right(self.actor, Action.FEED_BACK, self.issue)
        if right is None or right.party != "co":
            del self.fields["done"]


class EscalateForm(ActionForm):
    text = area(_("What you need"), _("What must be decided, by whom, and what has been tried."))


class DecideForm(ActionForm):
    text = area(_("Decision"))
    unit = one_unit(_("Responsible unit"), _("It feeds back within three working days, then every five."))
    co_units = many_units(_("Co-units"))
    due = date_of(_("Due"), required=False)
    meeting = line(_("Meeting"), _("Date or number of the meeting, if there was one."), limit=64, required=False)
    lead_unit = one_unit(
        _("Propose another unit in charge"), _("The coordinator carries out a reassignment."), required=False
    )

    def prepare(self) -> None:
        self.initial.setdefault("unit", self.issue.lead_unit.code if self.issue.lead_unit else "")


class DecisionFeedbackForm(forms.Form):
    use_required_attribute = False
    text = area(_("What was done"), rows=5)
    done = yes(_("The decision is carried out"), _("Ends the feedback on this decision."))


class ExtendForm(ActionForm):
    days = forms.IntegerField(
        label=_("Extension in working days"),
        min_value=1,
        max_value=365,
        error_messages={"required": NEEDED},
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reason = area(_("Reason"), rows=4)


class SuspendForm(ActionForm):
    reason = word_of(_("Reason"), states.SuspendReason)
    text = area(_("Facts"), _("What exactly is awaited, and what the unit does meanwhile."), rows=4)
    until = date_of(_("Review date"), _("Over 20 working days the supervision office must agree as well."))


class CloseOverForm(ActionForm):
    reason = area(_("Why the demand can't be met"), _("The supervision office approves; it counts as unsolved."))


class GrantForm(ActionForm):
    text = area(_("Note"), rows=3, required=False)


class DenyForm(ActionForm):
    reason = area(_("Reason"), rows=3)


class ResumeForm(ActionForm):
    pass


# --- close -----------------------------------------------------------------------------------------------------------


class ProposeForm(ActionForm):
    outcome = word_of(_("Outcome"), states.Outcome, radio=True)
    account = area(
        _("Account of the handling"), _("What was done and what is the result. The coordinator checks it."), rows=6
    )
    promised_on = date_of(
        _("Promised for"),
        _("For “promised by a date”: then the enterprise is asked again."),
        required=False,
    )
    clause = line(_("Clause that forbids it"), _("For “cannot be done”: law, article."), limit=500, required=False)
    cause = word_of(_("Why it could not be done"), states.Cause, _("Where it was not fully solved."), required=False)
    files = uploads(
        _("Evidence"), _("“Solved” needs at least one file of your unit; one that is there already counts.")
    )


class SendBackForm(ActionForm):
    reason = area(_("What is still missing"), rows=4)


class VerifyForm(ActionForm):
    text = area(
        _("How it was checked"), _("Whom you called, what you saw. Then the enterprise is asked to rate."), rows=4
    )
    cause = word_of(_("Why it could not be done"), states.Cause, required=False)

    def prepare(self) -> None:
        self.initial.setdefault("cause", self.issue.cause)


class RateForm(ActionForm):
    solved = word_of(_("Is the problem solved?"), states.Solved, radio=True)
    satisfaction = forms.ChoiceField(
        label=_("How satisfied are you?"),
        choices=[
            ("5", _("5, very satisfied")),
            ("4", _("4, satisfied")),
            ("3", _("3, so so")),
            ("2", _("2, dissatisfied")),
            ("1", _("1, very dissatisfied")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE},
    )
    text = area(
        _("What you want to say"), _("Please say why if you choose 1 or 2."), rows=3, required=False, limit=2_000
    )


class UpholdForm(ActionForm):
    text = area(_("Instruction"), _("Handling goes on one layer up, with half the limit."), rows=4)


class ReopenForm(ActionForm):
    reason = area(_("Why it must go on"), rows=4)


FORMS: dict[str, type[ActionForm]] = {
    Action.RETURN: ReturnForm,
    Action.SUPPLEMENT: SupplementForm,
    Action.DECLINE: DeclineForm,
    Action.MERGE: MergeForm,
    Action.ASSIGN: AssignForm,
    Action.REFUSE: RefuseForm,
    Action.SIGN: SignForm,
    Action.REASSIGN: ReassignForm,
    Action.FEED_BACK: FeedBackForm,
    Action.EXTEND: ExtendForm,
    Action.SUSPEND: SuspendForm,
    Action.CLOSE_OVER: CloseOverForm,
    Action.GRANT: GrantForm,
    Action.DENY: DenyForm,
    Action.RESUME: ResumeForm,
    Action.RELEASE: ReleaseForm,
    Action.ESCALATE: EscalateForm,
    Action.DECIDE: DecideForm,
    Action.PROPOSE: ProposeForm,
    Action.SEND_BACK: SendBackForm,
    Action.VERIFY: VerifyForm,
    Action.RATE: RateForm,
    Action.UPHOLD: UpholdForm,
    Action.REOPEN: ReopenForm,
    Action.WITHDRAW: WithdrawForm,
}
