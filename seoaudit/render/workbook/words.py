"""The closed words that columns hold, explained for the last sheet."""

from __future__ import annotations

OUTCOME_WORDS = {
    "ok": "The chain ends in an answer below 400.",
    "client-error": "It ends in a 4xx: not found, gone, forbidden.",
    "server-error": "It ends in a 5xx.",
    "unreachable": "Nothing answered at its end; the column Final error says why.",
    "loop": "It comes back to a URL of its own and never ends.",
    "too-many": "More than 20 redirects: browsers give up, whatever stands at the end.",
    "invalid-location": "A redirect status without a Location that can be followed.",
    "robots": "robots.txt forbids its end, which was therefore not asked.",
    "external": "It ends on another site, which is not part of this audit.",
    "unfinished": "Its end was not asked, because the audit stopped before.",
}

PERMANENCE_WORDS = {
    "permanent": "Every hop says that the page has moved for good.",
    "temporary": "Every hop says that the page is only away for now.",
    "mixed": "Some hops say the one, some the other: a search engine cannot rely on either.",
}

MECHANISM_WORDS = {
    "location": "The server answered 3xx with a Location header.",
    "refresh-header": "The server sent a Refresh header.",
    "meta-refresh": "The page has a <meta http-equiv=refresh>.",
    "javascript": "A script of the page sets its location; read from the source, not run.",
}

ERROR_WORDS = {
    "dns": "The host has no address.",
    "connect": "Nobody listens at the address, or there is no route to it.",
    "tls": "The handshake or the certificate failed.",
    "timeout": "No answer in time, or one that stalled.",
    "reset": "The connection ended before the answer was whole.",
    "malformed": "What came is not an HTTP response.",
    "too-large": "The body passed the size limit.",
    "robots": "robots.txt forbids the URL: it was never asked.",
    "invalid-url": "A host or port that no client can ask.",
}

BROWSER_WORDS = {
    "any": "Every visitor's browser asks https in place of http: the host is on the preload list they are shipped with.",
    "returning": "The browser of who was there before does; the first visit still goes out over http.",
}
VERDICT_WORDS = {
    "fine": "What the form sends arrives.",
    "see-other": "After the POST the browser is led on by GET, as is right.",
    "unclear": "A 302 that may be the answer to a POST that was read, or may lose it.",
    "resent": "A redirect keeps the method: the POST is sent again within the site.",
    "resent-elsewhere": "A redirect sends the POST with everything in it to another site.",
    "body-lost": "A redirect turns the POST into a GET, and what was typed is lost.",
    "query-dropped": "A redirect forgets what a GET form asks for.",
    "sent-in-clear": "What is typed goes over plain HTTP.",
    "not-visible": "The server does not say what it does with a POST to those who only ask.",
    "broken": "Nobody takes what the form sends.",
    "not-asked": "The action was not asked.",
    "not-http": "The action is no address of the web.",
}

WORDS = (
    ("How it ends", OUTCOME_WORDS),
    ("Permanence", PERMANENCE_WORDS),
    ("Mechanism", MECHANISM_WORDS),
    ("Error", ERROR_WORDS),
    ("Browser", BROWSER_WORDS),
    ("Verdict", VERDICT_WORDS),
)
"""Each column's header, and its words."""
