"""A light client of the command protocol: journal first, one sender, receipts, like the browser.

Half of them send over their socket, and over HTTP after a failure until that answers; the other half over HTTP only."""

import json
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from harness import sessions
from harness.http import HOST, Connection, request


@dataclass
class Light:
    """One panelist's browser. `forgets_early` and `ignores_receipts` break it on purpose, to prove the harness."""

    port: int
    path: str
    session: str
    seed: int
    forgets_early: bool = False
    timeout: float = 2
    journal: list[dict[str, Any]] = field(default_factory=list)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)
    # Refusals of the server.
    codes: set[str] = field(default_factory=set)
    refused: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    revisions: dict[Any, int] = field(default_factory=dict)
    n: int = 0

    def __post_init__(self) -> None:
        self.name = f"light-{self.seed}"
        self.dice = random.Random(self.seed)
        self.lock = threading.Lock()
        self.is_closing = False
        self.connection: Connection | None = None
        # Both halves in each call, and by turns where a case has one client (their seeds end with 0).
        self.has_socket = (self.seed + self.seed // 10) % 2 == 1
        self.socket: ClientConnection | None = None
        self.socket_path = ""
        self.asked = 0
        self.is_failing = False
        self.thread = threading.Thread(target=self._run, daemon=True)

    def do(self, kind: str, target: Any, value: Any, **more: Any) -> dict[str, Any]:
        """Journal a command. It is sent by the sender, in order."""
        with self.lock:
            self.n += 1
            command = {
                "id": str(uuid.UUID(int=self.dice.getrandbits(128), version=4)),
                "client": self.name,
                "n": self.n,
                "kind": kind,
                "target": target,
                "value": value,
                "at": time.monotonic(),
                **more,
            }
            self.journal.append(command)
            return command

    def start(self) -> None:
        self.thread.start()

    def drain(self, patience: float) -> bool:
        """Wait until the journal is empty; False after this many seconds without progress."""
        left, since = len(self.journal), time.monotonic()
        while self.journal and time.monotonic() - since < patience:
            time.sleep(0.02)
            if len(self.journal) < left:
                left, since = len(self.journal), time.monotonic()
        return not self.journal

    def close(self) -> None:
        self.is_closing = True
        self.thread.join(self.timeout + 5)
        self.hang_up()

    def _run(self) -> None:
        wait = 0.05
        while not self.is_closing:
            with self.lock:
                command = self.journal[0] if self.journal else None
            if command is None:
                time.sleep(0.005)
            elif self.send(command):
                wait = 0.05
            else:
                time.sleep(wait * self.dice.uniform(0.5, 1))
                wait = min(wait * 2, 1)

    def send(self, command: dict[str, Any]) -> bool:
        """Send one command. Returns whether it is settled: a receipt names it, or it was refused permanently."""
        if self.forgets_early:
            self._forget(command)
        if command["kind"] == "note":
            # Fixed at the first try: a retry must send the same bytes.
            command.setdefault("base_rev", self.revisions.get(command["target"], 0))
        sent = {key: value for key, value in command.items() if key != "at"}
        sent["age"] = round((time.monotonic() - command["at"]) * 1000)
        try:
            status, answer = self.post(json.dumps(sent))
        except (OSError, ValueError, WebSocketException):
            self.hang_up()
            self.is_failing = True
            return False
        self.is_failing = False
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status == 200 and answer.get("receipt") == command["id"]:
            self.receipts[command["id"]] = answer
            if command["kind"] == "note":
                self.revisions[command["target"]] = answer["result"]["revision"]
            self._forget(command)
            return True
        if status == 503 and "code" in answer:
            self.codes.add(answer["code"])
        if status in (400, 403, 404, 409, 413, 422):
            self.refused.append((status, answer.get("error", ""), command))
            self._forget(command)
            return True
        return False

    def post(self, body: str) -> tuple[int, dict[str, Any]]:
        if self.has_socket and not self.is_failing and (answer := self._ask_socket(body)):
            return answer
        if self.connection is None:
            self.connection = Connection(self.port, self.timeout)
        sent = request("POST", self.path, headers=sessions.headers(self.session), body=body.encode())
        status, raw = self.connection.send(sent)
        answer = json.loads(raw)
        return status, answer if isinstance(answer, dict) else {}

    def open_socket(self) -> ClientConnection:
        """The open socket of the interview that `path` belongs to, once it takes commands."""
        path = self.path.replace("/interviews/", "/ws/interviews/").replace("commands/", "")
        if self.socket is None or path != self.socket_path:
            self.hang_up()
            address = f"{HOST}:{self.port}"
            self.socket = connect(
                f"ws://{address}{path}",
                origin=Origin(f"http://{address}"),
                additional_headers={"Cookie": self.session},
                compression=None,
                open_timeout=self.timeout,
                close_timeout=0.1,
            )
            self.socket_path = path
            while "takes" not in json.loads(self.socket.recv(self.timeout)):
                pass
        return self.socket

    def _ask_socket(self, body: str) -> tuple[int, dict[str, Any]] | None:
        """The answer over the socket; None if the server wants the request over HTTP."""
        socket = self.open_socket()
        self.asked += 1
        socket.send(f'{{"request":{self.asked},"body":{body}}}')
        while (told := json.loads(socket.recv(self.timeout))).get("request") != self.asked:
            pass
        if "status" not in told:
            return None
        return told["status"], told["body"]

    def _forget(self, command: dict[str, Any]) -> None:
        with self.lock:
            if command in self.journal:
                self.journal.remove(command)

    def hang_up(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None
        if self.connection is not None:
            self.connection.close()
            self.connection = None
