"""Short forms of people's names that tell them apart."""

from collections import Counter
from collections.abc import Callable, Sequence


def short_names(names: Sequence[str]) -> list[str]:
    """First names, longer where people share one: "Jo T." and "Jo W.", or the whole names."""
    return _distinct(names, lambda name: name.split(maxsplit=1)[0], _longer_names)


def initials(names: Sequence[str]) -> list[str]:
    """ "JT"; a letter more where people share them."""
    return _distinct(names, lambda name: "".join(_ends(name)).upper(), _longer_initials)


def _distinct(names: Sequence[str], short: Callable[[str], str], longer: Callable[[str], list[str]]) -> list[str]:
    """The short form of each name; where people share it, the first of the `longer` forms that nobody shares."""
    shown = [short(name) for name in names]
    for value, count in Counter(shown).items():
        if count == 1:
            continue
        same = [at for at, one in enumerate(shown) if one == value]
        forms = zip(*(longer(names[at]) for at in same), strict=True)
        distinct: tuple[str, ...] = next((form for form in forms if len(set(form)) == count), ())
        for at, form in zip(same, distinct, strict=False):
            shown[at] = form
    return shown


def _ends(name: str) -> list[str]:
    words = name.split()
    return [words[0][0], words[-1][0]] if len(words) > 1 else [words[0][0]]


def _longer_names(name: str) -> list[str]:
    words = name.split()
    first, last = words[0], words[-1]
    return [f"{first} {last[0]}.", name]


def _longer_initials(name: str) -> list[str]:
    words = name.split()
    first, last = words[0], words[-1]
    return [f"{first[0]}{last[:2]}", f"{first[:2]}{last[0]}", f"{first[:2]}{last[:2]}"]
