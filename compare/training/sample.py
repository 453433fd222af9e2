"""Text from a trained model, token by token."""

from collections.abc import Sequence

import numpy as np

from compare.errors import DivergedError
from compare.training.checkpoint import Model
from compare.training.text import JOINED_BY, UNKNOWN

# by kind of token
DEFAULT_LENGTH = {"chars": 300, "words": 60}


def sample(
    model: Model, length: int, temperature: float, seed: int, prompt: Sequence[int] = (0,), top_k: int | None = None
) -> str:
    """`length` tokens after the ids of the prompt, each drawn from p ∝ exp(scores / temperature).

    A low temperature prefers likely tokens, 1 draws as the model learned; with `top_k` only the k likeliest are
    drawn. '<unk>' is never drawn.

    Raises DivergedError where the parameters are so large that a score is not finite.
    """
    rng = np.random.default_rng([seed, 1])
    network = model.architecture.hand(*model.params)
    tokens = model.vocabulary.tokens
    drawable = np.array([token != UNKNOWN for token in tokens]) | (len(tokens) == 1)
    drawn: list[int] = []
    for _ in range(length):
        with np.errstate(over="ignore", invalid="ignore"):
            for token in drawn[-1:] or prompt:
                scores = network.predict(np.array([[token]]))[0, 0].astype(np.float64)
        if not np.isfinite(scores).all():
            raise DivergedError("sampling failed: the model's scores are not finite; train it anew with a lower --lr")
        scores = np.where(drawable, scores, -np.inf)
        if top_k:
            # of equals the earlier token, so that never more than k are drawn
            scores[np.argsort(-scores, kind="stable")[top_k:]] = -np.inf
        # a score far below the largest is −∞ at a low temperature, and its probability 0
        with np.errstate(over="ignore"):
            p = np.exp((scores - scores.max()) / temperature)
        drawn.append(int(rng.choice(len(tokens), p=p / p.sum())))
    return JOINED_BY[model.kind].join(tokens[i] for i in drawn)
