"""robots.txt (RFC 9309): what it lets us ask, and the sitemaps it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from protego import Protego

from seoaudit import urls

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES: Final = 500 * 1024
"""What is read of a robots.txt: the least that RFC 9309, 2.5 asks for, and what Google Search reads (2026-07-08)."""

MAX_REDIRECTS: Final = 5
"""Redirects to follow on the way to a robots.txt (RFC 9309, 2.3.1.2); the rules hold for the host first asked."""


class RobotsPolicy:
    """What one host's robots.txt says to us.

    `sitemaps` are the absolute http(s) URLs it names, each once, in its order. `reason` says why everything is allowed or
    forbidden without looking at rules, None where the rules decide. `truncated`: it is longer than `MAX_BYTES`. `crawl_delay`:
    the seconds between requests that it asks for, which RFC 9309 does not know and many crawlers keep.
    """

    def __init__(
        self,
        rules: Protego | None,
        token: str,
        *,
        reason: str | None = None,
        forbidden: bool = False,
        truncated: bool = False,
    ) -> None:
        self._rules = rules
        self._token = token
        self._forbidden = forbidden
        self.reason = reason
        self.truncated = truncated
        self.crawl_delay: float | None = rules.crawl_delay(token) if rules else None
        named = (urls.parse(text) for text in rules.sitemaps) if rules else ()
        self.sitemaps: tuple[str, ...] = tuple(dict.fromkeys(url for url in named if url and urls.is_web(url)))

    def allows(self, url: str) -> bool:
        """Whether this serialised URL of the host may be asked; /robots.txt itself always may (RFC 9309, 2.2.2)."""
        path = "/" + url.partition("://")[2].partition("/")[2]
        if path.partition("?")[0] == "/robots.txt":
            return True
        if self._rules is None:
            return not self._forbidden
        # Rules see path and query only; the host stands in because Protego would take a path that starts with // for one.
        return bool(self._rules.can_fetch(f"http://host{path}", self._token))


def read_robots(status: int | None, body: bytes, user_agent_token: str) -> RobotsPolicy:
    """Read the answer to a request for /robots.txt, after its redirects; None for no answer at all.

    RFC 9309, 2.3.1: a 2xx is read; 4xx, and a redirect that never arrived, is "unavailable": everything may be asked; 5xx
    and no answer is "unreachable": nothing may. 429 counts with the 5xx, as for Google Search (Gary Illyes, 2023-01-17:
    client errors "except 429" mean no robots.txt): a server that asks for less is not to be asked for more. Our group is the
    one that names the product token, in any case and whatever follows it, else `*` (2.2.1). Never raises.
    """
    if status is None or not 200 <= status < 300:
        reason, forbidden = _unread(status)
        return RobotsPolicy(None, user_agent_token, reason=reason, forbidden=forbidden)
    text = _text(body[:MAX_BYTES])
    truncated = len(body) > MAX_BYTES
    if truncated:  # half a rule could forbid or allow too much
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
    rules = Protego.parse("\n".join(_own_lines(text, user_agent_token)))
    return RobotsPolicy(rules, user_agent_token, truncated=truncated)


def _unread(status: int | None) -> tuple[str, bool]:
    """Why no rules are read, and whether that forbids everything."""
    if status is None:
        return "robots.txt did not answer: nothing may be asked (RFC 9309, 2.3.1.4)", True
    if status == 429:
        return "robots.txt answered 429: nothing may be asked, as for a server error (Google Search, 2023-01-17)", True
    if status >= 500:
        return f"robots.txt answered {status}: nothing may be asked (RFC 9309, 2.3.1.4)", True
    section = "2.3.1.2" if 300 <= status < 400 else "2.3.1.3"
    return f"robots.txt answered {status}: everything may be asked (RFC 9309, {section})", False


def _text(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    return body.decode("utf-8-sig", "replace")


_USER_AGENT = re.compile(r"\s*user(?:-|\s*)agent\s*(?::|\s)\s*(.*)", re.IGNORECASE)


def _own_lines(text: str, token: str) -> Iterator[str]:
    """The lines with every other crawler's name replaced by one, so that many names times many rules cost no memory.

    A group is ours when its product token is ours whole: Protego alone would let `User-agent: seo` speak to `seoaudit`.
    """
    ours = re.compile(rf"{re.escape(token)}(?![\w-])", re.IGNORECASE | re.ASCII)
    for line in text.splitlines():  # as Protego splits
        agent = _USER_AGENT.match(line)
        if agent is None:
            yield line
        elif ours.match(agent[1]):
            yield f"User-agent: {token}"
        else:
            yield "User-agent: *" if re.match(r"\*(?:\s|#|$)", agent[1]) else "User-agent: another"
