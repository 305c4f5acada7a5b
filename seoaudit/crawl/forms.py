"""The forms of one document: which fields belong to which form, what they ask for, and how a form is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from seoaudit.crawl.nesting import MAX_DEPTH

FORM_PARTS = "form,input,select,button"
"""What forms are made of, as far as it is read; no other selector may match these."""

_MAX_METHOD = 20
_PAYMENT_NAMES = re.compile(
    r"(?:card|cc|credit)[-_.\[ ]?(?:num|no(?:$|[^a-z])|nr|exp|cvv|cvc|csc|code|holder)|kartennummer|(?:^|[^a-z])(?:cvv2?|cvc2?|csc|iban)(?:$|[^a-z])"
    r"|security[-_]?code",
    re.IGNORECASE,
)
"""Names that fields for cards and accounts bear where no autocomplete says what they are (inferred)."""

_TEMPLATE_TAGS = re.compile(r"<(/?)template(?=[\s>])", re.IGNORECASE)


@dataclass(slots=True)
class Form:
    """What is known of one form: its own attributes, the words that `links.rel` has of its fields, and what its button says."""

    attributes: dict[str, str | None] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    button: str | None = None

    @property
    def label(self) -> str | None:
        """What a reader would call it."""
        given = self.attributes
        return given.get("aria-label") or self.button or given.get("name") or given.get("id")


class Forms:
    """All forms of a document, from their parts (`FORM_PARTS`) in document order."""

    def __init__(self, parts: list[Any]) -> None:
        self._forms: dict[int, Form] = {}
        self._by_id: dict[str | None, Form] = {}
        self._around: dict[int, Form | None] = {}
        self._moved: Form | None = None
        for node in parts:
            if node.tag == "form":
                form = self._forms[node.mem_id] = self._around[node.mem_id] = Form(node.attributes)
                self._by_id.setdefault(node.attributes.get("id"), form)
        for node in parts:
            if node.tag == "form":
                self._moved = self._forms[node.mem_id] if _is_moved(node) else None
            else:
                _note(self.owner(node), node)
        self._moved = None

    def of(self, node: Any) -> Form:
        """A form by its element."""
        return self._forms.get(node.mem_id) or Form(node.attributes)

    def owner(self, node: Any) -> Form | None:
        """The form that a field belongs to: the one it names, else the one it stands in (HTML, 4.10.18.3)."""
        attributes = node.attributes
        if "form" in attributes:
            return self._by_id.get(attributes["form"])
        return self._form_around(node) or self._moved

    def _form_around(self, node: Any) -> Form | None:
        path = []
        found = None
        parent = node.parent
        for _ in range(2 * MAX_DEPTH):  # as deep as a document comes from the parser
            if parent is None:
                break
            if parent.mem_id in self._around:
                found = self._around[parent.mem_id]
                break
            path.append(parent.mem_id)
            parent = parent.parent
        self._around.update(dict.fromkeys(path, found))
        return found


def _is_moved(form: Any) -> bool:
    """Whether it began between the rows of a table: the parser then closes it at once, and its fields follow it."""
    return form.first_child is None and form.parent is not None and form.parent.tag in ("table", "tbody", "thead", "tr")


def _note(form: Form | None, node: Any) -> None:
    """Take one field in."""
    if form is None:
        return
    attributes: dict[str, str | None] = node.attributes
    kind = (attributes.get("type") or "").strip().lower()
    if node.tag == "button" or kind in ("submit", "image"):
        if form.button is None and kind not in ("reset", "button"):
            said = node.text() if node.tag == "button" else attributes.get("value") or attributes.get("alt")
            form.button = " ".join((said or "").split()) or None
    elif kind == "password":
        _say(form, "password")
    elif kind != "hidden" and _is_for_payment(attributes):
        _say(form, "payment")


def _say(form: Form, word: str) -> None:
    if word not in form.words:
        form.words.append(word)


def _is_for_payment(attributes: dict[str, str | None]) -> bool:
    """Whether a field takes a card or an account: by its autofill field name (HTML, 4.10.18.7), else by its name."""
    if any(word.startswith("cc-") for word in (attributes.get("autocomplete") or "").lower().split()):
        return True
    return any(_PAYMENT_NAMES.search(attributes.get(name) or "") for name in ("name", "id"))


def method_of(method: str | None) -> tuple[str, list[str]]:
    """How a form is sent, `get`, `post` or `dialog`, and the word for a method that HTML does not know (HTML, 4.10.18.6)."""
    given = "".join((method or "").split()).lower()
    if given in ("get", "post", "dialog"):
        return given, []
    return "get", [f"method={given.upper()[:_MAX_METHOD]}"] if given else []


def is_submission(node: Any) -> bool:
    """Whether it says where data goes: a form, or a submit button with an action of its own."""
    if node.tag == "form":
        return True
    attributes = node.attributes
    kind = (attributes.get("type") or "").strip().lower()
    submits = kind not in ("reset", "button") if node.tag == "button" else kind in ("submit", "image")
    return submits and "formaction" in attributes and node.tag != "select"


def parts_in_template(template: Any) -> list[Any]:
    """The parts of forms inside a template, templates inside it included."""
    inside = template.html or ""
    if "<form" not in inside and "formaction" not in inside:
        return []
    return LexborHTMLParser(_TEMPLATE_TAGS.sub(r"<\1div", inside)).css(FORM_PARTS)
