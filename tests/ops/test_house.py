"""The rules of the house that the tools keep: each with a case that breaks it."""

import os
import subprocess
import sys

import pytest

from common.ops.place import ROOT
from tests.no_avoiding import pytest_sessionfinish

AVOIDED = {
    "a skipped test": "import pytest\n@pytest.mark.skip\ndef test_a(): assert True\n",
    "a skip inside": "import pytest\ndef test_a(): pytest.skip('later')\n",
    "an expected failure": "import pytest\n@pytest.mark.xfail\ndef test_a(): assert False\n",
    "an unexpected pass": "import pytest\n@pytest.mark.xfail\ndef test_a(): assert True\n",
}


def run_pytest(tmp_path, text):
    """Our hooks alone, without Django: its start would be most of the time."""
    (tmp_path / "test_sample.py").write_text(text)
    (tmp_path / "pytest.ini").touch()
    plugins = ["-p", "tests.no_avoiding", "-p", "no:django", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *plugins, str(tmp_path)], cwd=ROOT, capture_output=True
    )
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def test_our_runs_have_those_hooks(request):
    assert pytest_sessionfinish in [
        implementation.function for implementation in request.config.hook.pytest_sessionfinish.get_hookimpls()
    ]


@pytest.mark.parametrize("text", AVOIDED.values(), ids=AVOIDED)
def test_an_avoided_test_fails_the_run(tmp_path, text):
    code, output = run_pytest(tmp_path, text)
    assert code == 1, output
    assert "NOT RUN" in output


def test_control_an_honest_run_passes(tmp_path):
    code, output = run_pytest(tmp_path, "def test_a(): assert True\n")
    assert code == 0, output


def test_an_import_upwards_is_found(tmp_path):
    """import-linter on a copy of our contract: common may not know accounts."""
    layers = ["config", "assessments", "issues", "projects", "documents", "deadlines", "notices", "accounts", "common"]
    for name in layers:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    command = [os.path.join(os.path.dirname(sys.executable), "lint-imports"), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}

    def lint():
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    assert lint().returncode == 0, lint().stdout
    (tmp_path / "common" / "wrong.py").write_text("import accounts\n")
    assert lint().returncode == 1
    assert "common.wrong" in lint().stdout
