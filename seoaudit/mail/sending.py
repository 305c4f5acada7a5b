"""The letter on its way: one SMTP server, asked with patience and never without end (RFC 5321)."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seoaudit.mail.session import Session
from seoaudit.mail.trouble import TooLarge, Trouble, reply, trouble

if TYPE_CHECKING:
    from seoaudit.config import Credentials, Mail, Mailbox

FIRST_PAUSE_S, PAUSE_GROWTH = 30, 4
"""Pauses of 30 s, 2 min and 8 min: servers that greylist let a letter in after some minutes (RFC 6647, 5)."""

Writer = Callable[["Sequence[Mailbox]", int | None], bytes]
"""Makes a letter for these recipients, of at most so many bytes where that is not None; raises Trouble where it cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of a letter: who has it, whom the server refused with which words, and whom it may take later."""

    accepted: tuple[Mailbox, ...] = ()
    refused: Mapping[Mailbox, str] = field(default_factory=dict)
    later: Mapping[Mailbox, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Patience:
    """How pauses between tries are passed, and who hears of them."""

    sleep: Callable[[float], object] = time.sleep
    note: Callable[[str], object] = lambda _: None


@dataclass(frozen=True, slots=True)
class Sender:
    """The mail server of the settings, asked until it has the letter or says no; what passes is tried `mail.retries` times more."""

    mail: Mail
    login: Credentials | None
    patience: Patience

    def send(
        self, writer: Writer, recipients: Sequence[Mailbox], accepted: Callable[[Sequence[Mailbox]], object]
    ) -> dict[Mailbox, str]:
        """Send a letter to everybody who can be reached; whom the server refused comes back, with the reason.

        `accepted` hears at once who has it. Raises Trouble, with one line, where nobody has it and the reason is not one of
        the recipients; and what `accepted` raises.
        """
        refused: dict[Mailbox, str] = {}
        waiting, anybody = list(recipients), False
        for tries_left in range(self.mail.retries, -1, -1):
            try:
                done = _attempt(writer, waiting, self.mail, self.login)
            except Trouble as error:
                if not anybody and not (error.passes and tries_left):
                    raise
                why = dict.fromkeys(waiting, str(error))
                done = Delivery(later=why) if error.passes else Delivery(refused=why)
            if done.accepted:
                accepted(done.accepted)
                anybody = True
            refused |= done.refused
            waiting = list(done.later)
            if not waiting:
                break
            if tries_left:
                self._pause(done.later[waiting[0]], self.mail.retries - tries_left)
            else:
                refused |= done.later
        return refused

    def _pause(self, why: str, before: int) -> None:
        seconds = FIRST_PAUSE_S * PAUSE_GROWTH**before
        self.patience.note(f"mail: {why.partition('; ')[0]}; trying again in {seconds} s")
        self.patience.sleep(seconds)


def _attempt(writer: Writer, waiting: Sequence[Mailbox], mail: Mail, login: Credentials | None) -> Delivery:
    """One connection; raises Trouble."""
    try:
        with Session(mail, login) as server:
            limit = server.size_limit
            while True:
                try:
                    return _transaction(server, writer, waiting, limit)
                except TooLarge as error:
                    limit = error.most
                    server.rset()
    except (OSError, smtplib.SMTPException) as error:
        raise trouble(error, mail, login) from None  # smtplib's own errors repeat what was sent


def _transaction(server: Session, writer: Writer, waiting: Sequence[Mailbox], limit: int | None) -> Delivery:
    """MAIL, RCPT and DATA; raises TooLarge, Trouble, and what smtplib raises."""
    able = [box for box in waiting if server.can_take(box)]
    unable = dict.fromkeys((box for box in waiting if box not in able), "the server takes ASCII addresses only")
    if not able:
        return Delivery(refused=unable)
    data = writer(able, limit)
    server.begin(data, beyond_ascii=any(not box.is_ascii for box in able))
    answers = {box: server.rcpt(box.address) for box in able}
    faults = {box: reply(*answer, server.login_data) for box, answer in answers.items() if answer[0] not in (250, 251)}
    if len(faults) < len(able):
        server.hand_over(data)
    later = {box: line for box, line in faults.items() if 400 <= answers[box][0] < 500}
    return Delivery(
        accepted=tuple(box for box in able if box not in faults),
        refused=unable | {box: line for box, line in faults.items() if box not in later},
        later=later,
    )
