"""The sheet of the forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.render.forms import WORST_VERDICT_FIRST
from seoaudit.render.workbook.lists import Column, Limits, Listing

if TYPE_CHECKING:
    from seoaudit.render.tables import Tables
    from seoaudit.render.view import ReportView

_LOST = ("sent-in-clear", "resent-elsewhere", "body-lost", "broken", "query-dropped")


def forms(view: ReportView, tables: Tables, limits: Limits) -> Listing:
    """List every form, the worst verdict first."""
    rows = tables.stream(
        f"""select verdict, sentence, method, action, page, pages, text, sensitive, status, error, allow, post_status,
            redirect_count, chain, final_url, final_status
        from forms order by {WORST_VERDICT_FIRST}, sensitive is null, pages desc, action limit ?""",
        [limits.rows],
    )
    return Listing(
        name="Forms",
        about="Where every form sends, and what becomes of it on the way; inferred where no POST was sent",
        table="forms.parquet",
        columns=(
            Column("Verdict", 16, words=_LOST),
            Column("What happens", 52),
            Column("Method", 9),
            Column("Sends to", 42),
            Column("On page", 38),
            Column("Pages", 8, "number"),
            Column("Text", 18),
            Column("Holds", 12),
            Column("Answers", 10, "number"),
            Column("Error", 11),
            Column("Allow", 16),
            Column("Answers POST", 10, "number"),
            Column("Redirects", 12, "number"),
            Column("Way", 48),
            Column("Ends at", 42),
            Column("Final status", 8, "number"),
        ),
        rows=rows,
        total=view.forms_total,
        limit=limits.rows,
        printed=8,
        frozen=1,
    )
