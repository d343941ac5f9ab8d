"""Collect the texts of code and templates into another locale directory: extract.py DIRECTORY [MAKEMESSAGES OPTIONS]

Django's makemessages prefers ./locale whatever the settings say; a check must not touch the catalogue.
"""

import os
import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages


class Extract(makemessages.Command):
    target = ""

    def find_files(self, root):
        found = super().find_files(root)
        for file in found:
            file.locale_dir = self.target
        return found


def main(target: str, options: list[str]) -> None:
    settings.configure(USE_I18N=True, LOCALE_PATHS=[target])
    django.setup()
    os.makedirs(os.path.join(target, "zh_Hans", "LC_MESSAGES"), exist_ok=True)
    command = Extract()
    command.target = target
    call_command(command, "--locale=zh_Hans", "--verbosity=0", *options)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
