"""The structure that the proof rests on: pure twins, packages that do not know each other, a pair for every name."""

import ast
import inspect
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pytest

import manual
import tiny_autograd_rnn
from compare.pair import Pair
from compare.pairs import PAIRS

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("manual", "tiny_autograd_rnn", "compare")
FILES = {f"{p}/{path.name}": path.read_text("utf-8") for p in PACKAGES for path in sorted((ROOT / p).glob("*.py"))}
DOOR = "tiny_autograd_rnn_door.py"
SCRIPT = "tiny_autograd_rnn/__main__.py"
FILES[DOOR] = (ROOT / DOOR).read_text("utf-8")
SPECIFICATION = [f"tiny_autograd_rnn/{name}.py" for name in ("forms", "checks", "signature")]
PURE = [name for name in FILES if name.startswith("tiny_autograd_rnn/") and name not in (SCRIPT, *SPECIFICATION)]
# by these, a package could be imported that no import statement names
DYNAMIC = {"importlib", "runpy", "pkgutil", "builtins"}
STANDARD = set(sys.stdlib_module_names) - DYNAMIC
ALLOWED = {"manual": {"manual", "numpy"}, "tiny_autograd_rnn": {"tiny_autograd_rnn", "autograd", "numpy", "jaxtyping"}}


def impurities(source: str) -> Iterator[str]:
    """Whatever keeps or changes state: a class, an outer name rebound, an assignment into a thing, x += y."""
    for node in ast.walk(ast.parse(source)):
        stored = isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load)
        if stored or isinstance(node, ast.ClassDef | ast.Global | ast.Nonlocal | ast.AugAssign):
            yield ast.unparse(node)


def imported(source: str) -> Iterator[str]:
    """The packages that the import statements name, `.` for a relative one, and __import__ where it is called."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." if node.level else str(node.module).split(".")[0]
        elif isinstance(node, ast.Name) and node.id == "__import__":
            yield node.id


def unpaired(names: Collection[str], pairs: Collection[Pair]) -> list[str]:
    """The public names that no pair compares."""
    paired = {name for pair in pairs for name in (pair.hand.__name__, pair.twin.__name__)}
    return [name for name in names if name not in paired]


def test_the_files_are_found() -> None:
    assert {"manual/rnn.py", "compare/pairs.py", DOOR} <= set(FILES)
    assert "tiny_autograd_rnn/rnn.py" in PURE


@pytest.mark.parametrize("name", PURE)
def test_the_twins_are_pure_functions(name: str) -> None:
    assert not list(impurities(FILES[name]))


@pytest.mark.parametrize(
    "source",
    [
        "class A: pass",
        "def f():\n    global x",
        "def f():\n    x = 0\n    def g():\n        nonlocal x",
        "a[0] = 1",
        "a.b = 1",
        "a, (b[0], *c.d) = e",
        "a[0]: int = 1",
        "del a[0]",
        "for a[0] in b: pass",
        "with a as b.c: pass",
        "a += 1",
    ],
)
def test_an_impurity_is_noticed(source: str) -> None:
    assert list(impurities(source))


@pytest.mark.parametrize("name", [n for n in FILES if not n.startswith("compare/") and n not in (DOOR, SCRIPT)])
def test_each_side_imports_only_what_it_may(name: str) -> None:
    allowed = ALLOWED[name.split("/")[0]]
    assert set(imported(FILES[name])) <= allowed | STANDARD


def test_the_door_names_the_comparison_only_as_a_string() -> None:
    assert not set(imported(FILES[DOOR])) & {"manual", "compare", "."}
    assert '"compare.cli"' in FILES[DOOR]
    assert set(imported(FILES[SCRIPT])) == {"tiny_autograd_rnn_door"}


def test_an_import_is_noticed_wherever_it_stands() -> None:
    source = "import a.b, c\ndef f():\n    from d.e import g\n    from . import h\n    return __import__('i')"
    assert sorted(imported(source)) == [".", "__import__", "a", "c", "d"]


@pytest.mark.parametrize("module", [manual, tiny_autograd_rnn], ids=lambda module: module.__name__)
def test_every_public_name_has_a_pair(module: object) -> None:
    names: Sequence[str] = vars(module)["__all__"]
    assert names
    assert not unpaired(names, PAIRS)
    sides = {side for pair in PAIRS for side in (pair.hand, pair.twin)}
    assert all(getattr(module, name) in sides for name in names)


@pytest.mark.parametrize("name", [*manual.__all__, *tiny_autograd_rnn.__all__])
def test_a_missing_pair_is_noticed(name: str) -> None:
    rest = [pair for pair in PAIRS if name not in (pair.hand.__name__, pair.twin.__name__)]
    assert unpaired([name], rest) == [name]
    assert unpaired([*manual.__all__, "Unpaired"], PAIRS) == ["Unpaired"]


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.layer], ids=lambda pair: pair.title)
def test_a_hand_is_built_from_what_its_twin_learns_in_the_same_order(pair: Pair) -> None:
    parameters = inspect.signature(pair.hand).parameters.values()
    built = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert built == [argument.name for argument in pair.signature.params]


@pytest.mark.parametrize("name", FILES)
def test_no_file_is_over_300_lines(name: str) -> None:
    assert len(FILES[name].splitlines()) <= 300
