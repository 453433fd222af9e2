"""Text from a trained model, token by token."""

import numpy as np

from compare.errors import DivergedError
from compare.training.checkpoint import Model
from compare.training.text import JOINED_BY, UNKNOWN
from manual import SimpleRnnlm


def sample(model: Model, length: int, temperature: float, seed: int, first: int = 0) -> str:
    """`length` tokens after the token `first`, each drawn from p ∝ exp(scores / temperature).

    A low temperature prefers likely tokens, 1 draws as the model learned; '<unk>' is never drawn.

    Raises DivergedError where the parameters are so large that a score is not finite.
    """
    rng = np.random.default_rng([seed, 1])
    network = SimpleRnnlm(*model.params)
    tokens = model.vocabulary.tokens
    drawable = np.array([token != UNKNOWN for token in tokens]) | (len(tokens) == 1)
    ids = [first]
    for _ in range(length):
        with np.errstate(over="ignore", invalid="ignore"):
            scores = network.predict(np.array([[ids[-1]]]))[0, 0].astype(np.float64)
        if not np.isfinite(scores).all():
            raise DivergedError("--sample: the model's scores are not finite; train it anew with a lower --lr")
        scores = np.where(drawable, scores, -np.inf)
        # a score far below the largest is −∞ at a low temperature, and its probability 0
        with np.errstate(over="ignore"):
            p = np.exp((scores - scores.max()) / temperature)
        ids.append(int(rng.choice(len(tokens), p=p / p.sum())))
    return JOINED_BY[model.kind].join(tokens[i] for i in ids[1:])
