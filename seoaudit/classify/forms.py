"""Every form of the site, with what becomes of what it sends: one row an action, method and content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from seoaudit import urls
from seoaudit.classify import frames
from seoaudit.classify.entries import among, bare
from seoaudit.classify.evidence import count_of, draw
from seoaudit.classify.form_path import Answer, send
from seoaudit.classify.form_verdict import Form, judge_form
from seoaudit.classify.once import once
from seoaudit.store.schema import FORMS
from seoaudit.store.tables import write_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seoaudit.classify.facts import Facts
    from seoaudit.classify.form_path import Way
    from seoaudit.store.folder import RunFolder

SENSITIVE = ("password", "payment")
"""Words of `links.rel` for what must not be read on the way."""

_METHODS = {"form-get": "GET", "form-post": "POST"}

_MORE: dict[str, pa.DataType] = {
    "https_page": pa.string(),
    "http_page": pa.string(),
    "http_pages": pa.int64(),
    "clear_at": pa.string(),
    "lost_at": pa.string(),
    "lost_to": pa.string(),
    "lost_by": pa.int16(),
    "resent_to": pa.string(),
    "respelled": pa.bool_(),
}
JUDGED = pa.schema([*FORMS, *(pa.field(name, kind) for name, kind in _MORE.items())])


def told(rows: pd.DataFrame, page: str = "page") -> pd.Series[str]:
    """What rows of `forms` show, in words: where the form stands (`page` is the column of the example), and its sentence."""
    many = "A form on " + count_of(rows["pages"], "page") + ", such as " + rows[page] + ", sends here. "
    start = many.where(rows["pages"] > 1, "A form on " + rows[page] + " sends here. ")
    return (start + rows["sentence"]).astype(frames.TEXT)


def write_forms(folder: RunFolder, facts: Facts) -> None:
    """Write forms.parquet in one step; raises OSError."""
    rows = frames.conform(forms(facts), FORMS)
    write_table(folder.table("forms"), pa.Table.from_pandas(rows, schema=FORMS, preserve_index=False))


@once
def forms(facts: Facts) -> pd.DataFrame:
    """Every form, in the columns of `JUDGED`: those of forms.parquet, and for the rules where what went wrong.

    `https_page` and `http_page` are pages that have it, `http_pages` how many have it over plain HTTP; `lost_at`, `lost_to` and
    `lost_by` say which redirect drops the body, `respelled` whether that one only mends the spelling; `resent_to` is the other
    site that gets it, `clear_at` the URL that gets it over plain HTTP.
    """
    mentions = facts.form_mentions
    answers, posted, allows = _answers(facts, mentions["action"])
    # As Python's objects: a form is judged by itself, and a site has few that differ.
    rows: list[dict[Any, Any]] = mentions.astype(object).where(mentions.notna(), None).to_dict("records")
    judged = list(_judged(rows, answers, posted, allows))
    return frames.conform(pd.DataFrame(judged, index=mentions.index, columns=JUDGED.names), JUDGED)


def _judged(
    mentions: list[dict[Any, Any]],
    answers: Mapping[str, Answer],
    posted: Mapping[str, Answer],
    allows: Mapping[str, str],
) -> Iterator[dict[Any, Any]]:
    for row in mentions:
        form = Form(
            action=row["action"],
            method=_METHODS[row["element"]],
            page=row["page"],
            words=frozenset(row["rel"].split()),
            allow=allows.get(urls.without_fragment(row["action"])),
        )
        first = posted.get(urls.without_fragment(form.action)) if form.method == "POST" else None
        way = send(form.action, form.method, answers, first)
        judgement = judge_form(form, way, observed=first is not None)
        yield {**row, **_described(form, way, answers, first), **judgement._asdict()}


def _described(form: Form, way: Way, answers: Mapping[str, Answer], first: Answer | None) -> dict[str, Any]:
    """The columns that say what the form is and how its way went."""
    own = answers.get(way.url_list[0])
    return {
        "method": form.method,
        "rel": " ".join(sorted(form.words)) or None,
        "sensitive": ", ".join(word for word in SENSITIVE if word in form.words) or None,
        "status": own.status if own else None,
        "error": own.error if own else None,
        "chain": draw(way.url_list, way.statuses, ["location"] * way.redirects),
        "redirect_count": way.redirects,
        "redirect_statuses": " → ".join(map(str, way.statuses[: way.redirects])) or None,
        "final_url": way.final_url,
        "final_status": way.final_status,
        "final_method": way.method,
        "allow": form.allow,
        "post_status": first.status if first else None,
        "clear_at": way.clear_at,
        "lost_at": way.lost_at,
        "lost_to": way.lost_to,
        "lost_by": way.lost_by,
        "resent_to": way.resent_to,
    }


def _answers(facts: Facts, actions: pd.Series[str]) -> tuple[dict[str, Answer], dict[str, Answer], dict[str, str]]:
    """What every URL on the ways of these actions answered, what the actions answered to POST, and their Allow."""
    asked = bare(actions.drop_duplicates())
    variants = facts.variants[among(facts.variants["of"], asked)]
    post = variants[variants["variant"] == "post"]
    starts = pd.concat([asked, bare(post["location_url"].dropna())], ignore_index=True)
    lists = facts.chains.loc[among(facts.chains["requested_url"], starts), "url_list"]
    on_the_way = pd.Series([url for path in lists for url in path], dtype=frames.TEXT)
    wanted = among(facts.responses["url"], pd.concat([starts, on_the_way], ignore_index=True))
    found = facts.responses.loc[wanted, ["url", "status", "error", "mechanism", "location_url", "method", "allow"]]
    options = variants.loc[variants["variant"] == "options", ["of", "allow"]].rename(columns={"of": "url"})
    told = pd.concat([found[["url", "allow"]].astype(object), options.astype(object)]).dropna(subset=["allow"])
    found["location_url"] = found["location_url"].where(found["mechanism"] == "location")
    allows = dict(zip(told["url"], told["allow"], strict=True))
    return _by_url(found, "url"), _by_url(post, "of"), allows


def _by_url(rows: pd.DataFrame, key: str) -> dict[str, Answer]:
    columns = rows[[key, "status", "error", "location_url", "method"]].astype(object)
    known = columns.where(columns.notna(), None)
    return {url: Answer(*answer) for url, *answer in known.itertuples(index=False)}
