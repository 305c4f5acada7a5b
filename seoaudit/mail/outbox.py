"""The letter in the run folder: kept until everybody has it, and a note of who has it, so that nobody gets it twice by accident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from seoaudit.store.folder import replace_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seoaudit.config import Mailbox
    from seoaudit.store.folder import RunFolder


class Sent(BaseModel):
    """letter.json: under which Message-ID the letter went out, how often it was begun anew, and who got it when (ISO 8601, UTC).

    `about` is `finished_at` of run.json: a run that was stopped, mailed and gone on with has other news, and a letter of its own.
    """

    message_id: str
    sent_at: str
    times: int = 1
    about: str = ""
    to: dict[str, str] = {}


def already_sent(folder: RunFolder) -> Sent | None:
    """What letter.json says; None where no letter of the run arrived anywhere.

    Raises OSError, and ValueError for a file that cannot be read: better no letter than a second one.
    """
    try:
        return Sent.model_validate_json(folder.letter_sent.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise ValueError(f"{folder.letter_sent} cannot be read; --again sends the letter all the same") from error


def message_id(run: str, site: str, sender: Mailbox, times: int) -> str:
    """The same for every try of one run: a mail system that meets the letter twice shows it once (RFC 5322, 3.6.4).

    A letter that is sent again on purpose, or has other news, has another one: the reader's mail system would hide it.
    """
    words = ".".join(filter(None, (run, site, str(times) if times > 1 else "")))
    local = "".join(character if character.isascii() and character.isalnum() else "-" for character in words)
    return f"seoaudit-{local}@{sender.address.rpartition('@')[2]}"


def keep(folder: RunFolder, data: bytes) -> None:
    """Write letter.eml in one step; raises OSError."""
    replace_bytes(folder.letter, data)


def note_sent(folder: RunFolder, letter: Sent, accepted: Iterable[Mailbox]) -> None:
    """Add to letter.json who has this letter now; raises OSError."""
    before = _readable(folder)
    known = before.to if before and before.message_id == letter.message_id else {}
    to = known | {box.address: letter.sent_at for box in accepted}
    replace_bytes(folder.letter_sent, letter.model_copy(update={"to": to}).model_dump_json(indent=2).encode())


def _readable(folder: RunFolder) -> Sent | None:
    try:
        return already_sent(folder)
    except ValueError:  # sent again all the same
        return None


def missing(recipients: Iterable[Mailbox], sent: Sent | None) -> tuple[Mailbox, ...]:
    """Those who do not have the letter yet, each once."""
    known = sent.to if sent else {}
    return tuple({box.address: box for box in recipients if box.address not in known}.values())
