"""Where redirects end that do not end well."""

from seoaudit.demo.answers import (
    CLOSED_HOST,
    EXPIRED_HOST,
    INTRANET_HOST,
    NAMELESS_HOST,
    ODD_PORT,
    PARTNER,
    WRONG_NAME_HOST,
    Answer,
    Section,
    Truth,
    at,
    moved,
    page,
)
from seoaudit.records import FetchError, Outcome


def _end(path: str, status: int, title: str, outcome: Outcome) -> tuple[Answer, Answer]:
    """A 301 and the page with an error status that it leads to."""
    return moved(path, 301, f"{path}/end", title, outcome=outcome), page(f"{path}/end", status=status)


def _unreachable(path: str, url: str, title: str, error: FetchError) -> tuple[Answer, Answer]:
    """A 301 out of the site to a URL that nobody can reach; the server never gets to answer that one."""
    return moved(path, 301, url, title, outcome="external"), Answer(url=url, raw=b"", truth=Truth(error=error))


SECTION = Section(
    path="/endings/",
    title="Endings",
    intro="A redirect is only as good as the page at its end.",
    answers=(
        *_end("/endings/404", 404, "Ends at 404 Not Found", "client-error"),
        *_end("/endings/410", 410, "Ends at 410 Gone", "client-error"),
        *_end("/endings/401", 401, "Ends at 401 Unauthorized", "client-error"),
        *_end("/endings/403", 403, "Ends at 403 Forbidden", "client-error"),
        *_end("/endings/500", 500, "Ends at 500 Internal Server Error", "server-error"),
        *_end("/endings/503", 503, "Ends at 503 Service Unavailable", "server-error"),
        moved(
            "/endings/far",
            302,
            "/endings/404",
            "A chain that ends at 404",
            hops=2,
            outcome="client-error",
            permanence="mixed",
        ),
        *_unreachable("/endings/no-host", f"https://{NAMELESS_HOST}/", "Ends at a host without address", "dns"),
        *_unreachable("/endings/no-server", f"https://{CLOSED_HOST}/", "Ends where nobody listens", "connect"),
        *_unreachable("/endings/expired", f"https://{EXPIRED_HOST}/", "Ends at an expired certificate", "tls"),
        *_unreachable("/endings/other-name", f"https://{WRONG_NAME_HOST}/", "Ends at another's certificate", "tls"),
        moved("/endings/silent", 301, "/faults/empty", "Ends where the server hangs up", outcome="unreachable"),
        moved("/endings/private", 301, "/private/report", "Ends where robots.txt forbids to look", outcome="robots"),
        Answer(url=at("/private/report"), truth=Truth(error="robots")),
        moved("/endings/hidden", 301, "/endings/hidden/end", "Ends at a page marked noindex"),
        page("/endings/hidden/end", head='<meta name="robots" content="noindex">'),
        moved("/endings/manual", 301, "/files/manual.pdf", "A page that became a PDF"),
        Answer(url=at("/files/manual.pdf"), headers=(("Content-Type", b"application/pdf"),), body=b"%PDF-1.4\n%%EOF\n"),
        moved(
            "/endings/intranet",
            302,
            f"http://{INTRANET_HOST}:8080/",
            "Ends at an address of somebody's own network",
            outcome="external",
        ),
        page(f"http://{INTRANET_HOST}:8080/"),
        moved("/endings/port", 301, f"{ODD_PORT}/", "Ends at a port that firewalls close", outcome="external"),
        page(f"{ODD_PORT}/"),
        moved("/endings/account", 301, "/login?next=/endings/account", "Ends at a login page"),
        page("/login?next=/endings/account"),
        moved("/endings/partner", 301, f"{PARTNER}/", "Ends on another site", outcome="external"),
        page(f"{PARTNER}/"),
        moved(
            "/endings/partner-404",
            301,
            f"{PARTNER}/gone",
            "Ends on another site that has lost the page",
            outcome="external",
        ),
        page(f"{PARTNER}/gone", status=404),
    ),
)
