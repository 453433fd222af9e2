"""The door to the command line, which stands in `compare/`; nothing else here knows of it.

`manual` and `compare` are names that a learner's own file may have too: such a file in the working directory
would be imported in place of ours, so that is found out first. It stands beside the packages, not in one: in
`tiny_autograd_rnn/` it would import autograd and NumPy before --help is shown.
"""

import importlib
import importlib.util
import os
import sys
from pathlib import Path


def main() -> None:
    """The console script."""
    run(sys.argv[1:])


def run(arguments: list[str]) -> None:
    """Run the command line; exit status 2, with one sentence, where a file of the user's hides a package of ours."""
    for package in ("manual", "compare"):
        hidden = hiding(package)
        if hidden:
            sys.exit(_refuse(f"Error: {hidden} hides our package {package!r}: rename it, or work in another folder"))
    try:
        try:
            importlib.import_module("compare.cli").main(arguments, prog_name="tiny-autograd-rnn")
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # whoever read our output has seen enough
        _abandon_output()
        sys.exit(1)
    except OSError as error:
        _abandon_output()
        sys.exit(_refuse(f"Error: cannot write the output ({error.strerror or error})"))


def hiding(package: str) -> str | None:
    """The file that is imported under the package's name although that does not stand beside this file."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return None if Path(spec.origin).resolve().parents[1] == Path(__file__).resolve().parent else spec.origin


def _abandon_output() -> None:
    """Keep the interpreter from trying to write the rest once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2
