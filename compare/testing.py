"""A pytest parametrizer over strangers' layers: one test a layer, with a readable id.

@compare.testing.parametrize([MyRNN, MyTimeRNN, xfail(MyLSTM, "dc is lost between steps")])
def test_layers(report):
    assert report.ok, report
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

import pytest

from compare.checking.api import CheckReport, check


@dataclass(frozen=True)
class ExpectedFailure:
    """A layer that is known not to be right, and why."""

    layer: Any
    reason: str


def xfail(layer: Any, reason: str) -> ExpectedFailure:
    """A layer whose test is expected to fail, for a reason."""
    return ExpectedFailure(layer, reason)


def parametrize(layers: Sequence[Any], *, strict: bool = False, argument: str = "report") -> Callable[..., Any]:
    """A decorator that calls a test once for every layer, with its report.

    A layer is a class, a mapping of `check`'s arguments (`{"forward": f, "backward": g, "like": "rnn_step"}`), or one
    of these in `xfail`. The layers are judged when their tests run.
    """
    params = []
    for given in layers:
        layer, marks = given, []
        if isinstance(given, ExpectedFailure):
            layer, marks = given.layer, [pytest.mark.xfail(reason=given.reason, strict=True)]
        asked = layer if isinstance(layer, Mapping) else {"layer": layer}
        target = asked.get("layer") or asked["forward"]
        params.append(pytest.param(partial(check, **asked, strict=strict), id=target.__name__, marks=marks))

    def decorate(test: Callable[..., Any]) -> Any:
        @wraps(test)
        def judged(*args: Any, **kwargs: Any) -> Any:
            report: CheckReport = kwargs[argument]()
            return test(*args, **{**kwargs, argument: report})

        return pytest.mark.parametrize(argument, params)(judged)

    return decorate
