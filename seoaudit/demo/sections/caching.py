"""Who may keep a redirect, and what it sets."""

from seoaudit.demo.answers import Section, moved

TARGET = "/products/shelf/"

SECTION = Section(
    path="/caching/",
    title="Cookies and caches",
    intro="A browser may keep a permanent redirect for as long as it likes. What it kept cannot be called back.",
    answers=(
        moved("/caching/forever", 301, TARGET, "A 301 without a lifetime"),
        moved("/caching/day", 301, TARGET, "A 301 for a day", headers={"Cache-Control": "max-age=86400"}),
        moved("/caching/never", 301, TARGET, "A 301 that may not be kept", headers={"Cache-Control": "no-store"}),
        moved(
            "/caching/year",
            302,
            TARGET,
            "A temporary redirect kept for a year",
            headers={"Cache-Control": "public, max-age=31536000"},
        ),
        moved(
            "/caching/cookie",
            302,
            TARGET,
            "A shared redirect that sets a cookie",
            headers={"Cache-Control": "public, max-age=3600", "Set-Cookie": "visitor=4711; Path=/"},
        ),
        moved(
            "/caching/language",
            302,
            TARGET,
            "A redirect by the visitor's language",
            headers={"Vary": "Accept-Language"},
        ),
        moved(
            "/caching/expires", 307, TARGET, "A 307 with Expires", headers={"Expires": "Fri, 31 Dec 2100 23:59:59 GMT"}
        ),
    ),
)
