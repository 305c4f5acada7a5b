"""What people write into the Location field."""

from seoaudit.demo.answers import IDN_HOST, PARTNER, WWW, WWW_HOST, Answer, Section, Truth, at, moved, page

TARGET = "/products/chair/"


def _invalid(path: str, title: str, *values: bytes) -> Answer:
    """A 301 whose Location leads nowhere (WHATWG Fetch, HTTP-redirect fetch: null or failure)."""
    return Answer(
        url=at(path),
        title=title,
        status=301,
        headers=tuple(("Location", value) for value in values),
        body=b"Moved, but where?\n",
        truth=Truth(outcome="invalid-location", permanence="permanent"),
    )


SECTION = Section(
    path="/location/",
    title="Location fields",
    intro="The field names a URL, absolute or relative to the request. Everything else is a guess, and clients guess differently.",
    markup="""<p>Links with a fragment: <a href="/location/keeps-fragment#size">the redirect keeps it</a>,
      <a href="/location/sets-fragment#size">the redirect sets another</a>.</p>""",
    answers=(
        _invalid("/location/missing", "No Location at all"),
        _invalid("/location/empty", "An empty Location", b""),
        _invalid("/location/two", "Two different Location fields", b"/products/chair/", b"/products/desk/"),
        _invalid("/location/unparsable", "An unparsable Location", b"https://[broken/"),
        _invalid("/location/spaces", "Spaces in the host", b"https://www shop example/"),
        _invalid("/location/javascript", "A javascript: Location", b"javascript:alert(1)"),
        _invalid("/location/data", "A data: Location", b"data:text/html,moved"),
        _invalid("/location/mailto", "A mailto: Location", b"mailto:shop@shop.example"),
        moved("/location/relative", 301, TARGET, "A path-relative Location", location="../products/chair/"),
        moved("/location/root-relative", 301, TARGET, "A root-relative Location", location=TARGET),
        moved("/location/scheme-relative", 301, TARGET, "A Location without scheme", location=f"//{WWW_HOST}{TARGET}"),
        moved("/location/query", 301, "/location/query?page=2", "A query only", location="?page=2"),
        page("/location/query?page=2"),
        moved("/location/hash", 301, "/location/hash#top", "A fragment only: a loop", location="#top", outcome="loop"),
        moved(
            "/location/backslash",
            302,
            f"{PARTNER}/",
            "A backslash that leads to another site",
            location="/\\partner.example/",
            outcome="external",
        ),
        moved("/location/utf-8", 301, "/products/caf%C3%A9/", "Raw UTF-8 bytes", location="/products/café/"),
        page("/products/caf%C3%A9/"),
        moved("/location/latin-1", 301, "/products/caf%E9/", "Raw latin-1 bytes", location=b"/products/caf\xe9/"),
        page("/products/caf%E9/"),
        moved(
            "/location/idn",
            302,
            f"https://{IDN_HOST}/",
            "A host name with an umlaut",
            location="https://bücher.example/",
            outcome="external",
        ),
        page(f"https://{IDN_HOST}/"),
        moved("/location/space", 301, "/location/two%20words", "A space in the path", location="/location/two words"),
        page("/location/two%20words"),
        moved("/location/padded", 301, TARGET, "White space around it", location=f"  {WWW}{TARGET}\t"),
        moved(
            "/location/brackets",
            301,
            "/location/%3Chttps://www.shop.example/products/chair/%3E",
            "A Location in angle brackets",
            location=f"<{WWW}{TARGET}>",
            outcome="client-error",
        ),
        page("/location/%3Chttps://www.shop.example/products/chair/%3E", status=404),
        moved(
            "/location/undefined",
            301,
            "/location/undefined/undefined",
            "A template that knew no target",
            outcome="client-error",
        ),
        page("/location/undefined/undefined", status=404),
        moved("/location/double-slash", 301, "/location//double-slash", "A double slash"),
        page("/location//double-slash"),
        moved(
            "/location/session",
            302,
            "/location/session/end?PHPSESSID=0f3a9c2b7d1e4f58",
            "A session id in the target",
        ),
        page("/location/session/end?PHPSESSID=0f3a9c2b7d1e4f58"),
        *(
            moved(
                f"/location/{'grow/' * times}",
                301,
                f"/location/{'grow/' * (times + 1)}",
                "A path that grows" if times == 1 else "",
                location="grow/",
                hops=4 - times,
                outcome="client-error",
            )
            for times in (1, 2, 3)
        ),
        page("/location/grow/grow/grow/grow/", status=404),
        moved("/location/keeps-fragment", 301, TARGET),
        moved("/location/sets-fragment", 301, f"{TARGET}#material"),
        Answer(
            url=at("/location/twice"),
            title="The same Location twice",
            status=301,
            headers=(("Location", at(TARGET).encode()),) * 2,
            body=b"Moved.\n",
            truth=Truth(mechanism="location", location_url=at(TARGET), hops=1, outcome="ok", permanence="permanent"),
        ),
    ),
)
