from importlib import import_module

from django.apps import AppConfig
from django.core.checks import Tags, register

from config import checks


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        import_module("config.openapi")
        register(checks.secrets, Tags.security)
        register(checks.production, Tags.security)
        register(checks.database, Tags.database)
