"""A policy module from which one row was taken away: every way to delete one, as a module of its own.

A row is an element of a table (a party of an action, a role of a right, an entry of a dictionary), a role that a
condition asks for, or one side of a condition on rows. The module is compiled anew without it; nothing is patched.
"""

from __future__ import annotations

import ast
import copy
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

# Calls whose arguments are rows.
ASKING = frozenset({"has", "in_role", "frozenset", "set"})
# Statements that add to what was named: a row each.
ADDING = frozenset({"add", "update"})
# Filled by other apps when they start.
REGISTERED = frozenset({"_answerers", "_reader_rules", "_enterprise_scopes"})
Path = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Mutant:
    told: str  # what was deleted
    where: str  # the table or function that it was deleted from
    policy: Any  # the module without it


def mutants(module: ModuleType) -> Iterator[Mutant]:
    tree = ast.parse(inspect.getsource(module))
    for path, index in _sites(tree):
        changed = copy.deepcopy(tree)
        told = _delete(_at(changed, path), index)
        where = _table(tree.body[path[0][1] or 0])
        yield Mutant(f"{module.__name__}:{told}", where, load(module, ast.fix_missing_locations(changed)))


def load(module: ModuleType, tree: ast.Module | None = None) -> Any:
    """Compiled under the module's own name and file, in names of its own; what others registered there is kept.
    Without ``tree`` it is the module as it stands: that one must pass every check."""
    names: dict[str, Any] = {name: getattr(module, name) for name in ("__name__", "__file__", "__package__")}
    tree = tree or ast.parse(inspect.getsource(module))
    exec(compile(tree, str(module.__file__), "exec"), names)  # noqa: S102  # our own source, one row shorter
    names |= {name: getattr(module, name) for name in REGISTERED & set(names)}
    return SimpleNamespace(**names)


def _table(node: ast.stmt) -> str:
    if isinstance(node, ast.Assign):
        return _name(node.targets[0])
    return _name(node.target) if isinstance(node, ast.AnnAssign) else getattr(node, "name", "")


def _sites(tree: ast.Module) -> Iterator[tuple[Path, int]]:
    for node, path, inside in _walk(tree, (), False):
        yield from ((path, n) for n in range(_rows(node, inside)))


def _rows(node: ast.AST, inside: bool) -> int:
    """How many rows could be taken from the node. In a function a tuple or a dictionary is no table."""
    if isinstance(node, ast.Call):
        return len(node.args) if _name(node.func) in ASKING else 0
    if isinstance(node, ast.Set):
        return len(node.elts)
    if isinstance(node, ast.Tuple | ast.List):
        return len(node.elts) if not inside and isinstance(node.ctx, ast.Load) else 0
    if isinstance(node, ast.Dict):
        return len(node.keys) if not inside else 0
    if isinstance(node, ast.BinOp):
        return 2 if isinstance(node.op, ast.BitOr | ast.BitAnd) else 0
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return int(inside and _name(node.value.func) in ADDING)
    return int(isinstance(node, ast.AugAssign) and isinstance(node.op, ast.BitOr))


def _walk(node: ast.AST, path: Path, inside: bool) -> Iterator[tuple[ast.AST, Path, bool]]:
    """Every node with the way to it, and whether it lies in a function. Annotations and kinds are no rows."""
    if isinstance(node, ast.Call) and _name(node.func) == "isinstance":
        return
    if isinstance(node, ast.Assign) and _name(node.targets[0]) == "__all__":
        return
    yield node, path, inside
    inside = inside or isinstance(node, ast.FunctionDef | ast.Lambda)
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "slice"):
            continue
        children = enumerate(value) if isinstance(value, list) else [(None, value)]
        for n, child in children:
            if isinstance(child, ast.AST):
                yield from _walk(child, (*path, (field, n)), inside)


def _at(tree: ast.AST, path: Path) -> tuple[ast.AST, str, int | None, ast.AST]:
    """The node at ``path`` with its parent and its place there."""
    parent, field, n, node = tree, "", None, tree
    for field, n in path:
        parent = node
        value = getattr(node, field)
        node = value if n is None else value[n]
    return parent, field, n, node


def _delete(found: tuple[ast.AST, str, int | None, ast.AST], index: int) -> str:
    parent, field, n, node = found
    line = getattr(node, "lineno", 0)
    if isinstance(node, ast.Call):
        return f"{line}: {ast.unparse(node.args.pop(index))}"
    if isinstance(node, ast.Set | ast.Tuple | ast.List):
        gone = node.elts.pop(index)
        if isinstance(node, ast.Set) and not node.elts:  # {} would be a dictionary
            _put(parent, field, n, ast.parse("set()", mode="eval").body)
        return f"{gone.lineno}: {ast.unparse(gone)}"
    if isinstance(node, ast.Dict):
        key = node.keys.pop(index)
        node.values.pop(index)
        return f"{getattr(key, 'lineno', line)}: {ast.unparse(key) if key else '**'}"
    if isinstance(node, ast.BinOp):
        kept, gone = (node.right, node.left) if index == 0 else (node.left, node.right)
        _put(parent, field, n, kept)
        return f"{line}: {ast.unparse(gone)}"
    told = f"{line}: {ast.unparse(node)}"
    _put(parent, field, n, ast.Pass())
    return told


def _put(parent: ast.AST, field: str, n: int | None, node: ast.AST) -> None:
    if n is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[n] = node


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
