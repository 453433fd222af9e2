"""An independent voice: torch computes the same outputs and the same gradients as every hand and every twin."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gated_peers as gated
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import manual
import manual.clip
import tiny_autograd_rnn as pure
from compare.agreement import relative_error
from compare.cases import cases, sizes
from compare.inputs import Case, Inputs, draw
from compare.pair import Pair
from compare.pairs import MODELS, PAIRS
from compare.reference import reference
from compare.runs import Run, run_hand, run_twin

torch = pytest.importorskip("torch", reason="torch, the extra `peers`, is not installed")
torch.set_num_threads(1)

TOLERANCE = {np.float64: 1e-13, np.float32: 2e-5}
F = torch.nn.functional
TIME_SOFTMAX = next(pair for pair in PAIRS if pair.hand is manual.TimeSoftmaxWithLoss)


# weights transposed, and two biases of which only the sum counts
def rnn(x: Any, h_prev: Any, Wx: Any, Wh: Any, b: Any) -> Any:
    cell = torch.nn.RNNCell(*Wx.shape, nonlinearity="tanh", dtype=Wx.dtype)
    weights = {"weight_ih": Wx.T, "weight_hh": Wh.T, "bias_ih": b / 2, "bias_hh": b / 2}
    return torch.func.functional_call(cell, weights, (x, h_prev))


def time_rnn(xs: Any, h0: Any, Wx: Any, Wh: Any, b: Any) -> Any:
    net = torch.nn.RNN(*Wx.shape, nonlinearity="tanh", batch_first=True, dtype=Wx.dtype)
    weights = {"weight_ih_l0": Wx.T, "weight_hh_l0": Wh.T, "bias_ih_l0": b / 2, "bias_hh_l0": b / 2}
    hs, _ = torch.func.functional_call(net, weights, (xs, h0[None]))
    return hs


def embedding(ids: Any, W: Any) -> Any:
    return F.embedding(ids, W)


def affine(x: Any, W: Any, b: Any) -> Any:
    return F.linear(x, W.T, b)


def softmax(x: Any) -> Any:
    return F.softmax(x, dim=-1)


def time_softmax_with_loss(xs: Any, ts: Any, ignore_label: int = -1) -> Any:
    scores = xs.flatten(0, 1)
    if ts.ndim == 3:
        return F.cross_entropy(scores, ts.flatten(0, 1).to(xs.dtype))
    return F.cross_entropy(scores, ts.flatten(), ignore_index=ignore_label)


def time_affine_softmax_with_loss(hs: Any, ts: Any, W: Any, b: Any, ignore_label: int = -1) -> Any:
    return time_softmax_with_loss(affine(hs, W, b), ts, ignore_label)


def softmax_with_loss(x: Any, t: Any) -> Any:
    return F.cross_entropy(x, t.to(x.dtype) if t.ndim == 2 else t)


def sigmoid_with_loss(x: Any, t: Any) -> Any:
    return F.binary_cross_entropy_with_logits(x, t.to(x.dtype))


# F.dropout draws its own mask
def dropout(x: Any, mask: Any, ratio: float = 0.5, train: bool = True) -> Any:
    return x * (mask if mask.ndim == x.ndim else mask[:, None]) / (1 - ratio) if train else x


def layer_norm(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> Any:
    if len(gamma) > 1:
        return F.layer_norm(x, gamma.shape, gamma, beta, eps)
    # of a single number it makes rounding where 0 is right: x̂ = x r − μ r
    return gamma * (x - x) / torch.sqrt(0 * x + eps) + beta


# clip_grad_norm_ is not differentiable; its result has a test of its own
def clip_grads(dW: Any, db: Any, max_norm: float = 1.0) -> Any:
    # in float64, where huge squares are numbers; the square root has no derivative at 0
    norm = torch.linalg.vector_norm(torch.cat([dW.flatten(), db]).double())
    s = (max_norm / norm).to(dW.dtype) if norm > max_norm else 1.0
    return dW * s, db * s


def simple_rnnlm(xs: Any, ts: Any, h0: Any, *params: Any, ignore_label: int = -1) -> Any:
    embed_W, rnn_Wx, rnn_Wh, rnn_b, affine_W, affine_b = params
    hs = time_rnn(embedding(xs, embed_W), h0, rnn_Wx, rnn_Wh, rnn_b)
    return time_softmax_with_loss(affine(hs, affine_W, affine_b), ts, ignore_label), hs[:, -1]


def chunks(pair: Pair) -> Callable[..., Any]:
    """The peer of a chunked model: torch's model over each chunk, detached or not at the borders."""
    hand: Any = pair.hand
    model, truncated = hand.model, hand.truncated

    def chained(*arrays: Any, ignore_label: int = -1, **options: Any) -> Any:
        given = dict(zip((a.name for a in model.signature.arguments), arrays, strict=True))
        states = [a.name for a in model.signature.states]
        data = [a.name for a in model.signature.data if a.name not in states]
        total = 0
        for k in range(len(given["xs"])):
            chunk = {**given, **{name: given[name][k] for name in data}}
            loss, *carried = PEERS[model.twin](*chunk.values(), ignore_label=ignore_label, **options)
            # with every label ignored torch's loss is NaN, ours 0
            total = total + loss if (chunk["ts"] != ignore_label).any() else total
            given |= zip(states, (h.detach() if truncated else h for h in carried), strict=True)
        return total

    return chained


