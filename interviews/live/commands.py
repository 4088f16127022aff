"""Parse commands: each has its own id and the state wanted. Parsing is strict, and runs before any query."""

import datetime as dt
import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any

from interviews.refusals import Invalid, Malformed, TooLarge
from interviews.storable import LARGEST_ID, require_storable

MAX_BYTES = 1_000_000
# The most commands, and the most receipt ids, in one request.
MOST_AT_ONCE = 100
WEEK = dt.timedelta(days=7)
MILLISECOND = dt.timedelta(milliseconds=1)


@dataclass(frozen=True)
class Command:
    id: uuid.UUID
    client: str
    n: int
    kind: str
    target: Any
    value: Any
    base_rev: int | None
    age: dt.timedelta
    sha256: str
    # The person whose page sent it, if the page says so.
    sender: int | None = None
    # The command of the same person that this one takes back.
    undoes: uuid.UUID | None = None

    def target_id(self) -> int:
        """The target as a primary key. Raises Invalid for anything else."""
        if type(self.target) is not int or not 0 < self.target <= LARGEST_ID:
            raise Invalid(f"“{self.kind}” needs the number of what it is about.")
        return self.target

    def target_uuid(self) -> uuid.UUID:
        """The target as an id made by the browser. Raises Invalid for anything else."""
        return _uuid(self.target, Invalid(f"“{self.kind}” needs an id."))

    def wants(self) -> bool:
        """The state wanted, true or false. Raises Invalid for anything else."""
        if not isinstance(self.value, bool):
            raise Invalid(f"“{self.kind}” is either true or false.")
        return self.value


def of_a_form(kind: str, target: Any = None, value: Any = True, *, age: dt.timedelta = dt.timedelta()) -> Command:
    """A command from a form of another page than the live one."""
    number = uuid.uuid4()
    return Command(
        id=number, client="page", n=1, kind=kind, target=target, value=value, base_rev=None, age=age,
        sha256=hashlib.sha256(f"{kind} {number}".encode()).hexdigest(),
    )  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """Several commands of one request, in order, and the ids of receipts that the browser asks for."""

    commands: list[Any]
    receipts: list[uuid.UUID]


def read(body: bytes) -> Command:
    """Parse one command. Raises Malformed, TooLarge over MAX_BYTES, Invalid for text that cannot be stored exactly."""
    return read_one(parse(body))


def require_fits(size: int) -> None:
    """Raises TooLarge over MAX_BYTES; only a long note makes a request so large."""
    if size > MAX_BYTES:
        raise TooLarge("This note is too long to save. Copy it to a safe place and shorten it.")


def parse(body: bytes) -> dict[str, Any]:
    """The JSON object of a request. Raises Malformed for anything else, TooLarge over MAX_BYTES."""
    require_fits(len(body))
    try:
        raw = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed("This is not JSON.") from None
    if not isinstance(raw, dict):
        raise Malformed("A command is a JSON object.")
    return raw


def read_batch(raw: dict[str, Any]) -> Batch | None:
    """The batch of a request, or None for a single command. Its commands are not parsed yet. Raises Malformed."""
    if not raw.keys() & {"commands", "receipts"}:
        return None
    wanted, ids = raw.get("commands", []), raw.get("receipts", [])
    for rows in (wanted, ids):
        if not isinstance(rows, list) or len(rows) > MOST_AT_ONCE:
            raise Malformed(f"A batch is a list of at most {MOST_AT_ONCE}.")
    return Batch(wanted, [_uuid(one, Malformed("A receipt is asked for by its UUID.")) for one in ids])


def read_one(raw: Any) -> Command:
    """Parse one command from its JSON. Raises Malformed, and Invalid for text that cannot be stored exactly."""
    if not isinstance(raw, dict):
        raise Malformed("A command is a JSON object.")
    require_storable(raw)
    n, age, base_rev, client = raw.get("n"), raw.get("age", 0), raw.get("base_rev"), raw.get("client")
    if type(n) is not int or not 0 < n <= LARGEST_ID:
        raise Malformed("`n` counts the commands of a client from 1.")
    if not isinstance(client, str) or not 0 < len(client) <= 40:
        raise Malformed("`client` names the browser in at most 40 characters.")
    if type(age) not in (int, float) or age < 0:
        raise Malformed("`age` is milliseconds since it was done.")
    if base_rev is not None and (type(base_rev) is not int or not 0 <= base_rev <= LARGEST_ID):
        raise Malformed("`base_rev` is the revision that was changed.")
    sender = raw.get("sender")
    if sender is not None and type(sender) is not int:
        raise Malformed("`sender` is the number of the person whose page it is.")
    if not isinstance(raw.get("kind"), str):
        raise Malformed("A command has a kind.")
    wanted = {key: raw.get(key) for key in ("client", "n", "kind", "target", "value", "base_rev")}
    undoes = raw.get("undoes")
    if undoes is not None:
        undoes = _uuid(undoes, Malformed("`undoes` is the UUID of a command."))
        wanted["undoes"] = str(undoes)
    return Command(
        id=_uuid(raw.get("id"), Malformed("`id` is a UUID.")),
        client=client,
        n=n,
        kind=raw["kind"],
        target=raw.get("target"),
        value=raw.get("value"),
        base_rev=base_rev,
        # Capped, not refused: a browser's clock can be wrong by years.
        age=dt.timedelta(milliseconds=min(age, WEEK / MILLISECOND)),
        sender=sender,
        undoes=undoes,
        sha256=hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest(),
    )


def _uuid(value: Any, refusal: Exception) -> uuid.UUID:
    try:
        if isinstance(value, str) and len(value) == 36:
            return uuid.UUID(value)
    except ValueError:
        pass
    raise refusal


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is not JSON.")
