"""What the command line imports before it knows what it is asked for: whoever wants help waits for nothing else."""

import subprocess
import sys

import pytest

HEAVY = {"numpy", "autograd", "jaxtyping", "rich", "matplotlib", "threadpoolctl", "manual", "tiny_autograd_rnn"}


def imported_for(*arguments: str) -> set[str]:
    """The packages that a fresh process has imported when the command line has answered."""
    program = (
        "import sys; before = set(sys.modules)\n"
        "from tiny_autograd_rnn_door import run\n"
        "try: run(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before}, file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    assert ran.stdout
    return set(ran.stderr.split())


@pytest.mark.parametrize("option", ["--help", "-h", "--version"])
def test_help_imports_nothing_heavy(option: str) -> None:
    assert not imported_for(option) & HEAVY


@pytest.mark.parametrize("command", ["train", "generate", "bench"])
def test_the_help_of_a_command_imports_no_numbers(command: str) -> None:
    assert not imported_for(command, "--help") & {"numpy", "autograd", "matplotlib", "threadpoolctl"}


def test_what_is_imported_is_noticed() -> None:
    assert {"numpy", "manual", "tiny_autograd_rnn"} <= imported_for("compare", "--help")
