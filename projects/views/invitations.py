"""Accounts of enterprises: invited here by one person, confirmed by another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import role_page
from accounts.policy import can
from accounts.views.secret import show_once
from common import fmt
from common.forms import form_page
from common.pages import keyset, pager
from common.render import render_page
from projects import policy, services
from projects.forms import InvitationForm
from projects.models import EnterpriseInvitation
from projects.views.enterprises import FORM, demand, enterprise_page, find, page_of

PAGE = 50


@role_page(*policy.INVITING, *policy.CONFIRMING)
@require_safe
def invitations(request: HttpRequest) -> HttpResponse:
    """Those that wait for the second person; ``?show=all`` has the others too."""
    everything = request.GET.get("show") == "all"
    rows = EnterpriseInvitation.objects.visible_to(request.actor).select_related(
        "enterprise", "invited_by", "confirmed_by"
    )
    page = keyset(rows if everything else rows.open(), ["-id"], request.GET.get("cursor"), PAGE)
    here = reverse("projects:invitations")
    context = {
        "rows": [_row(request.actor, invitation) for invitation in page.rows],
        "pager": pager(request, page) if page.next or page.previous else None,
        "tabs": [
            {"label": _("To be confirmed"), "url": here, "current": not everything},
            {"label": _("All"), "url": f"{here}?show=all", "current": everything},
        ],
    }
    return render_page(request, "projects/invitations.html", context)


@enterprise_page
@require_http_methods(FORM)
def invite_enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    demand(request, "invite_enterprise", found)
    lede = _(
        "A second person must confirm it; then the account is made. Check that the person speaks for the enterprise."
    )
    return form_page(
        request,
        InvitationForm(request.POST or None),
        verb=lambda data: services.invite_enterprise(actor=request.actor, enterprise_id=pk, **data),
        to=reverse("projects:invitations"),
        told=_("The invitation waits for a second person."),
        context=page_of(_("Account for %(name)s") % {"name": found.name}, _("Invite"), found, lede),
    )


@role_page(*policy.INVITING, *policy.CONFIRMING)
@require_POST
def confirm_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    new = services.confirm_invitation(actor=request.actor, invitation_id=pk)
    facts = [
        {"label": _("User name"), "text": new.user.username},
        {"label": _("Password"), "text": new.password},
    ]
    lede = _("Hand it over in person or by phone. It is shown this once; afterwards only a new one can be set.")
    title = _("Account of %(name)s") % {"name": new.invitation.enterprise.name}
    return show_once(request, title, lede, facts, reverse("projects:invitations"))


@role_page(*policy.INVITING, *policy.CONFIRMING)
@require_POST
def withdraw_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    services.withdraw_invitation(actor=request.actor, invitation_id=pk)
    flash.success(request, _("The invitation is withdrawn."))
    return HttpResponseRedirect(reverse("projects:invitations"))


def _row(actor: Any, invitation: EnterpriseInvitation) -> dict[str, Any]:
    open_ = invitation.confirmed_at is None and invitation.withdrawn_at is None
    return {
        "id": invitation.pk,
        "enterprise": invitation.enterprise.name,
        "name": invitation.name,
        "username": invitation.username,
        "by": f"{invitation.invited_by.name} {fmt.md_hm(invitation.invited_at)}",
        "state": _state(invitation),
        "confirm": open_ and can(actor, "confirm_invitation", invitation),
        "withdraw": open_ and can(actor, "withdraw_invitation", invitation),
    }


def _state(invitation: EnterpriseInvitation) -> str:
    if invitation.confirmed_by:
        facts = {"name": invitation.confirmed_by.name, "time": fmt.md_hm(invitation.confirmed_at)}
        return _("Confirmed by %(name)s %(time)s") % facts
    return _("Invitation withdrawn") if invitation.withdrawn_at else _("Waits for a second person")
