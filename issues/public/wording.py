"""The words of what a submitter can do: buttons, headings, what is said afterwards."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issues.models import Issue
from issues.windows import promise_asked

# In the order of the page: the first one that fits is the button, the others are links.
ORDER = ("rate", "supplement", "files", "reopen", "withdraw")
BUTTONS = {
    "rate": gettext_lazy("Say whether it is solved"),
    "supplement": gettext_lazy("Send what is missing"),
    "files": gettext_lazy("Add photos or files"),
    "reopen": gettext_lazy("Have it reopened"),
    "withdraw": gettext_lazy("Withdraw this matter"),
}
DONE = {
    "rate": gettext_lazy("Thank you: your word is recorded."),
    "supplement": gettext_lazy("Received: we go on with it."),
    "files": gettext_lazy("The files were added."),
    "reopen": gettext_lazy("It is being handled again."),
    "withdraw": gettext_lazy("It is withdrawn."),
}


def acts(allowed: list[str], issue: Issue, *, may_add: bool) -> list[dict[str, Any]]:
    """What can be done now. Files go along with a supplement, so they need no button of their own then."""
    fits = {name for name in allowed if name in ORDER}
    if may_add and "supplement" not in fits:
        fits.add("files")
    names = [name for name in ORDER if name in fits]
    return [
        {
            "label": BUTTONS[name],
            "url": reverse("public:act", args=[issue.number, name]),
            "primary": n == 0 and name != "withdraw",
        }
        for n, name in enumerate(names)
    ]


def page(action: str, issue: Issue) -> dict[str, str]:
    """Heading, one sentence below it, and the button."""
    titles = {
        "rate": _("Was it solved?"),
        "supplement": _("Please tell us more"),
        "files": _("Add photos or files"),
        "reopen": _("Have it reopened"),
        "withdraw": _("Withdraw this matter"),
    }
    ledes = {
        "rate": _(
            "You are asked to rate it; if you are not satisfied, it goes on or the supervision office reviews it. "
            "The unit that handled it does not see your words."
        ),
        "supplement": _("Words, files or both."),
        "files": _("The unit in charge sees them at once."),
        "reopen": _("Once, within 30 days after it was finished. A new round begins, with half the time."),
        "withdraw": _("Then nobody works on it any more. This can't be undone, but you can submit it again."),
    }
    if action == "rate" and promise_asked(issue):
        titles["rate"] = _("Has the promise been kept?")
        ledes["rate"] = _("The promised date is over. If it was not kept, handling begins again.")
    buttons = {
        "rate": _("Send"),
        "supplement": _("Send"),
        "files": _("Add"),
        "reopen": _("Have it reopened"),
        "withdraw": _("Withdraw it"),
    }
    return {"title": titles[action], "lede": ledes[action], "submit": buttons[action]}
