"""A redirect from a file of one kind to a page or a file of another kind, told by the source's extension and the answer's media type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify.entries import LOGIN_URL, entries, path_of
from seoaudit.classify.evidence import drawn, say
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts


EXTENSIONS = {
    "page": ("html", "htm", "xhtml", "shtml"),
    "image": ("png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico", "bmp"),
    "document": ("pdf", "doc", "docx", "odt", "xls", "xlsx", "ods", "ppt", "pptx", "odp", "epub"),
    "style": ("css",),
    "script": ("js", "mjs"),
    "font": ("woff", "woff2", "ttf", "otf"),
}
KIND_OF = {extension: kind for kind, extensions in EXTENSIONS.items() for extension in extensions}
MEDIA_TYPES = {
    "page": r"text/html|application/xhtml\+xml",
    "image": r"image/.*",
    "document": r"application/(?:pdf|msword|epub.*|vnd\.(?:ms-|openxml|oasis).*)",
    "style": r"text/css",
    "script": r"(?:text|application)/(?:javascript|ecmascript|x-javascript)",
    "font": r"(?:font|application/(?:x-)?font)[/-].*",
}


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met; kinds that are not known are left alone."""
    types = facts.responses.drop_duplicates("url").set_index("url")["media_type"]
    chains = entries(facts)
    before = path_of(chains["url"]).str.extract(r"\.(\w{1,5})$", expand=False).str.lower().map(KIND_OF).astype("str")
    media = chains["final_url"].map(types).astype("str")
    after = pd.Series(pd.NA, index=chains.index, dtype="str")
    for kind, pattern in MEDIA_TYPES.items():
        after = after.mask(media.str.fullmatch(pattern).fillna(value=False), kind)
    good = (chains["final_status"] == 200) & ~chains["final_url"].str.contains(LOGIN_URL)
    rows = chains.assign(before=before, after=after, media=media)
    rows = rows[good & before.notna() & after.notna() & (before != after)]
    return rows[["url"]].assign(
        detail=say(rows, "Instead of the kind {before} comes the kind {after} ({media}): {chain}.", chain=drawn(rows)),
        fix=say(rows, "Point {url} at what replaces it, of the kind {before}, or answer 410; {final_url} is {media}."),
    )


RULE = Rule(
    title="Redirect to another kind of file",
    family="Targets",
    severity="medium",
    why="Where an image or a script is asked for, a web page is no use: the place stays empty or the script fails. Where a page is asked "
    "for, a download surprises. It is mostly a rule whose pattern catches too much.",
    fix="Narrow the pattern of the rule, and redirect each file to its like.",
    references=(
        rfc(9110, "8.3"),
        search_central(
            "crawling-indexing/site-move-with-url-changes",
            "Site moves with URL changes: images and files need redirects of their own",
        ),
    ),
    since="0.1",
    find=find,
    inferred="What the old URL was is inferred from its extension.",
)
