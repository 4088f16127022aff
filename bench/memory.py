"""Memory of a process and its descendants, shared pages counted once (Linux only)."""

import contextlib
import re
import threading
from pathlib import Path


def megabytes(pid: int) -> float:
    """Proportional set size of one process."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def tree(pid: int) -> float:
    """Of a process and its descendants; 0 for one that has just ended."""
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
        """The maximum."""
        self._end.set()
        self.join()
        return self.peak
