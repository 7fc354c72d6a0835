"""The writer's process: commits what comes through a pipe until the other end is closed, or dies.

Started by `swapboard.storage.committer` with the number of the pipe's file descriptor.
"""

import gc
import signal
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection

from swapboard.storage.commit import Piece, commit
from swapboard.storage.engine import open_engine


def serve(pipe: Connection) -> None:
    """Commit batch after batch, in the database whose address comes first."""
    # Ctrl-C is for the server, which lets its writer finish.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    engine = open_engine(pipe.recv())
    gc.freeze()
    while True:
        try:
            batch: Sequence[Piece] = pipe.recv()
        except EOFError:
            return
        pipe.send([(answer, _portable(error)) for answer, error in commit(engine, batch)])


def _portable(error: Exception | None) -> Exception | None:
    """Errors of the database's driver cannot all be pickled; their words can."""
    if error is None or type(error).__module__.startswith("swapboard."):
        return error
    return RuntimeError(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
