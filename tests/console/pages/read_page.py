"""A page as a browser and a screen reader find it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "input", "br", "use", "path", "circle", "rect"})
CONTROLS = frozenset({"input", "select", "textarea"})
NAMELESS = frozenset({"hidden", "submit", "button"})


@dataclass
class Element:
    """An element, with what it holds."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element]" = field(default_factory=list)
    own_text: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it, in one line."""
        return " ".join(part for one in walk(self) for line in one.own_text for part in line.split())

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.at = self.root = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(made)
        self.at = self.at if tag in VOID else made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.at))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.at.tag == tag, f"</{tag}> closes <{self.at.tag} {self.at.attributes}>"
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.own_text.append(data)


def read_page(html: str) -> Element:
    """The page, every element closed where it was opened."""
    parser = _Parser()
    parser.feed(html)
    assert parser.at is parser.root, f"<{parser.at.tag}> is not closed"
    return parser.root


def walk(element: Element) -> Iterator[Element]:
    """It and all in it, in order."""
    yield element
    for child in element.children:
        yield from walk(child)


def find(page: Element, tag: str, **attributes: str) -> list[Element]:
    """The elements of a kind that have these attributes."""
    return [
        one
        for one in walk(page)
        if one.tag == tag and all(one.attributes.get(name) == value for name, value in attributes.items())
    ]


def sent_by(page: Element) -> dict[str, list[str]]:
    """What a browser sends of the page's form as it stands."""
    (form,) = [one for one in find(page, "form") if "data-main" in one.attributes]
    found: dict[str, list[str]] = {}
    for one in (*find(form, "input"), *find(form, "textarea"), *find(form, "select")):
        if one.attributes.get("type") in {"checkbox", "radio"} and "checked" not in one.attributes:
            continue
        value = one.text if one.tag == "textarea" else one.attributes.get("value", "")
        if one.tag == "select":
            value = next((o["value"] for o in find(one, "option") if "selected" in o.attributes), "")
        found.setdefault(one["name"], []).append(value)
    return found


def faults(page: Element) -> list[str]:
    """What no page may have: two of one id, a field without a label, a link to nowhere, anything inline."""
    every = list(walk(page))
    ids = [one["id"] for one in every if "id" in one.attributes]
    labelled = {one["for"] for one in every if "for" in one.attributes}
    found = [f"two of id {one}" for one in {one for one in ids if ids.count(one) > 1}]
    for one in every:
        told = f"<{one.tag} {one.attributes}>"
        if "style" in one.attributes or any(name.startswith("on") for name in one.attributes):
            found.append(f"inline: {told}")
        if one.tag in {"script", "style"} and not one.attributes.get("src"):
            found.append(f"inline: {told}")
        if (target := one.attributes.get("href", "")).startswith("#") and target[1:] not in ids:
            found.append(f"to nowhere: {told}")
        for name in ("aria-labelledby", "aria-describedby", "list"):
            found += [f"{name}: {told}" for id in one.attributes.get(name, "").split() if id not in ids]
        if (
            one.tag in CONTROLS
            and one.attributes.get("type") not in NAMELESS
            and not _is_named(one, labelled)
        ):
            found.append(f"without a label: {told}")
        if one.tag in {"a", "button"} and not one.text and "aria-label" not in one.attributes:
            found.append(f"without a name: {told}")
    if len([one for one in every if one.tag == "h1"]) != 1:
        found.append("a page has one h1")
    return found


def _is_named(control: Element, labelled: set[str]) -> bool:
    above = control.parent
    while above is not None and above.tag != "label":
        above = above.parent
    return control.attributes.get("id") in labelled or "aria-label" in control.attributes or above is not None
