"""What a layer owes its caller beside right numbers, asked of a stranger: small named checks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from compare.checking.source import Severity
from compare.checking.trial import Trial
from compare.contract._same import copies, different, with_arguments
from compare.contract.passes import (
    nothing_of_the_callers_changes,
    second_backward_gives_the_same,
    second_run_gives_the_same,
    upstream_gradient_is_linear,
    upstream_gradient_of_a_loss_is_1_by_default,
)
from compare.inputs import Case
from compare.runs import Hand


@dataclass(frozen=True)
class Broken:
    """Something that a layer owes its caller, and does not keep."""

    check: str
    message: str
    severity: Severity = "warning"
    raised: bool = False


Ask = Callable[[Trial, Case], Iterator[Broken]]


@dataclass(frozen=True)
class Check:
    """A named check, the protocols in which it can be asked, and what leaves nothing to ask: wrong numbers, or a
    backward pass that cannot be repeated. `must_run`: what it calls has to be there, and to run.
    """

    name: str
    ask: Ask
    protocols: tuple[str, ...] = ("class", "functions", "loss function")
    of_right: bool = False
    goes_back_twice: bool = False
    must_run: bool = False


def _sentences(check: Callable[..., Iterator[str]], name: str, mirrored: bool = False) -> Ask:
    """A check of our own layers' contract, asked of a stranger."""

    def ask(trial: Trial, case: Case) -> Iterator[Broken]:
        sentences = check(replace(trial, mirrored=mirrored).pair(case), trial.inputs(case))
        # what is said of one tensor after the other is said once of all
        said: dict[str, list[str]] = {}
        for sentence in sentences:
            tensor, rest = sentence.split(" ", 1) if sentence.split()[0] in tensors(trial) else ("", sentence)
            said.setdefault(rest, []).append(tensor)
        for rest, names in said.items():
            yield Broken(name, f"{', '.join(names)}{': ' * (len(names) > 1)}{' ' * (len(names) == 1)}{rest}".strip())

    return ask


def tensors(trial: Trial) -> tuple[str, ...]:
    """The names of all outputs and gradients."""
    outputs = (output.name for output in trial.signature.outputs)
    return (*outputs, *(f"d{argument.name}" for argument in trial.signature.arguments))


def _constructor(trial: Trial, case: Case) -> Iterator[Broken]:
    """`params` holds what was given, and `grads` an array of the same shape for each of them."""
    inputs = trial.inputs(case)
    layer = Hand(trial.pair(case), inputs).layer
    held, names = layer.params, [a.name for a in trial.signature.params]
    if held and [np.shape(p) for p in held] != [p.shape for p in layer.given]:
        yield Broken("constructor", f"params have the shapes {_shapes(held)}, wanted {_shapes(layer.given)}")
    found = layer.grads
    missing = [f"d{n}" for n, g in zip(names, found, strict=True) if g is None]
    if missing:
        yield Broken(
            "constructor", f"{', '.join(missing)}: there is no gradient for it before the first backward", "note"
        )
    for name, grad, param in zip(names, found, layer.given, strict=True):
        if grad is not None and grad.shape != param.shape:
            yield Broken("constructor", f"d{name} in grads has shape {grad.shape}, wanted {param.shape}, as {name}")


def _shapes(arrays: Sequence[Any]) -> str:
    return ", ".join(str(np.shape(a)) for a in arrays)


def _gradients_in_place(trial: Trial, case: Case) -> Iterator[Broken]:
    """The lists given at construction are filled: what an optimiser holds is what changes."""
    hand, inputs = Hand(trial.pair(case), trial.inputs(case)), trial.inputs(case)
    layer, names = hand.layer, [a.name for a in trial.signature.params]
    if not names:
        return
    (value,) = trial.session.read(layer.slot, "grads")
    if not isinstance(value, tuple | list):
        return
    held = trial.session.hold(layer.slot, "grads")
    hand.forward(inputs)
    grads = hand.backward(inputs.cotangents)
    olds = trial.convention.ours(trial.session.value(held), trial.signature.params)
    pairs = zip(names, olds, strict=False)
    new = [f"d{n}" for n, o in pairs if isinstance(o, np.ndarray) and not np.array_equal(o, np.asarray(grads[f"d{n}"]))]
    if new:
        yield Broken(
            "gradients_in_place",
            f"{', '.join(new)} in grads: new after backward; wanted the arrays made at construction, filled in place "
            "with [...]: an optimiser that holds the old ones sees no gradient",
        )


def _parameters_kept(trial: Trial, case: Case) -> Iterator[Broken]:
    """Neither pass changes the parameters: that is left to an optimiser."""
    hand, inputs = Hand(trial.pair(case), trial.inputs(case)), trial.inputs(case)
    names = [a.name for a in trial.signature.params]
    before = hand.layer.params if names else []
    for way in ("forward", "backward") if before else ():
        _ = hand.forward(inputs) if way == "forward" else hand.backward(inputs.cotangents)
        after = zip(names, before, hand.layer.params, strict=False)
        if changed := [name for name, then, now in after if not np.array_equal(then, now)]:
            said = f"{', '.join(changed)} in params: changed by {way}; that is left to an optimiser"
            yield Broken("parameters_changed", said, "error")
            return


