"""Work on rows that do not know of each other, shared out over threads: NumPy lets others run while it computes."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

# what NumPy's BLAS goes by too, so that one setting is for both
VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
# below this many numbers a second thread takes longer to wake than to help
WORTH = 1 << 16


def thread_count() -> int:
    """How many threads: the first of `VARIABLES` that is set, else one for each processor that we may use."""
    for name in VARIABLES:
        count = os.environ.get(name, "")
        if count.isdecimal() and int(count) > 0:
            return int(count)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Threads:
    """A pool of threads, made when it is first needed."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool: ThreadPoolExecutor | None = None

    def share(self, do: Callable[[int, int], None], rows: int, width: int) -> None:
        """`do(start, stop)` over all rows, in as many parts as there are threads, the first part in this one."""
        parts = max(1, min(self.count, rows, rows * width // WORTH))
        ends = [rows * part // parts for part in range(parts + 1)]
        if parts > 1 and self._pool is None:
            self._pool = ThreadPoolExecutor(self.count - 1, "fused")
        others = [self._pool.submit(do, *span) for span in zip(ends[1:], ends[2:], strict=False)] if self._pool else []
        do(0, ends[1])
        for other in others:
            other.result()


THREADS = Threads(thread_count())
