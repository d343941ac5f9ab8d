"""``bin/manage``: one management command with the services of ``bin/up`` behind it.

Starts the services if they don't run and leaves them to the keeper, which ends them when nobody needs them any more.
Prints nothing of its own on stdout.
"""

from __future__ import annotations

import subprocess
import sys

from common.ops import keeper, messages
from common.ops.place import ROOT, ServiceError


def main(arguments: list[str]) -> int:
    try:
        # commands speak and print papers: without the catalogue they would do so in English
        messages.compile_all()
        with keeper.services() as environment:
            return subprocess.run([sys.executable, str(ROOT / "manage.py"), *arguments], env=environment).returncode
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
