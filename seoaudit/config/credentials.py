"""The secrets of the mail server: from the environment or a file of their own, kept where no repr, log or run folder shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seoaudit.config.file import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seoaudit.config.mail import Mail

USER, PASSWORD = "SEOAUDIT_SMTP_USER", "SEOAUDIT_SMTP_PASSWORD"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who logs in at the mail server, and with what; the password is no part of the repr."""

    user: str
    password: str = field(repr=False)

    def hidden_in(self, text: str) -> str:
        """The text, such as a server's answer, without the password."""
        return text.replace(self.password, "***")


def credentials(mail: Mail, environment: Mapping[str, str]) -> Credentials | None:
    """Who logs in; None where nobody does. The environment's user goes before the file's; raises ConfigError.

    The password is SEOAUDIT_SMTP_PASSWORD, else the first line of `password_file`.
    """
    user = environment.get(USER) or mail.user
    password = environment.get(PASSWORD) or _from_file(mail)
    if user is None and not password:
        return None
    if user is None:
        raise ConfigError(f"mail: there is a password but no user; set {USER}, or user below [mail]")
    if not password:
        raise ConfigError(f"mail: {user} has no password; set {PASSWORD}, or name a file with it as mail.password_file")
    if "\0" in user + password:
        raise ConfigError("mail: user or password holds a NUL character; leave it out")
    return Credentials(user, password)


def _from_file(mail: Mail) -> str | None:
    if mail.password_file is None:
        return None
    try:
        lines = mail.password_file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ConfigError(
            f"mail.password_file: cannot read {mail.password_file} ({error.strerror}); give the path of a readable file"
        ) from error
    except UnicodeDecodeError:
        raise ConfigError(f"mail.password_file: {mail.password_file} is not UTF-8 text; save it as UTF-8") from None
    return lines[0] if lines else None
