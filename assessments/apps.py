from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = _("Assessment")

    def ready(self) -> None:
        from accounts import landing
        from assessments import messages, panel, policy, proof, scheme
        from assessments.services import contests
        from common import bootstrap, nav
        from documents import registry
        from issues.public import panels
        from issues.services import proofs

        messages.register()
        policy.register()
        registry.subject(contests.SUBJECT, can_read=contests.may_read)
        bootstrap.register("scoring scheme", scheme.bootstrap, order=60)
        nav.register(nav.SUPERVISION, _("Monthly ranking"), "assessments:months", visible=landing.is_staff, order=30)
        proofs.register("months", proof.altered_months)
        panels.register(panel.last_month)
        nav.register(nav.PUBLIC, _("Rankings"), "assessments:rankings", order=60)
