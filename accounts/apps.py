from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import pages, rules, signals
        from accounts.services.district import district
        from common import context

        rules.register()
        signals.connect()
        pages.register()
        context.register_district(district)