def _state_carried(trial: Trial, case: Case) -> Iterator[Broken]:
    """A second sequence goes on where the first one ended, and reset_state begins from zero."""
    if not (trial.signature.states and trial.keeps_state):
        return
    inputs = trial.inputs(case)
    zero = with_arguments(inputs, {a.name: np.zeros_like(inputs.arguments[a.name]) for a in trial.signature.states})
    whole, hand = Hand(trial.pair(case), inputs), Hand(trial.pair(case), inputs)
    twice = {a.name: np.concatenate([inputs.arguments[a.name]] * 2, 1) for a in whole.given if a.name in ("xs", "ts")}
    wanted = copies(whole.forward(with_arguments(inputs, twice)))
    first, second = copies(hand.forward(inputs)), copies(hand.forward_on(inputs))
    for name in ("hs",) if "hs" in wanted else ():
        chunks = np.concatenate([first[name], second[name]], 1)
        if not np.allclose(chunks, wanted[name], rtol=1e-5, atol=1e-6):
            yield Broken(
                "state_carried", f"{name}: two chunks one after the other differ from one long sequence", "error"
            )
    hand.layer.reset_state()
    for name in different(copies(hand.forward_on(inputs)), copies(Hand(trial.pair(case), zero).forward(zero))):
        yield Broken("state_reset", f"{name}: does not begin from zero after reset_state()", "error")


def _uninitialised(trial: Trial, case: Case) -> Iterator[Broken]:
    """Two fresh layers give the same: nothing of chance, and nothing of what stood in memory before."""
    inputs = trial.inputs(case)
    runs = []
    for _ in range(2):
        hand = Hand(trial.pair(case), inputs)
        runs.append({**copies(hand.forward(inputs)), **hand.backward(inputs.cotangents)})
    for name in different(*runs):
        yield Broken("determinism", f"{name} differs between two fresh layers on the same inputs", "error")


def _single_precision(trial: Trial, case: Case) -> Iterator[Broken]:
    """float32 in, float32 out; what is widened is right all the same."""
    outcome = trial.run(case, np.float32)
    wide = [row.name for row in outcome.rows if not row.note and np.asarray(row.found).dtype == np.float64]
    if wide and trial.subject.role.protocol == "class" and not trial.subject.role.sizes:
        yield Broken("single_precision", f"float32 becomes float64 in {', '.join(wide)}", "note")
    for row in outcome.rows:
        if row.grade == "off" and not row.note:
            yield Broken(
                "single_precision", f"{row.name} is off for float32 arguments: {row.bits:.0f} of 24 bits agree"
            )


def _evaluation(trial: Trial, case: Case) -> Iterator[Broken]:
    """In evaluation dropout drops nothing, forwards and backwards, whatever was drawn before."""
    if not trial.subject.role.draws:
        return
    inputs = trial.inputs(case)
    hand = Hand(trial.pair(case), inputs)
    hand.forward(inputs)
    switch = next((a for a in trial.subject.switches), "")
    if not switch:
        return
    data, layer = inputs.arguments[trial.signature.data[0].name], hand.layer
    out = layer.evaluate(switch, data)
    scale = out.flat[0] / data.flat[0]
    if not np.allclose(out, data * scale):
        yield Broken("evaluation", f"evaluation drops units: wanted all of them with {switch} False", "error")
        return
    dout = next(iter(inputs.cotangents.values()))
    if not np.allclose(np.asarray(layer.backward(dout.copy())), dout * scale):
        yield Broken("evaluation", "the backward pass of an evaluation uses the mask of the forward pass before it")


CHECKS = (
    Check("constructor", _constructor, ("class",)),
    Check("caller's arrays", _sentences(nothing_of_the_callers_changes, "callers_arrays", mirrored=True)),
    Check("second backward", _sentences(second_backward_gives_the_same, "second_backward")),
    Check("second run", _sentences(second_run_gives_the_same, "second_run"), ("class",)),
    Check(
        "upstream gradient",
        _sentences(upstream_gradient_is_linear, "upstream_gradient"),
        ("class", "functions"),
        goes_back_twice=True,
    ),
    Check(
        "default gradient",
        _sentences(upstream_gradient_of_a_loss_is_1_by_default, "default_gradient"),
        ("class",),
        of_right=True,
        goes_back_twice=True,
    ),
    Check("gradients in place", _gradients_in_place, ("class",)),
    Check("parameters changed", _parameters_kept, ("class",)),
    Check("state carried", _state_carried, ("class",), must_run=True),
    Check("evaluation", _evaluation, ("class",)),
    Check("determinism", _uninitialised),
    Check("single precision", _single_precision, of_right=True),
)