PEERS: dict[Callable[..., Any], Callable[..., Any]] = {
    pure.rnn: rnn,
    pure.time_rnn: time_rnn,
    pure.embedding: embedding,
    pure.time_embedding: embedding,
    pure.matmul: torch.matmul,
    pure.affine: affine,
    pure.time_affine: affine,
    pure.sigmoid: torch.sigmoid,
    pure.tanh: torch.tanh,
    pure.relu: F.relu,
    pure.softmax: softmax,
    pure.softmax_with_loss: softmax_with_loss,
    pure.time_softmax_with_loss: time_softmax_with_loss,
    pure.time_affine_softmax_with_loss: time_affine_softmax_with_loss,
    pure.sigmoid_with_loss: sigmoid_with_loss,
    pure.time_sigmoid_with_loss: sigmoid_with_loss,
    pure.dropout: dropout,
    pure.time_dropout: dropout,
    pure.layer_norm: layer_norm,
    pure.clip_grads: clip_grads,
    pure.lstm: gated.lstm,
    pure.time_lstm: gated.time_lstm,
    pure.time_stacked_lstm: gated.time_stacked_lstm,
    pure.time_bilstm: gated.time_bilstm,
    pure.gru: gated.gru,
    pure.time_gru: gated.time_gru,
    pure.simple_rnnlm: simple_rnnlm,
    pure.rnnlm: gated.language_model(embedding, affine, time_softmax_with_loss, states=2),
    pure.gru_rnnlm: gated.language_model(embedding, affine, time_softmax_with_loss, states=1),
    pure.better_rnnlm: gated.better_model(embedding, affine, time_softmax_with_loss, dropout),
}
PEERS |= {pair.twin: chunks(pair) for pair in PAIRS if not pair.layer}


def run_peer(pair: Pair, inputs: Inputs) -> Run:
    """Torch's outputs, and its gradients for the inputs' cotangents."""
    tensors = {name: torch.from_numpy(array.copy()) for name, array in inputs.arguments.items()}
    floats = {a.name: tensors[a.name].requires_grad_() for a in pair.signature.arguments if a.floats}
    options = {**pair.options, **inputs.case.options}
    known = {name: value for name, value in options.items() if name in pair.signature.options}
    value = PEERS[pair.twin](*tensors.values(), **known)
    values = value if isinstance(value, tuple) else (value,)
    names = [output.name for output in pair.signature.outputs]
    cotangents = [torch.from_numpy(np.array(inputs.cotangents[name])) for name in names]
    grads = torch.autograd.grad(values, list(floats.values()), cotangents)
    return Run(
        {name: value.detach().numpy() for name, value in zip(names, values, strict=True)},
        {f"d{name}": grad.numpy() for name, grad in zip(floats, grads, strict=True)},
    )


def disagreements(pair: Pair, inputs: Inputs, slack: float = 1) -> list[str]:
    """The tensors of the hand and of the twin that are further from torch's than rounding explains."""
    peer = run_peer(pair, inputs).tensors
    exact = run_twin(pair, inputs.astype(np.longdouble)).tensors
    found = []
    for side, run in (("hand", run_hand(pair, inputs)), ("twin", run_twin(pair, inputs))):
        assert list(run.tensors) == list(peer)
        for name, tensor in run.tensors.items():
            assert (tensor.shape, tensor.dtype) == (peer[name].shape, peer[name].dtype), name
            error = relative_error(tensor, peer[name])
            # what cancels (the dx of a row of two normalised numbers) has few digits left, on any side
            rounding = 10 * relative_error(run_twin(pair, inputs).tensors[name], exact[name])
            if error > slack * max(TOLERANCE[inputs.dtype.type], rounding):
                found.append(f"{side}: {name} {error:.1e}")
    return found


