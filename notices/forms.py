"""The shape of what people choose to be told."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notices.models import Channel, Kind, MailLanguage, Preference


class SettingsForm(forms.Form):
    mail = forms.MultipleChoiceField(
        label=_("By e-mail"),
        help_text=_("Overdue notices always come by e-mail. The inbox here always has everything."),
        choices=[(kind.value, kind.label) for kind in Kind if kind != Kind.BREACH],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    language = forms.ChoiceField(label=_("Language of e-mail"), choices=settings.LANGUAGES, widget=forms.RadioSelect)

    @staticmethod
    def chosen(user_id: int | None) -> dict[str, object]:
        """What stands now: everything is on until it is switched off."""
        off = Preference.objects.filter(user=user_id, channel=Channel.MAIL, on=False).values_list("kind", flat=True)
        language = MailLanguage.objects.filter(user=user_id).values_list("language", flat=True).first()
        return {"mail": sorted(set(Kind.values) - set(off)), "language": language or settings.LANGUAGE_CODE}
