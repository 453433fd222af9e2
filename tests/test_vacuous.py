"""Who is blamed where the hand is not alone at fault, what a comparison promises to catch, and when it is void."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

import numpy as np
import pytest
from autograd.extend import defvjp, primitive

import compare.judge
import compare.reference
import manual
from compare.agreement import precision
from compare.cases import cases, left_out, sizes
from compare.inputs import Case, Inputs, draw
from compare.judge import compare_pair, judge
from compare.pair import Pair
from compare.pairs import PAIRS
from compare.reference import reference
from compare.report import PairReport
from compare.rounding import PROMISE
from compare.runs import Run, run_hand
from tiny_autograd_rnn.affine import affine
from tiny_autograd_rnn.signature import Array, Float, specified, unchecked

PAIR = {pair.title: pair for pair in PAIRS}
each_dtype = pytest.mark.parametrize("dtype", [np.float64, np.float32])
each_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.title)


def times(factor: float) -> Any:
    """The identity as an autograd primitive whose derivative is wrong by a factor."""

    @primitive  # type: ignore[untyped-decorator]
    def identity(x: Any) -> Any:
        return x * 1

    defvjp(identity, lambda ans, x: lambda g: g * factor)
    return identity


slightly_off, doubled = times(1 + 1e-8), times(2)


@specified
def affine_slightly_off(x: Float[Array, "N D"], /, W: Float[Array, "D H"], b: Float[Array, "H"]) -> Float[Array, "N H"]:
    """out = x W + b, with dW off by 1e-8"""
    return unchecked(affine)(x, slightly_off(W), b)


@specified
def affine_doubled(x: Float[Array, "N D"], /, W: Float[Array, "D H"], b: Float[Array, "H"]) -> Float[Array, "N H"]:
    """out = x W + b, with dW twice as large"""
    return unchecked(affine)(x, doubled(W), b)


@specified
def affine_cancelling(x: Float[Array, "N D"], /, W: Float[Array, "D H"], b: Float[Array, "H"]) -> Float[Array, "N H"]:
    """out = x W + b, with half of its digits lost"""
    return (unchecked(affine)(x, W, b) + 1e8) - 1e8


@specified
def two_outputs(
    x: Float[Array, "N D"], /, W: Float[Array, "D H"], b: Float[Array, "H"]
) -> tuple[Float[Array, "N H"], Annotated[Float[Array, "N H"], "h"]]:
    """out = x W + b, h = out, as a plain tuple"""
    out = unchecked(affine)(x, W, b)
    return out, out


class DoubledAffine(manual.Affine):
    def backward(self, dout: Any) -> Any:
        dx = super().backward(dout)
        self.grads[0] *= 2
        return dx


class ForgetsTheBias(manual.Affine):
    def forward(self, x: Any) -> Any:
        return super().forward(x) - self.params[1]


def blamed(report: PairReport) -> dict[str, str | None]:
    """The rows that are not well, and the blame."""
    assert not report.ok
    return {row.name: row.blame for row in report.tensors if not row.ok}


@each_dtype
@each_pair
def test_the_right_pairs_agree(pair: Pair, dtype: Any) -> None:
    assert compare_pair(pair, dtype, seeds=1).ok


def test_a_wrong_derivative_in_the_twin_is_blamed_on_the_twin() -> None:
    assert blamed(compare_pair(replace(PAIR["Affine"], twin=affine_slightly_off))) == {"dW": "twin"}
    assert blamed(compare_pair(replace(PAIR["Affine"], twin=affine_doubled))) == {"dW": "twin"}


def test_a_twin_whose_rounding_hides_the_promised_error_is_blamed_on_the_twin() -> None:
    wrong = blamed(compare_pair(replace(PAIR["Affine"], twin=affine_cancelling), seeds=1))
    assert wrong == {"out": "twin", "dx": "forward", "dW": "forward", "db": "forward"}


def test_gradients_of_another_forward_pass_are_not_judged() -> None:
    wrong = blamed(compare_pair(replace(PAIR["Affine"], hand=ForgetsTheBias)))
    assert wrong == {"out": "hand", "dx": "forward", "dW": "forward", "db": "forward"}


def test_the_same_wrong_gradient_on_both_sides_is_blamed_on_both() -> None:
    wrong = blamed(compare_pair(replace(PAIR["Affine"], hand=DoubledAffine, twin=affine_doubled)))
    assert wrong == {"dW": "both"}


def test_a_twin_that_returns_a_plain_tuple_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"two_outputs: autograd sees no way .* not a plain tuple"):
        compare_pair(replace(PAIR["Affine"], twin=two_outputs))


@each_dtype
@each_pair
def test_the_promised_error_is_caught_in_every_tensor(pair: Pair, dtype: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # the models are made of the same layers, and have many tensors
    model = pair.family == "model"
    chosen = cases(pair, 1)[:2] if model else [case for case in cases(pair, 1) if case.sizes.get("T", 0) < pair.long]
    references = [reference(pair, case, dtype) for case in chosen]
    for name in references[0].run.tensors:
        monkeypatch.setattr(compare.judge, "run_hand", off_by_the_promise(name, PROMISE[precision(dtype)]))
        for ref in references:
            found = {row.name: row for row in judge(pair, ref)}
            assert not found[name].ok, (name, ref.inputs.case.name)


def off_by_the_promise(name: str, promise: float) -> Callable[[Pair, Inputs], Run]:
    """run_hand, with one element of one tensor wrong by a part of the largest."""

    def planted(pair: Pair, inputs: Inputs) -> Run:
        run = run_hand(pair, inputs)
        array = np.array(run.tensors[name])
        # toward 0 for the largest element itself, so that the scale stays
        at = int(np.random.default_rng(inputs.case.seed).integers(array.size))
        array.flat[at] -= np.copysign(promise * (np.abs(array).max() or 1), array.flat[at])
        parts = [{**part, name: array} if name in part else part for part in (run.outputs, run.grads)]
        return Run(*parts)

    return planted


def untried(pair: Pair, chosen: Case, inputs: Inputs) -> tuple[list[str], list[str]]:
    """What left_out says of the inputs, and what compare_pair adds to the report when it has drawn them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compare.reference, "draw", lambda signature, case: inputs)
        wrong = blamed(compare_pair(pair, chosen=[chosen]))
    assert set(wrong.values()) == {"inputs"}
    return list(left_out(pair.signature, [inputs])), [name.removeprefix("not tried: ") for name in wrong]


