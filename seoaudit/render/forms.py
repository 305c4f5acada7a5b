"""The forms of the site with their verdicts, the worst first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seoaudit.records import FormVerdict
    from seoaudit.render.tables import Tables

SHOWN_FORMS = 200
"""Forms kept in the view; the rest is in the table."""

WORST_VERDICT_FIRST = """list_position(['sent-in-clear', 'resent-elsewhere', 'body-lost', 'broken', 'query-dropped', 'unclear', 'resent',
    'not-asked', 'not-visible', 'not-http', 'see-other', 'fine'], verdict)"""
"""SQL for the rank of a verdict, 1 the worst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """One form: columns of forms.parquet."""

    page: str | None
    pages: int
    method: str
    action: str
    text: str | None
    sensitive: str | None
    status: int | None
    error: str | None
    allow: str | None
    post_status: int | None
    chain: str | None
    redirect_count: int | None
    verdict: FormVerdict
    sentence: str


def forms(tables: Tables) -> tuple[FormRow, ...]:
    """The forms to show."""
    names = list(FormRow.__dataclass_fields__)
    rows = tables.all(
        f"""select {", ".join(names)} from forms
        order by {WORST_VERDICT_FIRST}, sensitive is null, pages desc, action limit ?""",
        [SHOWN_FORMS],
    )
    return tuple(FormRow(**dict(zip(names, row, strict=True))) for row in rows)
