"""A page's forms, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

Values = dict[str, list[str]]


@dataclass
class Forms(HTMLParser):
    """Each form that is posted: where to ("" is the page itself), and the values of its fields as they stand."""

    found: list[tuple[str, Values]] = field(default_factory=list)
    _is_open: bool = False
    _select: str = ""
    _area: str = ""
    _hidden: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        self._hidden += tag == "template"
        if self._hidden:
            return
        if tag == "form":
            self._is_open = given.get("method", "").lower() == "post"
            if self._is_open:
                self.found.append((given.get("action", ""), {}))
        elif self._is_open and name and "disabled" not in given:
            self._take(tag, name, given)
        elif tag == "option" and self._select:
            values = self.found[-1][1][self._select]
            if "selected" in given or not values:
                values[:] = [given.get("value", "")]

    def _take(self, tag: str, name: str, given: dict[str, str]) -> None:
        values = self.found[-1][1].setdefault(name, [])
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            values.append("")
        elif tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            values.append(given.get("value", "on" if given.get("type") in ("checkbox", "radio") else ""))

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag == "template"
        if tag == "form":
            self._is_open = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._is_open:
            self.found[-1][1][self._area][-1] += data


def posted_forms(html: str) -> list[tuple[str, Values]]:
    forms = Forms()
    forms.feed(html)
    return forms.found
