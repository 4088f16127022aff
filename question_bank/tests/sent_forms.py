"""What a browser would send from a page that was answered: the fields of its form as they stand there."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse


class _Form(HTMLParser):
    """Collects the values of the form that is posted to the page itself: the one without an action."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.is_inside = False
        self.templates = 0
        self.name = ""
        self.is_text = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.is_inside = "action" not in given
        self.templates += tag == "template"
        if not self.is_inside or self.templates:
            return
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "input" and name and (kind not in ("checkbox", "radio") or "checked" in given):
            self.values[name] = given.get("value", "on" if kind == "checkbox" else "")
        elif tag == "textarea":
            self.name, self.is_text = name, True
            self.values[name] = ""
        elif tag == "select":
            self.name = name
            self.values[name] = ""
        elif tag == "option" and self.name and "selected" in given:
            self.values[self.name] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        self.templates -= tag == "template"
        if tag in ("textarea", "select"):
            # A browser drops the line break right behind the tag, and sends its own kind of breaks.
            if self.is_text:
                self.values[self.name] = self.values[self.name].removeprefix("\n").replace("\n", "\r\n")
            self.name, self.is_text = "", False

    def handle_data(self, text: str) -> None:
        if self.is_text:
            self.values[self.name] += text


def sent_from(response: HttpResponse, **changes: Any) -> dict[str, Any]:
    """The form on the page with `changes` typed into it; None leaves a field out, as an empty box is."""
    form = _Form()
    form.feed(response.content.decode())
    form.close()
    return {name: value for name, value in (form.values | changes).items() if value is not None}
