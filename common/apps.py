from django.apps import AppConfig
from django.core.checks import register


class CommonConfig(AppConfig):
    name = "common"

    def ready(self) -> None:
        from common import nav

        register(nav.check_entries)
