"""Reads a pasted list of people: "Mira Rossi <mira@example.org>" or an address alone, a line or semicolon apart.

Lists come from emails, spreadsheets and chats: "Rossi, Mira <mira@example.org>; …", columns, bullets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import getaddresses

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.emails import one_spelling
from editing.fields import one_line, seen

PEOPLE_MAX = 100
NAME_CHARS = 120
# After an address in brackets a comma ends the person; in a name it does not.
_APART = re.compile(r";|(?<=>)\s*,")
_ADDRESS = re.compile(r"<?([^\s<>,;:\"()\[\]]+@[^\s<>,;:\"()\[\]]+)>?")
# Around a name: a bullet, what parted two columns.
_AROUND = " \t,:-–•*"


@dataclass(frozen=True)
class Pasted:
    name: str
    email: str


def read_pasted(text: str) -> tuple[list[Pasted], list[str]]:
    """The people, and an error in words for each line with something wrong in it, in order."""
    people: list[Pasted] = []
    errors: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        for person in _people_in(line):
            wrong = _wrong_with(person, first=seen.get(one_spelling(person.email)))
            if wrong:
                errors.append(f"Line {number}: {wrong}")
                continue
            seen[one_spelling(person.email)] = number
            people.append(person)
    if len(people) > PEOPLE_MAX:
        errors.append(f"That is {len(people)} people. Invite up to {PEOPLE_MAX} at once.")
    return people, errors


def _people_in(line: str) -> Iterator[Pasted]:
    for part in filter(None, map(seen, _APART.split(line))):
        addresses = _ADDRESS.findall(part)
        others = _ADDRESS.sub(" ", part).strip(_AROUND)
        if len(addresses) == 1:
            yield Pasted(_name_of(others) or _name_from(addresses[0]), addresses[0])
        elif not others.replace(",", "").split():
            yield from (Pasted(_name_from(address), address) for address in addresses)
        else:
            for name, address in getaddresses([part]):
                if "@" not in address:  # nothing could be read
                    yield Pasted(part, part)
                    break
                yield Pasted(_name_of(name) or _name_from(address), address)


def _name_of(words: str) -> str:
    """ "Mira Rossi" for "Rossi, Mira", as directories list people."""
    last, comma, first = one_line(words.replace('"', "")).removeprefix("mailto").strip(_AROUND).partition(",")
    return f"{first.strip()} {last.strip()}" if comma and "," not in first else one_line(last + comma + first)


def _wrong_with(person: Pasted, *, first: int | None) -> str:
    """An error as a sentence; "" if there is none."""
    shown = person.email[:80]
    try:
        validate_email(person.email)
    except ValidationError:
        return f"“{shown}” is not an email address. Write “Mira Rossi <mira@example.org>”, or the address alone."
    if first is not None:
        return f"{shown} is already in line {first}. Remove one of them."
    if len(person.email) > 254 or len(person.name) > NAME_CHARS:
        return f"{shown}: the name can have up to {NAME_CHARS} characters, the address up to 254."
    return ""


def _name_from(email: str) -> str:
    """ "Mira Rossi" for mira.rossi@example.org, to be corrected by the person under "Your account"."""
    words = re.sub(r"[._\-+\d]+", " ", email.partition("@")[0]).split()
    return " ".join(word.capitalize() for word in words) or email
