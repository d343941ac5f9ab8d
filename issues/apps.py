from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IssuesConfig(AppConfig):
    name = "issues"

    def ready(self) -> None:
        from accounts import policy as engine
        from common import bootstrap as parts
        from common import nav
        from documents import registry
        from issues import bootstrap, findings, linescopes, messages, models, navigation, policy
        from issues.pages import minerows
        from issues.services import duty, handover
        from projects import corner, scopes
        from projects.policy import register_enterprise_scope

        parts.register("categories", bootstrap.categories)
        registry.subject("issue", can_read=policy.may_read_attachment)
        engine.register(models.Issue, policy.answer)
        messages.register()
        findings.register()
        duty.register()
        handover.register()
        register_enterprise_scope(policy.enterprises_met)
        scopes.offer_categories(linescopes.offered)
        corner.plug_issues(minerows.corner)
        navigation.register()
        nav.register(nav.PUBLIC, _("Report a problem"), "public:submit", order=10)
        nav.register(nav.PUBLIC, _("See how far it is"), "public:track", order=20, topbar=True)
