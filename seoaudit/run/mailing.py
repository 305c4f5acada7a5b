"""A run's letter: kept in the run folder, sent, and noted."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from seoaudit.config import ConfigError, credentials
from seoaudit.mail import outbox
from seoaudit.mail.attachments import forms
from seoaudit.mail.letter import Envelope, as_bytes, compose
from seoaudit.mail.sending import Patience, Sender
from seoaudit.mail.trouble import Trouble
from seoaudit.render.templates import templates_dir
from seoaudit.run.letters import summary_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import EmailMessage

    from seoaudit.config import Mail, Mailbox
    from seoaudit.mail.summary import Summary
    from seoaudit.render.view import ReportView
    from seoaudit.store.folder import RunFolder


__all__ = ["Patience", "Posted", "letter_of", "post"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What became of a run's letter: who has it now, who had it before (and since when), and a line for each fault."""

    to: tuple[Mailbox, ...] = ()
    had_it: tuple[Mailbox, ...] = ()
    sent_at: str | None = None
    faults: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everybody who was to get the letter has it."""
        return not self.faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One run's letter, ready to be made for anybody; `times` counts how often it was begun anew."""

    folder: RunFolder
    summary: Summary
    mail: Mail
    date: datetime
    about: str
    times: int = 1

    @property
    def message_id(self) -> str:
        """The same for every try."""
        assert self.mail.sender is not None
        return outbox.message_id(self.folder.path.name, self.summary.site, self.mail.sender, self.times)

    def message(self, recipients: Sequence[Mailbox], limit: int | None = None) -> EmailMessage:
        """The letter with as much attached as `limit` bytes allow; raises Trouble where even a bare one is larger, and OSError."""
        assert self.mail.sender is not None
        most = self.mail.max_bytes if limit is None else min(self.mail.max_bytes, limit)
        envelope = Envelope(
            sender=self.mail.sender, recipients=tuple(recipients), date=self.date, message_id=self.message_id
        )
        summary = self.summary
        stem = f"{summary.site}-{summary.started_at:%Y-%m-%d}"
        wanted = {".xlsx"} | ({".html"} if self.mail.attach_html else set())
        files = sorted((file for file in summary.files if file.suffix in wanted), reverse=True)
        for attachments, note in forms(files, stem, summary.started_at, most):
            message = compose(summary, envelope, templates_dir(), attachments, note)
            if len(as_bytes(message)) <= most:
                return message
        raise Trouble(f"{self.mail.host} takes no letter of more than {most:,} bytes; raise its limit", passes=False)


def letter_of(folder: RunFolder, view: ReportView, mail: Mail, times: int = 1) -> Letter:
    """The letter of a run, from what its reports say."""
    summary = summary_of(folder, view, mail.far_fewer)
    return Letter(folder=folder, summary=summary, mail=mail, date=datetime.now(UTC), about=about(view), times=times)


def about(view: ReportView) -> str:
    """Which state of the run a letter tells of: one that was stopped and went on has another."""
    return view.info.finished_at or ""


def post(
    folder: RunFolder, view: ReportView, mail: Mail, patience: Patience | None = None, *, again: bool = False
) -> Posted:
    """Send the letter of a run to everybody in `mail.to` who does not have it yet, with `again` to all; whatever fails is a line in `faults`.

    letter.eml lies in the run folder before anything is sent and until all have it; letter.json says who has it. Nothing is
    sent where the first cannot be written, or the second not be read.
    """
    try:
        before = outbox.already_sent(folder)
    except (OSError, ValueError) as error:
        if not again:
            return Posted(faults=(f"mail: {error}",))
        before = None
    again = again or (before is not None and before.about != about(view))
    waiting = outbox.missing(mail.to, None if again else before)
    had_it = tuple(box for box in outbox.missing(mail.to, None) if box not in waiting)
    times = (before.times if before else 1) + bool(before and again)
    delivered: list[Mailbox] = []
    faults = (
        _deliver(letter_of(folder, view, mail, times), waiting, delivered, patience or Patience()) if waiting else ()
    )
    return Posted(to=tuple(delivered), had_it=had_it, sent_at=before.sent_at if before else None, faults=faults)


def _deliver(
    letter: Letter, waiting: Sequence[Mailbox], delivered: list[Mailbox], patience: Patience
) -> tuple[str, ...]:
    """Keep the letter, send it, and note who has it; gives a line for each fault."""
    folder = letter.folder

    def write(able: Sequence[Mailbox], limit: int | None) -> bytes:
        try:
            data = as_bytes(letter.message(able, limit))
            outbox.keep(folder, data)
        except OSError as error:  # told apart from those of the network
            raise Trouble(f"cannot read or write {error.filename} ({error.strerror})", passes=False) from error
        return data

    def accepted(boxes: Sequence[Mailbox]) -> None:
        delivered.extend(boxes)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        sent = outbox.Sent(message_id=letter.message_id, sent_at=now, times=letter.times, about=letter.about)
        outbox.note_sent(folder, sent, boxes)

    try:
        write(waiting, None)
        login = credentials(letter.mail, os.environ)
        refused = Sender(letter.mail, login, patience).send(write, waiting, accepted)
        if not refused:
            folder.letter.unlink(missing_ok=True)
            return ()
        write(list(refused), None)
    except (Trouble, ConfigError) as error:
        return (f"mail: {str(error).removeprefix('mail: ')} {_kept(folder)}",)
    except OSError as error:
        return (f"mail: the letter is out, but letter.json cannot be written ({error.strerror}); do not send it again",)
    names = (f"mail: {box.address} did not get the letter: {line}" for box, line in refused.items())
    return (*names, f"mail: whoever got none can still have it {_kept(folder)}")


def _kept(folder: RunFolder) -> str:
    """Where the unsent letter lies, if it does."""
    return f"(kept as {folder.letter}; seoaudit mail {folder.path} sends it)" if folder.letter.is_file() else ""
