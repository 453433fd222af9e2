"""One checker in a process of its own: a request a line on standard input, an answer a line on standard output."""

import json
import os
import sys
import time
import traceback
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.checkers import CHECKERS
from benchmarks.peers.problem import problem


def main(checker: str) -> None:
    """Answer requests until there are no more; what the learner's code prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(json.dumps(answered(checker, **json.loads(line))) + "\n")
        answers.flush()


def answered(checker: str, right: str, text: str, symbol: str) -> dict[str, Any]:
    """What a checker says of a text: how it ended, its words, and how long it took."""
    meta_path, started = list(sys.meta_path), time.perf_counter()
    ended, said = "passes", ""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            CHECKERS[checker][1](problem(Path(right), text, symbol))
    except BaseException as error:  # a learner's code may raise anything
        name = Path(right).name
        frames = traceback.extract_tb(error.__traceback__)
        inside = isinstance(error, SyntaxError) or any(frame.filename == name for frame in frames)
        ended = "crashes" if inside or name in str(error) else "objects"
        # of a crash the traceback is what a learner sees
        said = traceback.format_exc() if ended == "crashes" else str(error)
    finally:
        sys.meta_path[:] = meta_path
    return {"ended": ended, "said": said, "seconds": time.perf_counter() - started}


if __name__ == "__main__":
    main(sys.argv[1])
