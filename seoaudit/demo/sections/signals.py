"""What a page says about its own address: canonical, hreflang, sitemap."""

from seoaudit.demo.answers import PLAIN_WWW, Section, moved, page


def _canonical(path: str) -> str:
    return f'<link rel="canonical" href="{path}">'


SECTION = Section(
    path="/signals/",
    title="Canonical, hreflang, sitemap",
    intro="Addresses meant for search engines should be final ones.",
    head="""<link rel="alternate" hreflang="en-gb" href="/signals/english">
<link rel="alternate" hreflang="de" href="/signals/deutsch">
<link rel="alternate" hreflang="fr" href="/signals/lost">
<link rel="alternate" hreflang="x-default" href="/signals/">""",
    answers=(
        page("/signals/to-redirect", "Its canonical redirects", head=_canonical("/signals/moved")),
        moved("/signals/moved", 301, "/signals/moved/end"),
        page("/signals/moved/end"),
        page(
            "/signals/by-header",
            "Its canonical, in a Link field, redirects",
            headers={"Link": '</signals/moved-too>; rel="canonical"'},
        ),
        moved("/signals/moved-too", 302, "/signals/moved/end"),
        moved("/signals/back", 301, "/signals/back/end", "A redirect to a page whose canonical points back"),
        page("/signals/back/end", head=_canonical("/signals/back")),
        page("/signals/to-lost", "Its canonical is a lost page", head=_canonical("/signals/lost")),
        page("/signals/lost", status=404),
        page("/signals/to-http", "Its canonical is plain http", head=_canonical(f"{PLAIN_WWW}/hosts/plain")),
        moved("/signals/elsewhere", 301, "/signals/elsewhere/end", "A redirect to a page that calls another canonical"),
        page("/signals/elsewhere/end", head=_canonical("/signals/deutsch")),
        page("/signals/ring/1", "Two pages that each call the other canonical", head=_canonical("/signals/ring/2")),
        page("/signals/ring/2", head=_canonical("/signals/ring/1")),
        moved("/signals/english", 301, "/signals/english/end"),
        page("/signals/english/end"),
        page("/signals/deutsch"),
        moved("/signals/in-sitemap", 301, "/signals/moved/end"),
        moved("/signals/in-gzip-sitemap", 302, "/signals/moved/end"),
        moved("/signals/in-text-sitemap", 308, "/signals/moved/end"),
        moved("/signals/in-sitemap-hreflang", 301, "/signals/moved/end"),
    ),
)
