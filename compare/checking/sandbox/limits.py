"""What a stranger's code may use up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes: of the process (processor time, memory, output, open files), of a file, of a call, of a reply.

    The processor time is that of all calls together; `start_seconds` is for the definitions too.
    """

    cpu_seconds: int = 10
    call_seconds: float = 5
    start_seconds: float = 20
    memory_bytes: int = 2 << 30
    reply_bytes: int = 64 << 20
    output_bytes: int = 1 << 20
    file_bytes: int = 1 << 20
    open_files: int = 64
