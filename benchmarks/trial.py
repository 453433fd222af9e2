"""One mutant put to the comparison, in a process of its own that may hang, crash or eat memory."""

import ast
import functools
import importlib
import os
import resource
import signal
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import compare.chunks
import compare.judge
from benchmarks.mutants import Mutant
from compare.cases import cases
from compare.chunks import Chunked
from compare.inputs import Case
from compare.pair import Pair
from compare.pairs import PAIRS
from compare.reference import Reference, reference

SECONDS = 60
MEMORY = 2**30
DTYPES = (np.float64, np.float32)
FOLDER = Path(__file__).parents[1] / "manual"
# read once, so that nobody's editing during a run is taken for a fault
SOURCES = {p.name: p.read_text(encoding="utf-8") for p in sorted(FOLDER.glob("*.py")) if p.name != "__init__.py"}


@functools.cache
def imported(module: str) -> frozenset[str]:
    """The modules of `manual` that this one is made of, itself included."""
    spec = find_spec(module)
    assert spec is not None
    nodes = ast.walk(ast.parse(Path(spec.origin or "").read_text(encoding="utf-8")))
    names = [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return frozenset([module]).union(*(imported(name) for name in names if name.startswith("manual.")))


def reached(file: str) -> list[Pair]:
    """The pairs whose hand is made of this file, the quick ones first."""
    module = f"manual.{Path(file).stem}"
    return [pair for pair in PAIRS if module in imported(_class(pair).__module__)]


def prepare(sources: Mapping[str, str], files: Sequence[str]) -> None:
    """Make this process ready for mutants of these files: the twins are asked before the first mutant is born."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    SOURCES.update(sources)
    ask_twins([pair for pair in PAIRS if any(pair in reached(file) for file in files)])


def caught_by(mutant: Mutant) -> str:
    """What caught a mutant; nothing if it survives."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _child(mutant, write)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as told:
        answer = told.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return f"no end within {SECONDS} s" if number == signal.SIGALRM else f"killed by signal {number}"
    return answer


def _child(mutant: Mutant, write: int) -> None:
    """Never returns: tells its answer and ends."""
    # the alarm kills, even in the middle of a computation in C
    signal.alarm(SECONDS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    answer = ""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            answer = compared(mutant)
    except BaseException as error:  # a mutant may fail in any way
        answer = f"{type(error).__name__}: {error}"
    os.write(write, answer.encode()[:4000])
    os._exit(0)


def compared(mutant: Mutant) -> str:
    """What the comparison says of a mutant, in this process: the first tensor or duty that is not kept.

    What the twin gives is asked once for all mutants, as it is the same. Memory that `np.empty` leaves as it was is
    filled with NaN, so that nothing rests on what happens to be there.
    """
    untouched = reached(mutant.file)
    plant(mutant)
    for name in ("empty", "empty_like"):
        setattr(np, name, _poisoned(getattr(np, name)))
    compare.judge.reference = twin_says  # type: ignore[attr-defined]
    pairs = [_of_mutated(pair) for pair in untouched]
    # one case each first: most mutants go no further
    for pair in pairs:
        case = cases(pair, 1)[0]
        for row in compare.judge.judge(pair, twin_says(pair, case, np.float64)):
            if not row.ok:
                return f"{pair.title}: {row.name} {row.note}".strip()
    for dtype in DTYPES:
        for pair in pairs:
            for row in compare.judge.compare_pair(pair, dtype).tensors:
                if not row.ok:
                    return f"{pair.title} in {np.dtype(dtype).name}: {row.name} {row.note}".strip()
    return ""


_known: dict[tuple[Any, ...], Reference] = {}


def twin_says(pair: Pair, case: Case, dtype: Any) -> Reference:
    """The reference, the same for every mutant of a pair."""
    key = (pair.title, case.name, case.seed, np.dtype(dtype).name)
    if key not in _known:
        _known[key] = reference(pair, case, dtype)
        # asked for now, or every mutant that is caught would ask anew
        _known[key].resolves()
    return _known[key]


def ask_twins(pairs: Sequence[Pair]) -> None:
    """Have all references known before the first mutant is born."""
    for pair in pairs:
        for dtype in DTYPES:
            for case in cases(pair, 3):
                twin_says(pair, case, dtype)


class _Planted(MetaPathFinder, Loader):
    """Finds modules whose sources it was given, instead of files."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = {f"manual.{Path(file).stem}": source for file, source in sources.items()}

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        return spec_from_loader(fullname, self) if fullname in self.sources else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.sources[module.__name__], f"<{module.__name__}, planted>", "exec"), module.__dict__)


def plant(mutant: Mutant) -> None:
    """Import `manual` anew, with one module changed."""
    for name in [name for name in sys.modules if name == "manual" or name.startswith("manual.")]:
        del sys.modules[name]
    finder = _Planted({**SOURCES, mutant.file: mutant.source})
    sys.meta_path.insert(0, finder)
    try:
        importlib.import_module("manual")
    finally:
        sys.meta_path.remove(finder)


def _class(pair: Pair) -> Any:
    """The class in `manual` that a pair is about: of a chunked model, the model's."""
    hand: Any = pair.hand
    return hand.model.hand if issubclass(hand, Chunked) else hand


def _of_mutated(pair: Pair) -> Pair:
    hand: Any = pair.hand
    mutated = getattr(sys.modules[_class(pair).__module__], _class(pair).__name__)
    if issubclass(hand, Chunked):
        mutated = type(hand.__name__, (hand,), {"model": replace(hand.model, hand=mutated)})
    return replace(pair, hand=mutated, name=pair.title)


def _poisoned(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def poisoned(*args: Any, **kwargs: Any) -> Any:
        array = function(*args, **kwargs)
        array.fill(np.nan if np.issubdtype(array.dtype, np.inexact) else 10**6)
        return array

    return poisoned