def drawn(title: str, **changes: int) -> tuple[Pair, Case, Inputs]:
    """A pair, a case with some axes of another size, and its inputs."""
    case = Case("poor", {**sizes(PAIR[title].signature), **changes})
    return PAIR[title], case, draw(PAIR[title].signature, case)


def test_equal_axes_are_not_enough() -> None:
    pair, case, inputs = drawn("Affine", N=4, D=4, H=4)
    missing = ["axes of different sizes: equal ones hide a transpose"]
    assert untried(pair, case, inputs) == (missing, missing)


@pytest.mark.parametrize(("title", "name"), [("Embedding", "ids"), ("TimeEmbedding", "xs"), ("SimpleRnnlm", "xs")])
def test_ids_that_never_repeat_are_not_enough(title: str, name: str) -> None:
    missing = [f"repeated ids in {name}"]
    assert untried(*drawn(title, N=1)) == (missing, missing)


def test_labels_of_which_none_is_ignored_are_not_enough() -> None:
    pair, case, inputs = drawn("TimeSoftmaxWithLoss")
    ts = np.maximum(inputs.arguments["ts"], 0)
    missing = ["logits xs so far apart that probabilities underflow", "ignored labels among others in ts"]
    inputs = replace(inputs, arguments={**inputs.arguments, "ts": ts})
    assert untried(pair, case, inputs) == (missing, missing)


def with_arguments(inputs: Inputs, **arguments: Any) -> Inputs:
    return replace(inputs, arguments={**inputs.arguments, **arguments})


