"""The commands: one short function each; the only room that prints and exits."""

from __future__ import annotations

import typer

from seoaudit.cli import audit, demo, report, rules

app = typer.Typer(
    name="seoaudit",
    help="Crawl a site, record every redirect hop, and say which redirects to mend and how.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("audit")(audit.command)
app.command("report")(report.command)
app.command("rules")(rules.command)
app.command("demo")(demo.command)


def main() -> None:
    """Run the command that the command line names."""
    app()
