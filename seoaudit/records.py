"""What the rooms hand to each other: one dataclass a thing, and the closed words that columns may hold (standard library only)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Literal, NamedTuple, get_args

Mechanism = Literal["location", "refresh-header", "meta-refresh", "javascript"]
"""How a response sends a client elsewhere, strongest first. `javascript` is inferred from the source, never run."""

FetchError = Literal[
    "dns",  # the host has no address
    "connect",  # nobody listens, or no route
    "tls",  # the handshake or the certificate failed
    "timeout",  # no answer, or a stalled one, in time
    "reset",  # the connection ended before the answer was whole
    "malformed",  # bytes came that are not an HTTP response
    "too-large",  # the body passed the size limit
    "robots",  # robots.txt forbids it: never asked
    "invalid-url",  # a host or port that no client can ask
]

Outcome = Literal[
    "ok",
    "client-error",
    "server-error",
    "unreachable",
    "loop",
    "too-many",
    "invalid-location",
    "robots",
    "external",
    "unfinished",
]
"""The one way in which a chain ends."""

ProbeKind = Literal["entry", "scheme", "slash", "doubled-slash", "case", "index", "form", "redirect"]
"""Why a URL that no page mentions is asked; `redirect` is where another probe led."""

FormVerdict = Literal[
    "fine",  # the request arrives as the form sends it
    "see-other",  # sent on by GET after the POST, as post/redirect/get asks
    "unclear",  # a 302 that may be the answer to a POST, or may lose it
    "resent",  # sent again, with its body, within the site
    "resent-elsewhere",  # sent again, with its body, to another site
    "body-lost",  # the POST becomes a GET before anybody read it
    "query-dropped",  # the redirect forgets what a GET form asks for
    "sent-in-clear",  # over plain HTTP
    "not-visible",  # the server does not say by GET what it does with a POST
    "broken",  # nobody takes it
    "not-asked",  # nobody asked the action
    "not-http",  # no address of the web
]
"""What becomes of what a form sends, in one word."""

VariantKind = Literal["options", "post", "googlebot", "browser", "language-de", "language-fr", "language-ja", "marker"]
"""In which other way a URL is asked once more."""

Permanence = Literal["permanent", "temporary", "mixed"]
Severity = Literal["critical", "high", "medium", "low", "info"]

ChangeKind = Literal["new", "regressed", "changed", "fixed", "not-seen-again"]
"""What became of a finding between two runs; `regressed` was fixed in an earlier run and is back."""

ContractState = Literal["kept", "broken", "expired", "unchecked", "unmatched"]
"""How a redirect stands to its `[[expected]]` entry; `unchecked` had no answer, `unmatched` is an entry without any URL."""

ERRORS: tuple[FetchError, ...] = get_args(FetchError)
MECHANISMS: tuple[Mechanism, ...] = get_args(Mechanism)
PROBE_KINDS: tuple[ProbeKind, ...] = get_args(ProbeKind)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
FORM_VERDICTS: tuple[FormVerdict, ...] = get_args(FormVerdict)
CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
CONTRACT_STATES: tuple[ContractState, ...] = get_args(ContractState)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

MAX_REDIRECTS = 20
"""More redirects than this are a network error (WHATWG Fetch, HTTP-redirect fetch, step 9: "If request's redirect count is 20")."""

HTML_TYPES = ("text/html", "application/xhtml+xml")
"""Media types that a browser reads as a page (WHATWG MIME Sniffing, "HTML MIME type", and XHTML)."""

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
"""WHATWG Fetch, "redirect status"."""

PAGE_ELEMENTS = frozenset(
    {
        "start",
        "list",
        "a",
        "area",
        "iframe",
        "frame",
        "canonical",
        "hreflang",
        "next",
        "prev",
        "amphtml",
        "sitemap",
        "redirect",
    }
)
"""Mentions whose targets are asked when they lie in scope."""

ASSET_ELEMENTS = frozenset({"img", "script", "stylesheet", "icon", "preload", "source", "video"})
"""Mentions whose targets are asked only with `assets=1`."""

FORM_ELEMENTS = frozenset({"form-get", "form-post"})
"""Mentions that are never followed: a form is not submitted."""

PROBE_ELEMENTS = frozenset({"probe"})
"""Mentions of our own: URLs that the audit asks although nothing on the site may mention them."""

FILE_ELEMENTS = frozenset({"robots-txt", "sitemap-file"})
"""Files that a crawler reads for itself; `sitemap-file` is a sitemap or sitemap index."""


class Mention(NamedTuple):
    """One mention of a URL by a page, header, sitemap or by the person who started the audit.

    `target` is the WHATWG URL without fragment; `href` the text as written, None where it equals the target. For `hreflang`
    the `text` is the language code.
    """

    target: str
    element: str
    text: str | None = None
    rel: str | None = None
    href: str | None = None


@dataclass(slots=True, kw_only=True)
class Response:
    """One URL requested, once: its answer, or its failure. Field by field the columns of `responses.parquet` (docs/data.md)."""

    url: str
    method: str = "GET"
    status: int | None = None
    error: FetchError | None = None
    error_detail: str | None = None
    mechanism: Mechanism | None = None
    location: str | None = None
    location_count: int = 0
    location_url: str | None = None
    refresh_delay: float | None = None
    noscript_refresh_url: str | None = None
    in_scope: bool = True
    probe: ProbeKind | None = None
    depth: int = 0
    hops: int = 0
    retries: int = 0
    media_type: str | None = None
    body_bytes: int | None = None
    latency_ms: float | None = None
    fetched_at: float | None = None
    protocol: str | None = None
    ip_address: str | None = None
    certificate_error: str | None = None
    title: str | None = None
    canonical: str | None = None
    robots_meta: str | None = None
    x_robots_tag: str | None = None
    cache_control: str | None = None
    expires: str | None = None
    age: str | None = None
    date: str | None = None
    last_modified: str | None = None
    vary: str | None = None
    hsts: str | None = None
    hsts_count: int = 0
    allow: str | None = None
    set_cookie_names: str | None = None
    content_encoding: str | None = None
    retry_after: str | None = None
    server: str | None = None
    links: list[Mention] = field(default_factory=list)


RESPONSE_FIELDS: tuple[str, ...] = tuple(f.name for f in fields(Response) if f.name != "links")


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing that kept the audit from seeing everything, told in the report: what, how many URLs, and the argument that lifts it."""

    name: str
    count: int
    detail: str
