"""What the letter says: a summary becomes a message, with no network and no clock."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from seoaudit.mail.since import KINDS
from seoaudit.visible import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from seoaudit.config import Mailbox
    from seoaudit.mail.attachments import Attachment
    from seoaudit.mail.summary import Summary

LONGEST_SUBJECT = 150
LINE = 76

KIND_WORDS = {"not-seen-again": "not seen again"}


class _Folding(EmailPolicy):
    """Breaks a long subject between its words; the standard library leaves the first line empty, which readers see as a space."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name != "Subject" or not value.isascii():
            return super().fold_binary(name, value)
        lines = textwrap.wrap(
            value,
            LINE,
            initial_indent="Subject: ",
            subsequent_indent=" ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        return "".join(line + self.linesep for line in lines).encode("ascii")


_WIRE = _Folding(linesep="\r\n", cte_type="7bit")  # not every server takes eight bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Who writes to whom, when, and under which Message-ID (without its angle brackets)."""

    sender: Mailbox
    recipients: tuple[Mailbox, ...]
    date: datetime
    message_id: str


def compose(
    summary: Summary, envelope: Envelope, templates: Path, attachments: Iterable[Attachment] = (), note: str = ""
) -> EmailMessage:
    """The letter as multipart/mixed: plain text and HTML as alternatives, then the attachments.

    `note` says what is not attached, and why. Nothing that a site wrote ends a line of the headers or turns the text around.
    """
    attached = tuple(attachments)
    message = EmailMessage(policy=_WIRE)
    message["From"] = _address(envelope.sender)
    message["To"] = [_address(box) for box in envelope.recipients]
    message["Subject"] = subject(summary)
    message["Date"] = format_datetime(envelope.date)
    message["Message-ID"] = f"<{envelope.message_id}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notice answers it
    words = {"letter": summary, "attached": [part.name for part in attached], "note": note, "words": KIND_WORDS}
    message.set_content(_wrapped(_render(templates, "letter.txt", words)))
    message.add_alternative(_render(templates, "letter.html", words), subtype="html")
    message.make_mixed()
    for part in attached:
        kind, subkind = part.media_type
        message.add_attachment(part.data, maintype=kind, subtype=subkind, filename=part.name)
    return message


def as_bytes(message: EmailMessage) -> bytes:
    """The message as it goes over the wire: CRLF, and headers beyond ASCII only where an address asks for it (RFC 6532)."""
    ascii_only = all(address.addr_spec.isascii() for name in ("From", "To") for address in message[name].addresses)
    return message.as_bytes(policy=_WIRE.clone(utf8=not ascii_only))


def subject(summary: Summary) -> str:
    """The verdict and what changed, such as "example.com: 3 new, 12 fixed, 1 critical"; what is no clean report says so first."""
    if summary.trouble:
        words = f"crawl {'failed' if summary.failed else 'incomplete'} - {summary.trouble}"
    else:
        words = ", ".join([*_changed(summary), *_standing(summary)])
    return on_one_line(f"{summary.site}: {words}", LONGEST_SUBJECT)


def _changed(summary: Summary) -> list[str]:
    if summary.changes is None:
        return []
    counts = summary.changes.counts
    named = [f"{counts[kind]:,} {kind}" for kind in ("new", "regressed", "fixed", "changed") if counts.get(kind)]
    return named or ["nothing new"]


def _standing(summary: Summary) -> list[str]:
    """The worst severities that there are, two at most."""
    found = [f"{count:,} {severity}" for severity, count in summary.counts.items() if count and severity != "info"]
    return found[:1] if summary.changes is not None else found[:2] or ["nothing to fix"]


def _address(box: Mailbox) -> Address:
    local, _, domain = box.address.rpartition("@")
    return Address(display_name=on_one_line(box.name), username=local, domain=domain)


def _render(templates: Path, name: str, words: Mapping[str, Any]) -> str:
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: on_one_line(value) if type(value) is str else value,
    )
    environment.filters |= {
        "column": _column,
        "number": "{:,}".format,
        "signed": signed,
        "short": on_one_line,
        "day": lambda when: f"{when.day} {when:%B %Y}",
        "plural": lambda count, noun: f"{count:,} {noun if count == 1 else f'{noun}s'}",
        "ranked": lambda counts: [(kind, counts[kind]) for kind in KINDS if counts.get(kind)],
    }
    return environment.get_template(name).render(words)


def _column(text: str, width: int) -> Markup:
    """The text as wide as that, to the right where the width is negative; Markup, so that the spaces stay."""
    return escape(text.ljust(width) if width > 0 else text.rjust(-width))


def signed(change: int) -> str:
    """A change with its sign, such as "+3"; a minus is the true one."""
    return f"{change:+,}".replace("-", "\N{MINUS SIGN}") if change else "0"


def _wrapped(text: str) -> str:
    """The plain text in lines that every client shows whole; a URL or path is never broken."""
    lines = []
    for line in re.sub(r"\n{3,}", "\n\n", text.strip("\n")).split("\n"):
        lines += _fitted(line) if len(line) > LINE else [line]
    return "\n".join(lines) + "\n"


def _fitted(line: str) -> list[str]:
    words = line.lstrip(" ")
    indent = " " * (len(line) - len(words))
    return textwrap.wrap(
        words, LINE, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