def tried(pair: Pair) -> list[Case]:
    """Several seeds, axes all different, each axis at 1 in turn, special values; all ignored has its own test."""
    base = sizes(pair.signature)
    other = {axis: 3 + 3 * i for i, axis in enumerate(reversed(base))}
    found = [*cases(pair, seeds=2), Case("other sizes", other, seed=9)]
    return [case for case in found if case.special != "all ignored"]


def test_torch_has_a_say_on_every_pair() -> None:
    assert set(PEERS) == {pair.twin for pair in PAIRS}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(
    ("pair", "case"),
    [pytest.param(pair, case, id=f"{pair.title}: {case.name}") for pair in PAIRS for case in tried(pair)],
)
def test_hand_and_twin_agree_with_torch(pair: Pair, case: Case, dtype: Any) -> None:
    assert not disagreements(pair, draw(pair.signature, case).astype(dtype))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.layer], ids=lambda pair: pair.title)
def test_hand_and_twin_agree_with_torch_at_any_size(pair: Pair, dtype: Any) -> None:
    @settings(max_examples=6, deadline=None, derandomize=True, database=None)
    @given(st.tuples(*(st.integers(1, 9) for _ in pair.signature.axes)), st.integers(0, 999))
    def agree(drawn: tuple[int, ...], seed: int) -> None:
        case = Case("", dict(zip(pair.signature.axes, drawn, strict=True)), seed)
        # a small sum may cancel and leave fewer digits
        assert not disagreements(pair, reference(pair, case, dtype).inputs, slack=100)

    agree()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("favourite", [0, 4])
def test_a_language_model_that_is_sure_agrees_with_torch(favourite: int, dtype: Any) -> None:
    pair = MODELS[0]
    inputs = draw(pair.signature, Case("sure", sizes(pair.signature)))
    # every probability but one underflows
    inputs.arguments["affine_b"][...] = -1e4
    inputs.arguments["affine_b"][favourite] = 1e4
    assert not disagreements(pair, inputs.astype(dtype))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("pair", [TIME_SOFTMAX, MODELS[0]], ids=lambda pair: pair.title)
def test_with_all_labels_ignored_torch_has_no_number_and_ours_are_0(pair: Pair, dtype: Any) -> None:
    case = Case("all ignored", sizes(pair.signature), special="all ignored")
    inputs = draw(pair.signature, case).astype(dtype)
    inputs = replace(inputs, cotangents={n: c if n == "loss" else 0 * c for n, c in inputs.cotangents.items()})
    assert np.isnan(run_peer(pair, inputs).outputs["loss"])
    for run in (run_hand(pair, inputs), run_twin(pair, inputs)):
        assert run.outputs["loss"] == 0
        assert run.outputs["loss"].dtype == dtype
        assert not any(grad.any() for grad in run.grads.values())


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("max_norm", [0.5, 1e3])
def test_clipped_gradients_are_those_of_clip_grad_norm(max_norm: float, dtype: Any) -> None:
    rng = np.random.default_rng(0)
    grads = [rng.normal(size=shape).astype(dtype) for shape in ((3, 4), (4,), (2, 3, 5))]
    params = [torch.nn.Parameter(torch.zeros(grad.shape, dtype=torch.from_numpy(grad).dtype)) for grad in grads]
    for param, grad in zip(params, grads, strict=True):
        param.grad = torch.from_numpy(grad.copy())
    norm = float(torch.nn.utils.clip_grad_norm_(params, max_norm))
    # torch divides by norm + 1e-6, so that its result is a little shorter
    s = (norm + 1e-6) / norm if norm > max_norm else 1.0
    for ours, param in zip(manual.clip.clipped(grads, max_norm), params, strict=True):
        assert relative_error(ours, (param.grad * s).numpy()) < TOLERANCE[dtype]


class WithoutTheFuture(manual.TimeRNN):
    """A hand that forgets the gradient of the first state's second reader."""

    def backward(self, dhs: Any) -> Any:
        dxs = super().backward(dhs)
        dxs[:, 0], _ = self.layers[0].backward(dhs[:, 0])
        return dxs


def test_torch_does_not_agree_with_a_wrong_hand() -> None:
    (pair,) = (replace(pair, hand=WithoutTheFuture) for pair in PAIRS if pair.hand is manual.TimeRNN)
    found = disagreements(pair, draw(pair.signature, cases(pair)[0]))
    assert [text.split()[:2] for text in found] == [["hand:", "dxs"]]
