"""The commands: one short function each; the only room that prints and exits."""

from __future__ import annotations

from typing import Annotated

import typer

from seoaudit.cli import (
    audit,
    check,
    compare,
    demo,
    fix,
    ledger,
    mail,
    prune,
    report,
    rules,
    schedule,
    status,
    trace,
)
from seoaudit.config import argument_names
from seoaudit.run import installed_version

app = typer.Typer(
    name="seoaudit",
    help="Crawl a site, record every redirect hop, and say which redirects to mend and how.",
    no_args_is_help=True,
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("audit", epilog=f"Arguments for -a: {', '.join(argument_names())}. The README says what each does.")(
    audit.command
)
app.command("report")(report.command)
app.command("compare")(compare.command)
app.command("check")(check.command)
app.command("mail")(mail.command)
app.command("ledger")(ledger.command)
app.command("status")(status.command)
app.command("fix")(fix.command)
app.command("schedule")(schedule.command)
app.command("prune")(prune.command)
app.command("trace")(trace.command)
app.command("rules")(rules.command)
app.command("demo")(demo.command)


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Say which version this is, and end.", is_eager=True)
    ] = False,
) -> None:
    """What holds for every command."""
    if version:
        print(f"seoaudit {installed_version()}")
        raise typer.Exit


def main() -> None:
    """Run the command that the command line names."""
    app()
