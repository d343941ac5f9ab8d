from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        from common import nav
        from documents import policy

        policy.register()
        nav.register(nav.OVERVIEW, _("Documents"), "documents:library", visible=policy.has_papers, order=60)
        nav.register(nav.PUBLIC, _("Verify a document"), "documents:enter_code", order=60)
