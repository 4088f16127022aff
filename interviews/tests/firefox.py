"""Firefox for tests, driven by WebDriver BiDi over its own socket: no driver is needed."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE, STDOUT
from typing import Any

from websockets.sync.client import ClientConnection, connect

# Seconds to wait for an answer; the machine may be busy.
PATIENCE = 30
# WebDriver's codes of keys that type no character.
NAMED = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004", "Control": "\ue009", "Backspace": "\ue003"}
READY = """(words) => new Promise((resolve, reject) => {
    const until = Date.now() + 15_000;
    const look = () => {
        if (eval(words)) resolve(true);
        else if (Date.now() > until) reject(new Error(`never: ${words}`));
        else setTimeout(look, 50);
    };
    look();
})"""


class Firefox:
    """One tab."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.number = socket, 0
        self.ask("session.new", capabilities={})
        self.tab = self.ask("browsingContext.create", type="tab")["context"]

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            answer: dict[str, Any] = json.loads(self.socket.recv(timeout=PATIENCE))
            if answer.get("id") == self.number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def sign_in(self, url: str, name: str, value: str) -> None:
        cookie = {"name": name, "value": {"type": "string", "value": value}, "domain": url.split("/")[2].split(":")[0]}
        self.ask("storage.setCookie", cookie=cookie)

    def resize(self, width: int, height: int) -> None:
        self.ask("browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": height})

    def goto(self, url: str) -> None:
        self.ask("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def evaluate(self, function: str, *arguments: Any) -> Any:
        """What the function returns, as JSON."""
        told = json.dumps([json.dumps(one) for one in arguments])
        whole = f"Promise.resolve(({function})(...{told}.map(JSON.parse))).then((it) => JSON.stringify(it ?? null))"
        answer = self.ask("script.evaluate", expression=whole, target={"context": self.tab}, awaitPromise=True)
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    def until(self, words: str) -> None:
        """Wait until the expression is true on the page."""
        told = READY.replace("eval(words)", words)
        self.evaluate(told, words)

    def press(self, *keys: str, pause: int = 300) -> None:
        """Press keys one by one, with so many milliseconds after each. "Control+k" holds the first."""
        steps: list[dict[str, Any]] = []
        for key in keys:
            parts = [NAMED.get(part, part) for part in (key.split("+") if len(key) > 1 else [key])]
            steps += [{"type": "keyDown", "value": part} for part in parts]
            steps += [{"type": "keyUp", "value": part} for part in reversed(parts)]
            steps.append({"type": "pause", "duration": pause})
        self._act("key", steps)

    def _act(self, kind: str, steps: list[dict[str, Any]]) -> None:
        source = {"type": kind, "id": kind, "actions": steps}
        self.ask("input.performActions", context=self.tab, actions=[source])

    def click(self, selector: str, *, times: int = 1) -> None:
        place = self.evaluate(
            "(one) => { const {x, y, width, height} = document.querySelector(one).getBoundingClientRect();"
            " return [Math.round(x + width / 2), Math.round(y + height / 2)]; }",
            selector,
        )
        steps: list[dict[str, Any]] = [{"type": "pointerMove", "x": place[0], "y": place[1]}]
        steps += [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp") * times]
        self._act("pointer", steps)


@contextmanager
def firefox(program: str) -> Iterator[Firefox]:
    """A Firefox of its own, without a window, that ends with the test."""
    profile = tempfile.mkdtemp(prefix="firefox-")
    options = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
    with subprocess.Popen([program, *options], stdout=PIPE, stderr=STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            found = (re.search(r"ws://\S+", line) for line in process.stdout)
            address = next(match[0] for match in found if match)
            with connect(f"{address}/session", max_size=None) as socket:
                yield Firefox(socket)
        finally:
            process.terminate()
            process.wait(PATIENCE)
            shutil.rmtree(profile, ignore_errors=True)
