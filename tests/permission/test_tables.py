"""Role × action × state × relation, and rows per person, against the policies (PRODUCT.md §1, §3, §6)."""

from __future__ import annotations

import importlib

import pytest

from tests.permission import acts, checks, mutants, rights, rows, tables
from tests.permission.people import HEAD, MACHINE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "check"),
    [
        pytest.param(name, check, id=f"{name}-{n}")
        for name in tables.POLICIES
        for n, check in enumerate(tables.CHECKS[name])
    ],
)
def test_the_policy_is_as_the_tables_have_it(world, name, check) -> None:
    assert list(check(world, importlib.import_module(name))) == []


@pytest.mark.parametrize("name", tables.POLICIES)
def test_a_policy_compiled_anew_without_a_loss_passes(world, name) -> None:
    """Else every deletion would be "found" by what the compiling alone breaks."""
    policy = mutants.load(importlib.import_module(name))
    quick = [check for check in tables.CHECKS[name] if check not in (checks.files, checks.decisions)]
    assert [told for check in quick for told in check(world, policy)] == []


def test_every_sign_of_every_table_is_a_person() -> None:
    known = set(HEAD + MACHINE)
    told = [
        rights.RIGHTS,
        rights.PEOPLE,
        rights.ENTERPRISES,
        rights.MET,
        rights.PROJECTS,
        rights.OWN_PROJECTS,
        rights.TARGETS,
        rights.PAPERS,
    ]
    told += [rights.PAPER_ACTS, rights.RUNS, rights.RESULTS, rights.CASES, rights.MONTH_ACTS, rights.NOTICES]
    signs = set().union(*(who for text in told for who in rights.table(text).values()), *acts.read().values())
    assert signs <= known
    assert len(HEAD) == len(set(HEAD)) == 32
    assert {len(letters) for letters in rows.read().values()} == {32}
    assert len(acts.read()) == 364
