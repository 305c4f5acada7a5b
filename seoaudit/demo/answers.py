"""One URL of the sample site: what it answers, and what an audit must say of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seoaudit.records import FetchError, Mechanism, Outcome, Permanence

# Every name is reserved (RFC 6761, 6.5: "example."), so that nothing of the demo can ever leave this machine by mistake.
APEX_HOST = "shop.example"
WWW_HOST = "www.shop.example"
OLD_HOST = "old-shop.example"
PARTNER_HOST = "partner.example"
IDN_HOST = "xn--bcher-kva.example"
EXPIRED_HOST = "expired.shop.example"
WRONG_NAME_HOST = "wrong-name.example"
CLOSED_HOST = "closed.example"
INTRANET_HOST = "10.0.0.5"
NAMELESS_HOST = "a-label-longer-than-the-sixty-three-octets-that-one-may-have-in-dns.example"
"""Has no address and never will (RFC 1035, 2.3.4), and resolvers know so without asking anybody."""

APEX = f"https://{APEX_HOST}"
WWW = f"https://{WWW_HOST}"
PLAIN_WWW = f"http://{WWW_HOST}"
ODD_PORT = f"https://{WWW_HOST}:8443"
OLD = f"https://{OLD_HOST}"
PARTNER = f"https://{PARTNER_HOST}"

PERMANENT_STATUSES = frozenset({301, 308})

Asked = Literal["crawl", "external=links", "assets=1", "form"]
"""Which spider argument makes an audit ask a URL; `crawl` needs none, `form` is asked by HEAD only, because a form sends there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What an audit must say of one URL; `hops`, `outcome` and `permanence` are of the chain that starts there."""

    error: FetchError | None = None
    mechanism: Mechanism | None = None
    location_url: str | None = None
    hops: int = 0
    outcome: Outcome | None = None
    permanence: Permanence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One URL and what it answers.

    `title` is the text of the links to it; without one no list shows it. Without a `body`, a page is made from `head` and
    `content` (markup); a body that costs time is a function. `raw` is sent instead of everything else, and the connection ends; with `stalls` it stays open
    in silence. `repeat` sends the body that many times. `with_cookie` answers requests that carry a cookie.
    """

    url: str
    title: str = ""
    status: int = 200
    headers: tuple[tuple[str, bytes], ...] = ()
    head: str = ""
    content: str = ""
    body: bytes | Callable[[], bytes] | None = None
    raw: bytes | None = None
    stalls: bool = False
    repeat: int = 1
    refuses_head: bool = False
    with_cookie: Answer | None = None
    asked: Asked = "crawl"
    truth: Truth = field(default_factory=Truth)

    @property
    def href(self) -> str:
        """What a link to it says: on the shop itself a path, so that the shop works under another address too."""
        return self.url.removeprefix(WWW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A page of the sample site that links the answers of one family; `markup` shows what a link cannot."""

    path: str
    title: str
    intro: str
    answers: Sequence[Answer]
    head: str = ""
    markup: str = ""


def at(path: str) -> str:
    """The absolute URL of a path on the shop; an absolute URL stays what it is."""
    return f"{WWW}{path}" if path.startswith("/") else path


def field_value(text: str | bytes) -> bytes:
    """A header field's value as bytes; text is sent as UTF-8, which is what careless servers do."""
    return text.encode() if isinstance(text, str) else text


def page(  # noqa: PLR0913 - data: one keyword a fact
    path: str,
    title: str = "",
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    head: str = "",
    content: str = "",
    truth: Truth | None = None,
    asked: Asked = "crawl",
) -> Answer:
    """An ordinary HTML page."""
    fields = {"Content-Type": "text/html; charset=utf-8"} | (headers or {})
    return Answer(
        url=at(path),
        title=title,
        status=status,
        headers=tuple((name, field_value(value)) for name, value in fields.items()),
        head=head,
        content=content,
        asked=asked,
        truth=truth or Truth(),
    )


def moved(  # noqa: PLR0913 - data: one keyword a fact
    path: str,
    status: int,
    to: str,
    title: str = "",
    *,
    location: str | bytes | None = None,
    headers: dict[str, str] | None = None,
    hops: int = 1,
    outcome: Outcome = "ok",
    permanence: Permanence | None = None,
    asked: Asked = "crawl",
) -> Answer:
    """A redirect by status and Location; `location` is the field as written where it is not simply the absolute URL."""
    fields = {"Location": field_value(at(to) if location is None else location)}
    fields |= {name: field_value(value) for name, value in (headers or {}).items()}
    return Answer(
        url=at(path),
        title=title,
        status=status,
        headers=tuple(fields.items()),
        body=b"Moved.\n",
        asked=asked,
        truth=Truth(
            mechanism="location",
            location_url=at(to),
            hops=hops,
            outcome=outcome,
            permanence=permanence or ("permanent" if status in PERMANENT_STATUSES else "temporary"),
        ),
    )


def refreshed(  # noqa: PLR0913 - data: one keyword a fact
    path: str,
    to: str,
    title: str,
    *,
    mechanism: Mechanism = "meta-refresh",
    permanence: Permanence = "permanent",
    head: str = "",
    content: str = "",
    headers: dict[str, str] | None = None,
    hops: int = 1,
    outcome: Outcome = "ok",
) -> Answer:
    """A page that answers 200 and sends the client on by itself."""
    truth = Truth(mechanism=mechanism, location_url=at(to), hops=hops, outcome=outcome, permanence=permanence)
    return page(path, title, head=head, content=content, headers=headers, truth=truth)


def chain(folder: str, statuses: Sequence[int], title: str) -> list[Answer]:
    """`folder/1` to `folder/n` with these statuses, one after the other, and the page `folder/end`."""
    paths = [f"{folder}/{number}" for number in range(1, len(statuses) + 1)] + [f"{folder}/end"]
    redirects = [
        moved(
            paths[index],
            status,
            paths[index + 1],
            title if index == 0 else "",
            hops=len(statuses) - index,
            outcome="too-many" if len(statuses) - index > 20 else "ok",
            permanence=permanence_of(statuses[index:]),
        )
        for index, status in enumerate(statuses)
    ]
    return [*redirects, page(paths[-1])]


def loop(folder: str, length: int, title: str) -> list[Answer]:
    """`folder/1` to `folder/n`, the last of which points back at the first."""
    return [
        moved(
            f"{folder}/{number}",
            301,
            f"{folder}/{number % length + 1}",
            title if number == 1 else "",
            hops=length,
            outcome="loop",
        )
        for number in range(1, length + 1)
    ]


def permanence_of(statuses: Sequence[int]) -> Permanence:
    """The permanence of a chain of these statuses."""
    permanent = {status in PERMANENT_STATUSES for status in statuses}
    if len(permanent) == 2:
        return "mixed"
    return "permanent" if permanent == {True} else "temporary"
