"""The lock: everything pinned and hashed, no registry's name in it, nothing asked for that it lacks."""

import re
import tomllib

import pytest

from common.ops.place import ROOT

LOCKS = ["base", "dev", "uv"]


def lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", LOCKS)
def test_it_names_no_host(name):
    assert re.findall(r"://|--index|--find-links|--extra-index", lock(name)) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_and_hashed(name):
    blocks = re.split(r"\n(?=\S)", lock(name).strip())
    assert blocks
    for block in blocks:
        assert re.match(r"[\w.-]+==\S+", block), block
        assert "--hash=sha256:" in block, block


@pytest.mark.parametrize(("name", "group"), [("base", None), ("dev", "dev")])
def test_all_that_the_project_asks_for_is_in_it(name, group):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + (project["dependency-groups"][group] if group else [])
    names = {re.split(r"[\[<>=~ ]", line)[0].lower().replace("_", "-") for line in wanted}
    assert names <= set(re.findall(r"^([\w.-]+)==", lock(name), re.M))


def test_both_locks_agree():
    base, dev = (dict(re.findall(r"^([\w.-]+)==(\S+)", lock(name), re.M)) for name in ("base", "dev"))
    assert {name: version for name, version in base.items() if dev.get(name) != version} == {}
