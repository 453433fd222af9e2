"""What all tests of one of pytest's processes share."""

from collections.abc import Iterator

import pytest

from compare.checking.sandbox import nursery


@pytest.fixture(scope="session", autouse=True)
def one_nursery() -> Iterator[None]:
    """Processes for strangers' code are forked of one, if any test needs them: each is a tenth of a second sooner."""
    with nursery():
        yield
