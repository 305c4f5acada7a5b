"""Moves between HTTP and HTTPS, the apex and www, and other hosts."""

from seoaudit.demo.answers import APEX, APEX_HOST, OLD, PARTNER, PLAIN_WWW, Section, moved, page

SECTION = Section(
    path="/hosts/",
    title="HTTPS and hosts",
    intro="One site has four front doors: with and without www, with and without TLS. Three of them should lead to the fourth.",
    markup=f"""<p>Other sites: <a href="{PARTNER}/">a partner</a>, <a href="{PARTNER}/lost">a partner's lost page</a>,
      <a href="{PARTNER}/moved">a partner's moved page</a>, <a href="mailto:shop@shop.example">a letter box</a>.</p>""",
    answers=(
        moved(f"http://{APEX_HOST}/", 301, f"{APEX}/", "http, no www: the start of the crawl", hops=2),
        moved(f"{APEX}/", 301, "/", "https, no www"),
        moved(f"{PLAIN_WWW}/", 301, "/", "http, www"),
        moved(f"{PLAIN_WWW}/products/rug/", 301, "/products/rug/", "A link to http, answered by 301"),
        moved(f"{PLAIN_WWW}/hosts/temporary", 302, "/hosts/temporary", "A link to http, answered by 302"),
        page("/hosts/temporary"),
        moved(f"{APEX}/products/rug/", 301, "/products/rug/", "A link without www"),
        moved(
            f"http://{APEX_HOST}/products/rug/",
            301,
            f"{APEX}/products/rug/",
            "A link without www and without TLS",
            hops=2,
        ),
        moved(
            f"{PLAIN_WWW}/hosts/cookie",
            301,
            "/hosts/cookie",
            "A cookie that is set over http",
            headers={"Set-Cookie": "basket=12; Path=/"},
        ),
        page("/hosts/cookie"),
        page("/hosts/without-hsts", "A page that forgot HSTS"),
        moved(
            f"{PLAIN_WWW}/hosts/early",
            301,
            "/hosts/early",
            "HSTS over http, where it is ignored",
            headers={"Strict-Transport-Security": "max-age=31536000"},
        ),
        page("/hosts/early"),
        moved("/hosts/downgrade", 301, f"{PLAIN_WWW}/hosts/plain", "From https down to http"),
        page(f"{PLAIN_WWW}/hosts/plain"),
        moved("/hosts/through-http", 301, f"{PLAIN_WWW}/products/rug/", "Through http and back", hops=2),
        moved("/hosts/old-shop", 301, f"{OLD}/sale", "Over another host and back", hops=2),
        moved(f"{OLD}/sale", 301, "/products/rug/"),
        moved("/hosts/tour", 301, f"{OLD}/tour", "Over another host to a third", hops=2, outcome="external"),
        moved(f"{OLD}/tour", 301, f"{PARTNER}/", outcome="external"),
        moved("/hosts/detour", 301, "/hosts/through-http", "To a redirect that passes through http", hops=3),
        page(f"{PARTNER}/lost", status=404, asked="external=links"),
        moved(f"{PARTNER}/moved", 301, f"{PARTNER}/", outcome="external", asked="external=links"),
    ),
)
