"""One run of either side of a pair: outputs and gradients, as named arrays."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from autograd.differential_operators import make_vjp

from compare.agreement import Array
from compare.inputs import Inputs
from compare.pair import Pair
from tiny_autograd_rnn.signature import Argument, unchecked


@dataclass(frozen=True)
class Run:
    """Outputs by name; gradients by the name of what they belong to, a `d` in front. None: nothing came."""

    outputs: Mapping[str, Any]
    grads: Mapping[str, Any]

    @property
    def tensors(self) -> dict[str, Any]:
        """All of them, outputs first."""
        return {**self.outputs, **self.grads}


def twin_forward(pair: Pair, inputs: Inputs) -> dict[str, Any]:
    """The outputs of the pure function."""
    value = unchecked(pair.twin)(*_arrays(pair, inputs), **_options(pair, inputs))
    return _named(pair.signature.outputs, value)


def traced_twin(pair: Pair, inputs: Inputs) -> Run:
    """The pure function and its gradients by autograd, as autograd gives them: traced if the inputs are.

    Raises TypeError where the function returns a plain tuple, through which autograd sees no gradient.
    """
    signature = pair.signature
    positions = tuple(i for i, a in enumerate(signature.arguments) if a.floats)
    cotangents = tuple(inputs.cotangents[o.name] for o in signature.outputs)
    with warnings.catch_warnings(), np.errstate(over="ignore"):
        # over: autograd's tanh′ = 1/cosh² overflows for a saturated unit and rightly comes out as 0
        warnings.filterwarnings("error", message="Output seems independent of input")
        try:
            vjp, value = make_vjp(unchecked(pair.twin), argnum=positions)(
                *_arrays(pair, inputs), **_options(pair, inputs)
            )
        except UserWarning:
            raise TypeError(
                f"{pair.twin.__name__}: autograd sees no way from the output back to the inputs; a function with "
                "several outputs returns autograd.builtins.tuple(...), not a plain tuple"
            ) from None
        grads = vjp(cotangents if len(cotangents) > 1 else cotangents[0])
    names = [f"d{signature.arguments[i].name}" for i in positions]
    return Run(_named(signature.outputs, value), dict(zip(names, grads, strict=True)))


def run_twin(pair: Pair, inputs: Inputs) -> Run:
    """The pure function's outputs, and its gradients by autograd for the inputs' cotangents."""
    run = traced_twin(pair, inputs)
    return Run(*({name: np.asarray(array) for name, array in part.items()} for part in (run.outputs, run.grads)))


class Hand:
    """A handwritten layer seen through its twin's signature: data by name in, outputs and gradients by name out.

    What the twin takes as state (`h0`) goes in by `set_state`, and its gradient is read from `.dh`. Of a layer with
    a state, an output after the first is the state to carry on: it is read from `.h`, its cotangent given to
    `backward` as `dh`. A layer without one returns all its outputs, and takes all their cotangents in that order.
    """

    def __init__(self, pair: Pair, inputs: Inputs) -> None:
        self.signature = pair.signature
        outputs = self.signature.outputs
        # what the forward pass returns, and what the layer keeps as its state
        self.returned, self.carried = (outputs[:1], outputs[1:]) if self.signature.states else (outputs, ())
        self.given = self.signature.given
        params = [inputs.arguments[a.name] for a in self.signature.params]
        self.layer = pair.hand(*params, **{**pair.options, **inputs.case.options})

    def forward(self, inputs: Inputs) -> dict[str, Any]:
        """The outputs, from the state that the inputs carry in."""
        self.set_state(inputs)
        return self.forward_on(inputs)

    def set_state(self, inputs: Inputs) -> None:
        """Begin the next forward pass from the state that the inputs carry in, if the layer has one."""
        states = [inputs.arguments[a.name] for a in self.signature.states]
        if states:
            self.layer.set_state(*states)

    def forward_on(self, inputs: Inputs) -> dict[str, Any]:
        """The outputs, from whatever state the layer is in."""
        out = self.layer.forward(*(inputs.arguments[a.name] for a in self.given))
        outs = out if len(self.returned) > 1 else (out,)
        named = {o.name: outs[i] for i, o in enumerate(self.returned)}
        return {**named, **{o.name: getattr(self.layer, o.name) for o in self.carried}}

    def backward(self, cotangents: Mapping[str, Array]) -> dict[str, Any]:
        """The gradients of all data, states and parameters that have one, as copies; of states, cotangents may miss."""
        back = self.layer.backward(
            *(cotangents[o.name] for o in self.returned),
            **{f"d{o.name}": cotangents[o.name] for o in self.carried if o.name in cotangents},
        )
        returned = back if isinstance(back, tuple) else (back,)
        floats = [a for a in self.given if a.floats]
        grads = {f"d{a.name}": returned[i] if i < len(returned) else None for i, a in enumerate(floats)}
        grads |= {f"d{a.name}": getattr(self.layer, f"d{a.name[:-1]}", None) for a in self.signature.states}
        grads |= {f"d{a.name}": g for a, g in zip(self.signature.params, self.layer.grads, strict=True)}
        return {name: None if grad is None else np.array(grad) for name, grad in grads.items()}


def run_hand(pair: Pair, inputs: Inputs) -> Run:
    """The handwritten layer's outputs and gradients, for the inputs' cotangents, which it cannot change."""
    inputs = inputs.copied()
    hand = Hand(pair, inputs)
    outputs = hand.forward(inputs)
    return Run(outputs, hand.backward(inputs.cotangents))


def _arrays(pair: Pair, inputs: Inputs) -> list[Any]:
    return [inputs.arguments[a.name] for a in pair.signature.arguments]


def _options(pair: Pair, inputs: Inputs) -> dict[str, Any]:
    """The options that the twin knows; how the hand keeps its state (`stateful`) is none of them."""
    options = {**pair.options, **inputs.case.options}
    return {name: value for name, value in options.items() if name in pair.signature.options}


def _named(outputs: tuple[Argument, ...], value: Any) -> dict[str, Any]:
    values = value if len(outputs) > 1 else (value,)
    return {output.name: values[i] for i, output in enumerate(outputs)}
