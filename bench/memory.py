"""How much memory a process and all below it take, shared pages counted once (Linux only)."""

import contextlib
import re
import threading
from pathlib import Path


def megabytes(pid: int) -> float:
    """Of one process, by its proportional set size."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def tree(pid: int) -> float:
    """Of a process and its descendants; of one that has just ended nothing."""
    total = 0.0
    with contextlib.suppress(OSError):
        total += megabytes(pid)
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += sum(map(tree, map(int, (task / "children").read_text().split())))
    return total


class Watch(threading.Thread):
    """Samples the tree ten times a second until it is stopped."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak = pid, 0.0
        self._end = threading.Event()

    def run(self) -> None:
        while not self._end.wait(0.1):
            self.peak = max(self.peak, tree(self.pid))

    def stop(self) -> float:
        """The most that it was."""
        self._end.set()
        self.join()
        return self.peak
