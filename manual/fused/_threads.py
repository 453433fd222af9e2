"""Work on rows that do not know of each other, shared out over threads: NumPy lets others run while it computes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

# below this many numbers a second thread takes longer to wake than to help
WORTH = 1 << 16


class Threads:
    """A pool of threads, made when it is first needed."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool: ThreadPoolExecutor | None = None

    def share(self, do: Callable[[slice], None], rows: int, width: int) -> None:
        """`do(rows)` over all rows, in as many parts as there are threads, the first part in this one."""
        parts = max(1, min(self.count, rows, rows * width // WORTH))
        if parts > 1 and self._pool is None:
            self._pool = ThreadPoolExecutor(thread_name_prefix="fused")
        spans = [slice(rows * k // parts, rows * (k + 1) // parts) for k in range(parts)]
        others = [self._pool.submit(do, span) for span in spans[1:]] if self._pool else ()
        do(spans[0])
        for other in others:
            other.result()


# one, as NumPy's BLAS has threads of its own for the products: beside those, ours only wait for a processor
THREADS = Threads(1)


def use_threads(count: int) -> None:
    """Spread the rows of the fused softmax over so many threads; the BLAS below NumPy is then better kept to one.

    Raises ValueError for less than one.
    """
    if count < 1:
        raise ValueError(f"use_threads: count is {count!r}; wanted at least 1")
    THREADS.count = count
