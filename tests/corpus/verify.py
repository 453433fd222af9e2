"""What the index says of the corpus, measured: a small judge that shares nothing with the checker but `manual/`.

`python -m corpus.verify` in `tests/` measures all of it; the tests measure the correct files and the sample.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from corpus.entries import Correct, Planted, Verdict, planted_text
from corpus.hands import COURSE, OPTIONS, STATES, Arrays, Book, Course, Inputs, copies, drawn, passed, truth
from corpus.running import as_found, namespace

Names = Mapping[str, Any]
Sizes = Mapping[str, int]

UNEQUAL: tuple[Sizes, ...] = ({"N": 4, "T": 3, "D": 5, "H": 6, "V": 7}, {"N": 2, "T": 5, "D": 7, "H": 3, "V": 4})
ONES: tuple[Sizes, ...] = tuple({**UNEQUAL[0], axis: 1} for axis in "NTDH")
WORST_FIRST: tuple[Verdict, ...] = ("incomplete", "crashes", "wrong", "fragile")
# relative to the largest element: one rounding to float32 is 6e-8, and weights of float32 are rounded everywhere
EXACT, SINGLE = 1e-11, 1e-4


def measured(entry: Correct, symbol: str, names: Names, sizes: Sequence[Sizes] = UNEQUAL) -> Verdict:
    """The verdict of a symbol of the file that has run as `names`, at the sizes given."""
    course = entry.protocol == "cs231n"
    role = COURSE[symbol] if course else entry.like.get(symbol, symbol)
    if not _complete(symbol, role, names, course):
        return "incomplete"
    if role == "TimeDropout":
        return _dropout(names[symbol])

    def made(inputs: Inputs) -> Book | Course:
        return Course(symbol, names, inputs) if course else Book(names[symbol], inputs)

    found: set[Verdict] = set()
    for size, one_hot in itertools.product(sizes, (False, True)):
        if one_hot and (course or "SoftmaxWithLoss" not in role):
            continue
        try:
            with as_found():
                found.update(_judged(made, drawn(role, size, one_hot), course))
        except NotImplementedError:
            found.add("incomplete")
        except Exception:
            found.add("crashes")
    return next((verdict for verdict in WORST_FIRST if verdict in found), "correct")


def disagreements(entry: Correct, planted: Planted | None = None) -> list[str]:
    """What a correct file, or one with a fault planted in it, measures other than the index says."""
    text = planted_text(planted) if planted else entry.text
    verdicts = {symbol: entry.verdicts(symbol) for symbol in entry.symbols} | dict(planted.verdicts if planted else {})
    broken = planted is not None and all("unparsable" in verdicts[symbol] for symbol in planted.symbols)
    try:
        names = namespace(entry.file, text)
    except SyntaxError as error:
        return [] if broken else [f"does not parse: {error}"]
    if broken:
        return ["parses"]
    sizes = UNEQUAL if planted else UNEQUAL + ONES
    found = {symbol: measured(entry, symbol, names, sizes) for symbol in entry.symbols}
    wrong = [f"{s} is {found[s]}" for s in found if "blocked" not in verdicts[s] and found[s] not in verdicts[s]]

    # what is blocked is to be right once the symbols at fault are
    blocked = [symbol for symbol in found if "blocked" in verdicts[symbol]]
    if blocked and planted:
        right = namespace(entry.file, entry.text)
        for symbol in planted.symbols:
            pair = (symbol, f"{symbol}_forward", f"{symbol}_backward")
            names.update({name: right[name] for name in pair if name in right})
        for symbol in blocked:
            mended = measured(entry, symbol, names, sizes)
            if found[symbol] == "correct" or mended not in entry.verdicts(symbol):
                wrong.append(f"{symbol} is {found[symbol]}, and {mended} without the fault")
    return wrong


def _complete(symbol: str, role: str, names: Names, course: bool) -> bool:
    if course:
        pair = [f"{symbol}_forward", f"{symbol}_backward"]
        return all(name in names for name in ([symbol] if role == "TimeSoftmaxWithLoss" else pair))
    methods = ["forward", "backward", *(["set_state", "reset_state"] if role in STATES else [])]
    return symbol in names and all(hasattr(names[symbol], method) for method in methods)


def _judged(made: Callable[[Inputs], Book | Course], inputs: Inputs, course: bool) -> Iterator[Verdict]:
    """Findings of one size: nothing more after what makes the rest meaningless."""
    options = OPTIONS.get(inputs.role.removeprefix("Time"), [{}])
    if inputs.role.endswith("GRU"):
        # tells whether there is a bias, and makes it 0 if not
        made(inputs)
    given = inputs.fresh()
    layer = made(given)
    held = list(getattr(getattr(layer, "layer", None), "grads", []))
    first = passed(layer, *given.chunks[0])
    if any(value is None for value in first.values()):
        yield "incomplete"
        return

    answers = [truth(inputs, course, option) for option in options]
    far = [_distance(first, answer[0]) for answer in answers]
    best = int(np.argmin(far))
    if far[best] > SINGLE:
        yield "wrong"
        return
    if far[best] > EXACT or not all(map(np.array_equal, given.flat(), inputs.flat())):
        yield "fragile"
    if any(
        one is not other for one, other in zip(held, getattr(getattr(layer, "layer", None), "grads", []), strict=False)
    ):
        yield "fragile"
    if isinstance(layer, Book) and inputs.states:
        yield from _begun_again(made, inputs, options[best])
    if inputs.role == "TimeSoftmaxWithLoss" and not all(_edges(made, inputs)):
        yield "fragile"
    try:
        yield from _repeated(made, inputs, answers[best])
    except Exception:
        yield "fragile"


def _begun_again(made: Callable[[Inputs], Any], inputs: Inputs, options: Mapping[str, str]) -> Iterator[Verdict]:
    """After reset_state the state is zero."""
    given, from_zero = inputs.fresh(), inputs.fresh()
    for state in from_zero.states:
        state[...] = 0
    layer = made(given)
    layer.layer.reset_state()
    if _distance(passed(layer, *given.chunks[0]), truth(from_zero, False, options)[0]) > SINGLE:
        yield "wrong"


def _edges(made: Callable[[Inputs], Book | Course], inputs: Inputs) -> Iterator[bool]:
    """Whether all is finite where all labels are ignored, and where the probability under an ignored one is 0."""
    if inputs.chunks[0][0][1].ndim == 3:
        return
    for ignored in (slice(None), 0):
        given = inputs.fresh()
        (x, labels), ups = given.chunks[0]
        labels.flat[ignored] = -1
        x[0, 0] = -2000.0
        x[0, 0, 1] = 2000.0
        yield all(np.isfinite(value).all() for value in passed(made(given), [x, labels], ups).values())


def _repeated(made: Callable[[Inputs], Book | Course], inputs: Inputs, answer: Sequence[Arrays]) -> Iterator[Verdict]:
    """A second backward pass, and a second chunk, which goes on from the state of the first."""
    given = inputs.fresh()
    layer = made(given)
    passed(layer, *given.chunks[0])
    again = layer.backward(copies(inputs.chunks[0][1]))
    if _distance(again, {name: value for name, value in answer[0].items() if name in again}) > SINGLE:
        yield "fragile"
    given = inputs.fresh()
    layer = made(given)
    passed(layer, *given.chunks[0])
    second = passed(layer, *given.chunks[1])
    # between two calls of a function nothing is carried
    if not (isinstance(layer, Course) and inputs.states) and _distance(second, answer[1]) > SINGLE:
        yield "fragile"


def _dropout(made: Any) -> Verdict:
    """Of a layer that draws its mask: the mask is what comes out of ones, and scales the gradient too."""
    layer, ones, dout = made(0.25), np.ones((4, 3, 50)), np.arange(600.0).reshape(4, 3, 50)
    mask = layer.forward(ones)
    if set(np.unique(mask)) != {0, 1 / 0.75} or not np.allclose(layer.backward(dout), dout * mask):
        return "wrong"
    layer.train_flg = False
    if not np.array_equal(layer.forward(ones), ones):
        return "wrong"
    return "correct" if np.array_equal(layer.backward(dout), dout) else "fragile"


def _distance(found: Arrays, wanted: Arrays) -> float:
    """The largest relative distance; infinite where a name is missing, but for dh0 and the bias of a GRU."""
    missing = set(wanted) - set(found) - {"dh0", "db"}
    return max([np.inf if missing else 0.0, *(_far(found[name], wanted[name]) for name in wanted if name in found)])


def _far(found: Any, wanted: Any) -> float:
    if np.shape(found) != np.shape(wanted):
        return np.inf
    far = float(np.max(np.abs(np.asarray(found) - wanted)) / (np.max(np.abs(wanted)) or 1.0))
    return far if np.isfinite(far) else np.inf


def main() -> None:
    """Print every disagreement of the whole corpus."""
    from corpus import CORRECT, PLANTED, correct_of

    for correct in CORRECT:
        for line in disagreements(correct):
            print(f"{correct.file}: {line}")
    for planted in PLANTED:
        for line in disagreements(correct_of(planted), planted):
            print(f"{planted.id}: {line}")


if __name__ == "__main__":
    main()
