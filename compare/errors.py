"""What ends a run early, each with its exit status; the message is one sentence for the person at the terminal."""

import signal


class RefusedError(Exception):
    """The run cannot be done as asked: what failed, the value seen, the value wanted, what to do next."""

    status = 2


class DivergedError(Exception):
    """A number stopped being finite; the parameters are those of the last step at which all were."""

    status = 1


class InterruptedRun(BaseException):
    """Ctrl-C or SIGTERM; not an Exception, so that no handler of errors takes it for one."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        # the shell's convention: 130 after Ctrl-C, 143 after SIGTERM
        self.status = 128 + signum
        self.name = "Ctrl-C" if signum == signal.SIGINT else signal.Signals(signum).name


def reason(error: OSError) -> str:
    """The system's own words for an error, in lower case: 'no such file or directory'."""
    return (error.strerror or str(error) or type(error).__name__).lower()
