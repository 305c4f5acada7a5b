"""How to read the terms of a report: each with a source, and a date where it is a claim about a search engine."""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    """One term, what it means, and where that comes from."""

    name: str
    text: str
    source: str


_GOOGLE = "Google Search Central, Redirects and Google Search (read 2026-07-08)"
_MOVE = "Google Search Central, Site moves with URL changes (read 2026-07-08)"

GLOSSARY: tuple[Term, ...] = (
    Term(
        "Permanent redirect",
        "301, 308, a meta refresh or Refresh header of 0 seconds, and a JavaScript location. Google Search follows it and takes "
        "it as a signal that the target is the canonical URL. A chain is permanent only when every hop is.",
        _GOOGLE,
    ),
    Term(
        "Temporary redirect",
        "302, 303, 307, and a refresh of more than 0 seconds. Google Search follows it and does not take it as a signal that "
        "the target is canonical; the target may be indexed for other reasons.",
        _GOOGLE,
    ),
    Term(
        "301 and 302: what happens to a POST",
        "Browsers send GET instead and drop the body. Other methods stay as they are.",
        "WHATWG Fetch, HTTP-redirect fetch; RFC 9110, 15.4.2 and 15.4.3",
    ),
    Term(
        "303",
        "“See other”: the client asks the target with GET, whatever the method was (HEAD stays HEAD). Right after a form was "
        "sent; not a move of a page.",
        "WHATWG Fetch, HTTP-redirect fetch; RFC 9110, 15.4.4",
    ),
    Term(
        "307 and 308",
        "The temporary and the permanent redirect that keep method and body: a POST is sent again, whole, to the target.",
        "RFC 9110, 15.4.8 and 15.4.9",
    ),
    Term(
        "Wire view and browser view",
        "Findings are about the wire: what the server answered to a client without memory, as a search engine is. A browser that "
        "knows the host's HSTS policy turns http into https by itself and shows that as “307 Internal Redirect”; chains show it "
        "beside the server's answer. No server sent that 307, no search engine sees it, and it is never a finding.",
        "RFC 6797, 8.3",
    ),
    Term(
        "HSTS",
        "Strict-Transport-Security: a header that tells browsers to use https for this host from now on. It counts only over "
        "https, and it does not replace the redirect from http.",
        "RFC 6797, 7.2 and 8.1",
    ),
    Term(
        "Hop and chain",
        "A hop is one redirect; a chain is the path from the URL that was asked to where it ends. Google follows up to 10 hops "
        "and advises to redirect to the final target directly: ideally no more than 3 and fewer than 5. Browsers stop at 20.",
        f"{_MOVE}; WHATWG Fetch, HTTP-redirect fetch",
    ),
    Term("Loop", "A chain that comes back to a URL of its own: nobody ever gets an answer.", "RFC 9110, 15.4"),
    Term(
        "Loop without cookies only",
        "A chain that loops for a client without cookies and ends well for one that keeps them. People get in, search engines "
        "do not.",
        "The second pass of this audit, with a cookie jar of its own",
    ),
    Term(
        "Location",
        "The header that names the target. It may be relative; a fragment (#part) of the URL that was asked is kept when the "
        "Location has none.",
        "RFC 9110, 10.2.2; WHATWG Fetch, location URL",
    ),
    Term(
        "Refresh header, meta refresh",
        "A redirect made by the page after a delay in seconds. Always asked with GET; slower than a redirect by the server, and "
        "fewer clients follow it.",
        "HTML Standard, shared declarative refresh steps",
    ),
    Term(
        "JavaScript redirect (inferred)",
        "An assignment to location in an inline script that would run at once. The script was read, not run: such a hop is "
        "inferred.",
        "This audit",
    ),
    Term(
        "Cached by default",
        "Caches may keep 301 and 308 without being told how long; browsers often keep them for long. 302, 303 and 307 are kept "
        "only when a header says so, for instance Cache-Control: max-age.",
        "RFC 9110, 15.1; RFC 9111, 3 and 4.2",
    ),
    Term(
        "How long to keep a redirect",
        "As long as possible, generally at least one year.",
        _MOVE,
    ),
    Term(
        "Inlinks",
        "Mentions of a URL that the audit saw: links, forms, sitemap entries, canonicals, hreflang. Two links on one page are two.",
        "This audit",
    ),
    Term(
        "Cause",
        "What the findings of one rule have in common when one change on the server ends them all, such as the move from http to https. “In common” is the same where each URL still needs a change of its own.",
        "This audit",
    ),
    Term(
        "Severity",
        "Critical: people or search engines do not reach the page, or leave https. High: the promise of a redirect is broken. "
        "Medium: it works, at a cost. Low: worth fixing when you are there. Info: nothing to fix.",
        "This audit",
    ),
)
