"""What a file imports, and what of it it uses."""

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# found in every installation, or ours, which stand for themselves and are never a neighbour
_OURS = ("manual", "compare", "tiny_autograd_rnn")
_KNOWN = (
    *("numpy", "scipy", "matplotlib", "pandas", "sklearn", "torch", "torchvision", "tensorflow", "keras", "cupy"),
    *("jax", "autograd", "tqdm", "PIL", "cv2", "IPython", "h5py", "imageio", "nltk", "seaborn", "pytest", "six"),
)
_HOLDING = (ast.stmt, ast.excepthandler, ast.match_case)
_ELSEWHERE = {*sys.stdlib_module_names, *_KNOWN, *_OURS}


@dataclass(frozen=True)
class Import:
    """A module by its full name, the names that are taken from it, and the line that says so."""

    module: str
    names: tuple[str, ...]
    line: int

    @property
    def candidates(self) -> Iterator[str]:
        """The modules that this may mean: a name that is taken may be that of one."""
        yield self.module
        yield from (f"{self.module}.{name}".lstrip(".") for name in self.names)


def imports(tree: ast.Module, package: str = "") -> Iterator[Import]:
    """The imports of a file that is in a package, but those of what every installation has."""
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            found = [Import(alias.name, (), node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names if alias.name != "*")
            found = [Import(_absolute(node, package), names, node.lineno)]
        else:
            continue
        yield from (each for each in found if each.module.partition(".")[0] not in _ELSEWHERE)


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """What may be an import, in the order of `ast.walk`: no expression is, nor has one in it."""
    waiting: list[ast.AST] = [tree]
    for node in waiting:
        waiting += (each for each in ast.iter_child_nodes(node) if isinstance(each, _HOLDING))
    yield from waiting


def _absolute(node: ast.ImportFrom, package: str) -> str:
    """The full name; a file that is in no package finds its neighbours all the same."""
    parts = package.split(".") if package else []
    above = parts[: len(parts) - node.level + 1] if node.level and len(parts) >= node.level else []
    return ".".join([*above, *([node.module] if node.module else [])])


def used(trees: Iterable[ast.Module], package: str = "") -> Iterator[tuple[str, str]]:
    """Pairs of a module and a name that a file takes from it: by `from` or as an attribute."""
    for tree in trees:
        modules: dict[str, str] = {}
        for node in _statements(tree):
            if isinstance(node, ast.Import):
                modules |= {alias.asname or alias.name: alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                above = _absolute(node, package)
                yield from ((above, alias.name) for alias in node.names)
                modules |= {alias.asname or alias.name: f"{above}.{alias.name}".lstrip(".") for alias in node.names}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
                yield modules[node.value.id], node.attr
