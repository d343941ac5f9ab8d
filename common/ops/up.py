"""``bin/up``: set everything up, serve, and stop cleanly.

    bin/up [--port N] [--host ADDRESS] [--empty]

The second start keeps all data. Logs are in var/log/.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psycopg2

from common.ops import keeper, localenv, supervisor, system
from common.ops.place import ROOT, VAR, ServiceError, choose_place, say
from common.ops.process import dies_with_parent

ADDRESS = VAR / "run" / "up.json"
LOGINS = VAR / "demo-logins.txt"
DEAF_SECONDS = 120
EVERYWHERE = ("127.0.0.1", "0.0.0.0", "::")


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    with keeper.open_lock("up.lock") as alone:
        if not keeper.try_lock(alone):
            print(f"Already running: {known_address()}", file=sys.stderr)
            return 1
        try:
            serve(options)
        except ServiceError as error:
            print(f"\n{error}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 130
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/up", description="Set up and serve Bihuan.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument("--empty", action="store_true", help="an empty database gets the bootstrap, not the demo")
    return parser.parse_args(arguments)


def serve(options: argparse.Namespace) -> None:
    supervisor.end_leftovers()
    need_port(options.host, options.port)
    system.install(system.RUN)
    system.fetch_fangsong(VAR / "fonts")
    url = f"http://{'localhost' if options.host in EVERYWHERE else options.host}:{options.port}"
    remember(url)
    try:
        with keeper.services() as environment:
            prepare(options, environment)
            say("starting web server, worker and beat")
            crew = supervisor.children(options.host, options.port)
            watch = Watch(environment)
            supervisor.Supervisor(crew, environment, watch.look).run(Announcement(url, options.empty))
    finally:
        keeper.release_now()
        ADDRESS.unlink(missing_ok=True)
    say(f"stopped; all data is kept in {choose_place(VAR).data}")


def need_port(host: str, port: int) -> None:
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((host, port))
        except OSError as error:
            raise ServiceError(f"Port {port} of {host}: {error.strerror}. Take another: bin/up --port N") from error


def remember(url: str) -> None:
    """For those who ask while it runs, and for links in mail made by bin/manage."""
    ADDRESS.parent.mkdir(parents=True, exist_ok=True)
    ADDRESS.write_text(json.dumps({"pid": os.getpid(), "url": url}))
    values = localenv.ensure()
    if values.get("PUBLIC_URL") != url:
        localenv.write({**values, "PUBLIC_URL": url})


def known_address() -> str:
    try:
        known = json.loads(ADDRESS.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return "starting or stopping just now"
    return f"{known['url']} (process {known['pid']})"


def prepare(options: argparse.Namespace, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "common.ops.prepare", *(["--empty"] if options.empty else [])]
    quiet = {"LOG_LEVEL": "WARNING", **environment}
    done = subprocess.run(command, cwd=ROOT, env=quiet, preexec_fn=dies_with_parent(signal.SIGTERM))
    if done.returncode:
        raise ServiceError("The database could not be prepared (see above).")


class Announcement:
    """Says once that everything serves, with the address and the log-ins."""

    def __init__(self, url: str, empty: bool) -> None:
        self.url = url
        self.empty = empty

    def __call__(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                if answer.status != 200:
                    return False
        except (urllib.error.URLError, OSError):
            return False
        print(f"\n  Bihuan 闭环 serves at {self.url}/   Staff sign in at {self.url}/accounts/login/\n", flush=True)
        if LOGINS.exists():
            print(LOGINS.read_text(), flush=True)
        print("  Ctrl-C stops everything. Logs: var/log/", flush=True)
        return True


class Watch:
    """Once a second: are the services there, and do beat and worker work (together: a heartbeat every 30 s)?"""

    def __init__(self, environment: dict[str, str]) -> None:
        self.url = environment["DATABASE_URL"]
        self.asked = time.monotonic()

    def look(self) -> tuple[str, ...]:
        if any(keeper.wanted()) and not keeper.running():
            say("the services are gone")
            keeper.ensure_running()
        if time.monotonic() - self.asked < DEAF_SECONDS:
            return ()
        self.asked = time.monotonic()
        return ("worker", "beat") if self.deaf() else ()

    def deaf(self) -> bool:
        """No heartbeat for two minutes though the database answers."""
        query = "SELECT coalesce(max(seen_at) < now() - make_interval(secs => %s), true) FROM common_heartbeat"
        try:
            connection = psycopg2.connect(self.url, connect_timeout=3)
        except psycopg2.OperationalError:
            return False
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, [DEAF_SECONDS])
                row = cursor.fetchone()
                return bool(row and row[0])
        finally:
            connection.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
