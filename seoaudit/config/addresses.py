"""Mail addresses: what a mail server takes, and nothing that could end a header."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seoaudit import urls
from seoaudit.visible import on_one_line

_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_DOMAIN = re.compile(r"[\w.\u3002-]+")
_LABELS = re.compile(r"([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")
_NAMED = re.compile(r'"?(?P<name>[^<>"]*?)"?\s*<(?P<address>[^<>]*)>')


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Who gets or sends a letter; `name` may be empty, the domain of `address` is in ASCII."""

    name: str
    address: str

    @property
    def is_ascii(self) -> bool:
        """Whether a server without SMTPUTF8 (RFC 6531) takes the address."""
        return self.address.isascii()


def mailbox(text: str) -> Mailbox:
    """Read `seo@example.com` or `SEO team <seo@example.com>`; raises ValueError with one line.

    The local part is a dot-string (RFC 5321, 4.1.2) that may hold letters of every script (RFC 6531, 3.3), of 64 bytes at
    most; an internationalised domain becomes its A-labels (RFC 5891).
    """
    stripped = text.strip()
    named = _NAMED.fullmatch(stripped)
    name, address = (named["name"].strip(), named["address"].strip()) if named else ("", stripped)
    local, _, domain = address.rpartition("@")
    ascii_domain = _in_a_labels(domain)
    if (
        not name.isprintable()
        or not local.isprintable()
        or not _LOCAL.fullmatch(local)
        or len(local.encode()) > 64
        or ascii_domain is None
    ):
        raise ValueError(f"{on_one_line(text, 80)!r} is no mail address; write such as seo@example.com")
    return Mailbox(name, f"{local}@{ascii_domain}")


def _in_a_labels(domain: str) -> str | None:
    """The domain as it is asked in the DNS; None for what is none, an IP address included."""
    url = urls.parse(f"http://{domain}/") if _DOMAIN.fullmatch(domain) else None
    host = urls.split(url).host if url else ""
    is_name = _LABELS.fullmatch(host) and len(host) <= 253 and not host.rpartition(".")[2].isdigit()
    return host if is_name else None
