"""docker-compose.yml and Dockerfile: valid, without a secret inside, nobody is root."""

import json
import os
import re
import subprocess

import pytest

from common.ops.place import ROOT, package_dir

# The wheel's own command forgets docker-compose's exit status, so its program is called itself.
COMPOSE = package_dir("compose") / "docker-compose"
REQUIRED = (
    *("SECRET_KEY", "CHAIN_KEY", "CODE_KEY", "POSTGRES_PASSWORD", "DB_PASSWORD"),
    *("ALLOWED_HOSTS", "PUBLIC_URL", "TLS_DIR"),
)
GIVEN = {name: f"https://{name.lower()}.example" for name in REQUIRED} | {"TLS_DIR": "./tls"}


def compose(*arguments, given=GIVEN, file="docker-compose.yml"):
    environment = {name: value for name, value in os.environ.items() if name not in REQUIRED} | given
    command = [str(COMPOSE), "--project-directory", str(ROOT), "-f", str(file), *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def services():
    done = compose("config", "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["services"]


def test_it_is_valid():
    done = compose("config", "-q")
    assert (done.returncode, done.stderr) == (0, "")


def test_control_a_misspelt_key_is_refused(tmp_path):
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text((ROOT / "docker-compose.yml").read_text().replace("image: postgres", "imagee: postgres"))
    assert compose("config", "-q", file=wrong).returncode != 0


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_secret_stops_it(name):
    done = compose("config", "-q", given={key: value for key, value in GIVEN.items() if key != name})
    assert done.returncode != 0
    assert name in done.stderr


def test_the_example_names_what_is_required():
    example = (ROOT / "deploy" / "env.example").read_text()
    assert [name for name in REQUIRED if not re.search(rf"^{name}=", example, re.M)] == []


def test_all_parts_are_there(services):
    assert set(services) == {"migrate", "web", "worker", "beat", "db", "redis", "nginx"}
    assert services["db"]["image"] == "postgres:18"


def test_every_lasting_part_has_a_health_check(services):
    without = [name for name, service in services.items() if "test" not in service.get("healthcheck", {})]
    assert without == ["migrate"]


def test_nobody_is_root(services):
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert re.findall(r"^USER (\w+)", dockerfile, re.M) == ["bihuan"]
    for name, service in services.items():
        assert "build" in service or service.get("user") not in (None, "", "root", "0"), name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_only_the_proxy_is_open_to_the_outside(services):
    assert [name for name, service in services.items() if service.get("ports")] == ["nginx"]


def test_workers_listen_without_mingle_and_gossip(services):
    assert {"--without-mingle", "--without-gossip"} <= set(services["worker"]["command"])
