"""Is everything there that Bihuan needs, and what is to be done about what isn't?"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.module_loading import autodiscover_modules

from common.diagnosis import examinations


class Command(BaseCommand):
    help = (
        "Examine database, broker, worker, beat, fonts, mail, storage and calendar; say what to do. Exit 1 on a fault."
    )
    requires_system_checks: list[str] = []  # it reports them itself, as findings

    def handle(self, *args: Any, **options: Any) -> None:
        autodiscover_modules("doctor")
        style = {"ok": self.style.SUCCESS, "warn": self.style.WARNING, "fail": self.style.ERROR}
        faults = 0
        for part, examination in examinations.items():
            for finding in examination():
                faults += finding.state == "fail"
                self.stdout.write(f"{style[finding.state](finding.state.ljust(4))}  {part}: {finding.text}")
                if finding.advice:
                    self.stdout.write(f"      → {finding.advice}")
        if faults:
            self.stdout.write(f"{faults} to be mended")
            sys.exit(1)
