"""What went wrong on the network, in one plain sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seoaudit import urls

if TYPE_CHECKING:
    from seoaudit.crawl.single import Answered
    from seoaudit.records import FetchError

_SENTENCES: dict[FetchError, str] = {
    "dns": "{host} has no address: the name does not resolve.",
    "connect": "Nobody answers at {origin}: the connection was refused, or no route leads there.",
    "tls": "No TLS connection to {origin}: {detail}.",
    "timeout": "{origin} did not answer in time.",
    "reset": "{origin} closed the connection before the answer was whole.",
    "malformed": "{origin} sent what is no HTTP answer: {detail}.",
    "too-large": "The answer of {origin} is larger than is read here (10 MB).",
    "robots": "robots.txt forbids it.",
    "invalid-url": "{url} names a host or port that no client can ask.",
}

_TLS: tuple[tuple[str, str], ...] = (
    (r"expired", "The certificate of {host} has expired."),
    (r"not yet valid", "The certificate of {host} is not valid yet."),
    (
        r"no alternative certificate subject name|subject name .*not match|does not match target host|hostname mismatch",
        "The certificate at {origin} is for another name than {host}.",
    ),
    (r"self[- ]signed", "The certificate of {host} is self-signed: no authority vouches for it."),
    (
        r"unable to get local issuer|unknown ca",
        "The certificate of {host} is from an authority that is not trusted here.",
    ),
    (
        r"wrong version number|packet length too long|http request",
        "{origin} does not speak TLS on this port; it seems to speak plain HTTP.",
    ),
    (
        r"unexpected eof|SSL_ERROR_SYSCALL|connection (was )?reset",
        "{origin} hung up during the TLS handshake; it may not speak TLS on this port.",
    ),
    (
        r"unsupported protocol|protocol version|no protocols available|version too low",
        "{origin} offers only TLS versions that are no longer accepted (1.0 or 1.1, or SSL).",
    ),
)
"""What OpenSSL and libcurl say, and what it means."""

_OTHERS: tuple[tuple[str, str], ...] = (
    (r"resolve proxy", "The proxy that the environment names has no address."),
    (r"CONNECT tunnel failed", "The proxy that the environment names does not lead to {origin}: {detail}."),
    (r"^1\d\d came", "{origin} said {interim} and then closed the connection without an answer."),
    (
        r"HTTP/0\.9",
        "{origin} sent what is no HTTP answer: there is no status line. It may speak TLS on this port, or no HTTP.",
    ),
    (
        r"Multiple Location",
        "{origin} sent several Location fields that differ: browsers and newer versions of curl refuse that.",
    ),
)


def failure_sentence(answered: Answered, url: str) -> str:
    """Why there is no usable answer to `url`, for a person; `answered` has an error."""
    parts = urls.split(url)
    detail = answered.detail or "no more is known"
    words = {
        "host": parts.host,
        "origin": parts.origin,
        "url": url,
        "detail": detail.strip().rstrip("."),
        "interim": {"100": "100 Continue", "103": "103 Early Hints"}.get(detail[:3], detail[:3]),
    }
    known = _TLS if answered.error == "tls" else _OTHERS
    sentence = next((said for pattern, said in known if re.search(pattern, detail, re.IGNORECASE)), None)
    if sentence is None:
        sentence = _SENTENCES[answered.error or "malformed"]
    return sentence.format(**words)