@pytest.mark.parametrize("title", ["SigmoidWithLoss", "TimeSigmoidWithLoss"])
@pytest.mark.parametrize("number", [0, 1])
def test_targets_of_one_kind_are_not_enough(title: str, number: int) -> None:
    pair, case, inputs = drawn(title)
    name = pair.signature.data[1].name
    inputs = with_arguments(inputs, **{name: np.full_like(inputs.arguments[name], number)})
    logits = pair.signature.data[0].name
    missing = [f"logits {logits} so far apart that probabilities underflow", f"a {1 - number} in {name}"]
    assert untried(pair, case, inputs) == (missing, missing)


def kept(title: str, *masks: str) -> list[str]:
    """What is not tried where a layer with dropout is compared on these masks, at a ratio of 0.2 and in training."""
    pair = PAIR[title]
    base = sizes(pair.signature)
    chosen = [Case(mask, base, special=mask, options={"ratio": 0.2}) for mask in masks]
    return [name.removeprefix("not tried: ") for name in blamed(compare_pair(pair, chosen=chosen))]


@pytest.mark.parametrize("title", ["Dropout", "TimeDropout"])
def test_one_kind_of_mask_is_not_enough(title: str) -> None:
    steps = ["a mask mask that differs from step to step"] if title == "TimeDropout" else []
    assert kept(title, "some") == ["a mask mask that keeps all", "a mask mask that keeps none", *steps]
    assert kept(title, "mask keeps all", "mask keeps none") == ["a mask mask that keeps some", *steps]
    assert kept(title, "some", "mask keeps none") == ["a mask mask that keeps all", *steps]


def test_logits_that_are_never_sure_are_not_enough() -> None:
    pair, case, inputs = drawn("Relu")
    missing = ["logits x so far apart that probabilities underflow"]
    assert untried(pair, case, inputs) == (missing, missing)


def test_a_ratio_of_a_half_is_not_enough() -> None:
    pair = PAIR["Dropout"]
    chosen = [case for case in cases(pair, 1) if case.options.get("ratio", 0) == 0]
    assert blamed(compare_pair(pair, chosen=chosen)) == {
        "not tried: a ratio that drops some and is not its own complement": "inputs"
    }


def test_clipping_alone_and_none_at_all_are_not_enough() -> None:
    pair = PAIR["ClipGrads"]

    def missing(max_norm: float) -> dict[str, str | None]:
        return blamed(compare_pair(pair, chosen=[Case("", sizes(pair.signature), options={"max_norm": max_norm})]))

    always, never = (
        {
            **{f"not tried: a {name} that comes out {how}": "inputs" for name in ("dW", "db")},
            "not tried: gradients that are all zero": "inputs",
            "not tried: gradients whose squares overflow": "inputs",
        }
        for how in ("as it went in", "changed")
    )
    assert missing(1e-3) == always
    assert missing(1e3) == never


def test_a_state_of_zero_is_not_enough() -> None:
    pair, case, inputs = drawn("TimeRNN")
    zero = np.zeros_like(inputs.arguments["h0"])
    missing = ["a state h0 other than zero"]
    assert untried(pair, case, replace(inputs, arguments={**inputs.arguments, "h0": zero})) == (missing, missing)


def test_an_upstream_gradient_of_1_is_not_enough() -> None:
    pair, case, inputs = drawn("Affine")
    missing = ["an upstream gradient dout other than 1"]
    ones = {name: np.ones_like(cotangent) for name, cotangent in inputs.cotangents.items()}
    assert untried(pair, case, replace(inputs, cotangents=ones)) == (missing, missing)


def test_gradients_of_zero_are_not_enough() -> None:
    loss, rnn = PAIR["TimeSoftmaxWithLoss"], PAIR["TimeRNN"]
    ignored = Case("all ignored", sizes(loss.signature), special="all ignored")
    assert blamed(compare_pair(loss, chosen=[ignored])) == {
        "not tried: a gradient dxs other than zero": "inputs",
        "not tried: logits xs so far apart that probabilities underflow": "inputs",
        "not tried: ignored labels among others in ts": "inputs",
    }
    zero = Case("zero weights", sizes(rnn.signature), special="zero weights")
    assert blamed(compare_pair(rnn, chosen=[zero])) == {
        "not tried: a gradient dxs other than zero": "inputs",
        "not tried: a gradient dh0 other than zero": "inputs",
    }
