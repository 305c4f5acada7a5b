"""`seoaudit mail RUN`: the letter of a run, also of one that was not sent."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seoaudit.cli.audit import refuse, tell_post
from seoaudit.config import Config, ConfigError
from seoaudit.config.mail import NEEDED_FOR_MAIL
from seoaudit.config.readers import recipients as read_recipients
from seoaudit.run.status import run_at
from seoaudit.store.folder import InUse

if TYPE_CHECKING:
    from seoaudit.config import Mail
    from seoaudit.run.mailing import Posted
    from seoaudit.store.folder import RunFolder, RunInfo


def command(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder; or a site's, then its newest run.")],
    to: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="Who gets it, in place of the settings' (may be repeated)."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the letter; send and write nothing.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Send it also to those who have it.")] = False,
    config: Annotated[Path | None, typer.Option(help="The settings file instead of the run's own.")] = None,
) -> None:
    """Mail the letter of a run to everybody who does not have it yet."""
    try:
        found, info = run_at(folder)
        mail = _settings(info, to or [], config)
        with found.claimed():
            if dry_run:
                _preview(found, mail)
                return
            posted = post_run(found, mail, again=again)
    except (ConfigError, InUse) as error:
        refuse(error)
    except OSError as error:
        refuse(f"cannot read or write {error.filename} ({error.strerror}); mend that and run it again")
    raise typer.Exit(tell_post(posted))


def _settings(info: RunInfo, to: list[str], config: Path | None) -> Mail:
    """The settings with their recipients: those named now, else the run's own, else those of the settings file."""
    own = info.arguments.get("config")
    mail = Config.load(config or (Path(own).expanduser() if own else None)).mail
    if not mail.has_server:
        raise ConfigError(NEEDED_FOR_MAIL)
    named = ",".join(to) or info.arguments.get("mail_to")
    recipients = read_recipients("--to" if to else "mail_to", named) if named else mail.to
    if not recipients:
        raise ConfigError("mail: there is nobody to send to; write to below [mail] in seoaudit.toml, or --to ADDRESS")
    return mail.model_copy(update={"to": recipients})


def post_run(folder: RunFolder, mail: Mail, *, again: bool) -> Posted:
    """Send the letter about a run as it is on disk; raises OSError."""
    # What these load takes a second: a wrong address is told at once.
    from seoaudit.render.view import build_view  # noqa: PLC0415
    from seoaudit.run.mailing import Patience, post  # noqa: PLC0415

    return post(folder, build_view(folder), mail, Patience(note=_note), again=again)


def _preview(folder: RunFolder, mail: Mail) -> None:
    from seoaudit.render.view import build_view  # noqa: PLC0415 - see post_run
    from seoaudit.run.mailing import letter_of  # noqa: PLC0415

    message = letter_of(folder, build_view(folder), mail).message(mail.to)
    body = message.get_body(("plain",))
    assert body is not None
    print("\n".join(f"{name}: {message[name]}" for name in ("From", "To", "Subject", "Message-ID")))
    for part in message.iter_attachments():
        print(f"Attached: {part.get_filename()} ({len(part.get_payload(decode=True)):,} bytes)")
    print(f"\n{body.get_content()}", end="")


def _note(text: str) -> None:
    print(f"seoaudit: {text}", file=sys.stderr)
