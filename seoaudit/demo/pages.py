"""How the sample site looks."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seoaudit.demo.answers import Answer, Section


def document(answer: Answer, navigation: str) -> bytes:
    """The whole page of an answer."""
    content = answer.content or _markup("arrived.html", status=answer.status, url=answer.url)
    return _markup(
        "document.html",
        title=answer.title or answer.url.partition("//")[2],
        head=Markup(answer.head),  # noqa: S704 - the site's own data is markup
        navigation=Markup(navigation),  # noqa: S704 - made below
        content=Markup(content),  # noqa: S704 - the site's own data is markup
    ).encode()


def navigation(sections: Sequence[Section], products: Sequence[str]) -> str:
    """The links that stand on every page; one of them redirects."""
    return _markup("navigation.html", sections=sections, products=products)


def home(sections: Sequence[Section]) -> str:
    """What the home page shows."""
    return _markup("home.html", sections=sections)


def section(section: Section) -> str:
    """What the page of one family shows: a link to each of its answers."""
    return _markup("section.html", section=section, markup=Markup(section.markup))  # noqa: S704 - the site's own data is markup


def products(names: Sequence[str]) -> str:
    """What the list of products shows."""
    return _markup("products.html", products=names)


def _markup(template: str, **values: Any) -> str:
    return _template(template).render(**values)


@cache
def _template(name: str) -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(Path(__file__).with_name("templates").joinpath(name).read_text(encoding="utf-8"))
