"""The step by torch, as its own modules take it."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from compare.agreement import Array
from compare.bench.contenders.step import Step
from compare.bench.problem import Problem
from compare.gates import reorder


def build(problem: Problem, threads: int) -> Step:
    """nn.Embedding, nn.RNN or nn.LSTM, nn.Linear, cross_entropy."""
    torch.set_num_threads(threads)
    N, T, D, H, V = problem.shape
    lstm = problem.recurrent == "lstm"
    embedding, linear = nn.Embedding(V, D), nn.Linear(H, V)
    recurrent = (nn.LSTM if lstm else nn.RNN)(D, H, batch_first=True)
    embed_W, Wx, Wh, b, W, c = problem.params
    own = [embedding.weight, recurrent.weight_ih_l0, recurrent.weight_hh_l0, recurrent.bias_ih_l0, *linear.parameters()]
    gates = [reorder(w, "fgio", "ifgo") if lstm else w for w in (Wx, Wh, b)]
    # a second bias, of which ours is one half and this the other
    values = [embed_W, gates[0].T, gates[1].T, gates[2], W.T, c]
    with torch.no_grad():
        for parameter, value in zip(own, values, strict=True):
            parameter.copy_(torch.from_numpy(np.ascontiguousarray(value)))
        recurrent.bias_hh_l0.zero_()
    xs, ts = torch.from_numpy(problem.xs), torch.from_numpy(problem.ts)
    model, latest = nn.ModuleList([embedding, recurrent, linear]), [torch.zeros(())]

    def take() -> None:
        model.zero_grad(set_to_none=True)
        hs, _ = recurrent(embedding(xs))
        latest[0] = nn.functional.cross_entropy(linear(hs).view(N * T, V), ts.view(N * T))
        latest[0].backward()

    def grads() -> Sequence[Array]:
        found = [parameter.grad.numpy() for parameter in own if parameter.grad is not None]
        gated = [reorder(g, "ifgo", "fgio") if lstm else g for g in (found[1].T, found[2].T, found[3])]
        return [found[0], *gated, found[4].T, found[5]]

    return Step(take, lambda: float(latest[0].detach()), grads)
