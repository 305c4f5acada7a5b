"""Redirects that never arrive."""

from dataclasses import replace

from seoaudit.demo.answers import Answer, Section, loop, moved, page, refreshed


def _gate() -> Answer:
    """Sends away whoever has no cookie; the place it sends to sets one and sends back."""
    gate = moved("/loops/gate", 302, "/loops/cookie", "A loop only for clients without cookies", hops=2, outcome="loop")
    return replace(gate, with_cookie=page("/loops/gate", content="<p>You kept the cookie, so you may come in.</p>"))


SECTION = Section(
    path="/loops/",
    title="Loops",
    intro="Redirects that come back to where they began. Nobody ever sees a page.",
    answers=(
        *loop("/loops/1", 1, "A redirect to itself"),
        *loop("/loops/2", 2, "A loop of 2"),
        *loop("/loops/3", 3, "A loop of 3"),
        *loop("/loops/7", 7, "A loop of 7"),
        moved("/loops/tail/1", 301, "/loops/tail/2", "Two redirects that end in the loop of 3", hops=5, outcome="loop"),
        moved("/loops/tail/2", 301, "/loops/3/1", hops=4, outcome="loop"),
        moved("/loops/meta", 301, "/loops/meta/back", "A loop of a 301 and a meta refresh", hops=2, outcome="loop"),
        refreshed(
            "/loops/meta/back",
            "/loops/meta",
            "",
            head='<meta http-equiv="refresh" content="0; url=/loops/meta">',
            hops=2,
            outcome="loop",
        ),
        _gate(),
        moved(
            "/loops/cookie", 302, "/loops/gate", headers={"Set-Cookie": "seen=1; Path=/loops/"}, hops=2, outcome="loop"
        ),
    ),
)
