"""What an audit asks and what it leaves alone, as its arguments, robots.txt and the site's own redirects say."""

from __future__ import annotations

import gzip
import socket
from typing import TYPE_CHECKING

import pytest
from audits import Audit, audit, crawl
from servers import Asked, Reply, Scripted, ScriptedServer, answer, page, redirect

from seoaudit.demo.certificates import Authority

if TYPE_CHECKING:
    import ssl
    from pathlib import Path


def robots(*lines: str) -> bytes:
    return answer(body="\n".join(lines), media_type="text/plain")


FORBID_PRIVATE = robots("User-agent: *", "Disallow: /private")
SITE: dict[str, Scripted] = {
    "/": page("/a", "/old", "https://outside.example/link"),
    "/a": page("/b", "/docs/x"),
    "/b": page("/c"),
    "/c": page(),
    "/old": redirect("/older"),
    "/older": redirect("/oldest", 302),
    "/oldest": redirect("/a"),
    "/docs/x": page("/docs/y?print=1"),
    "/docs/y?print=1": page(),
}


def asked_for(server: ScriptedServer) -> set[str]:
    """What was asked but what every audit asks."""
    return server.targets() - {"/robots.txt", "/sitemap.xml"}


def test_a_site_is_crawled_whole_with_one_row_a_url(tmp_path: Path) -> None:
    with ScriptedServer(SITE) as server:
        found = crawl(tmp_path, f"{server.url}/")
        rows = {url.removeprefix(server.url): row for url, row in found.rows.items()}
        assert {path for path in rows if path.startswith("/")} == {*SITE, "/robots.txt", "/sitemap.xml"}
        assert max(server.counts().values()) == 1
    assert {path: rows[path]["depth"] for path in ("/", "/a", "/b", "/c", "/old", "/oldest")} == {
        "/": 0,
        "/a": 1,
        "/b": 2,
        "/c": 3,
        "/old": 1,
        "/oldest": 1,
    }
    assert rows["/oldest"]["hops"] == 2
    info = found.info
    assert (info.state, info.finish_reason, info.urls_left, info.adopted_host, info.failure) == (
        "finished",
        "finished",
        0,
        None,
        None,
    )
    assert info.urls_requested == len(found.rows)
    assert info.hosts == sorted({f"127.0.0.1:{server.port}", f"www.127.0.0.1:{server.port}"})
    seeds = [
        (link["element"], link["target"].removeprefix(server.url))
        for link in found.table("links")
        if link["source"] is None
    ]
    assert ("start", "/") in seeds
    assert ("robots-txt", "/robots.txt") in seeds
    assert ("sitemap-file", "/sitemap.xml") in seeds


def test_robots_txt_is_asked_first_and_what_it_forbids_is_a_row(tmp_path: Path) -> None:
    site = {
        "/robots.txt": FORBID_PRIVATE,
        "/": page("/private/x", "/private/y"),
        "/private/x": page(),
        "/a": redirect("/private/z"),
    }
    with ScriptedServer(site) as server:
        found = crawl(tmp_path, f"{server.url}/")
        assert server.asked[0].target == "/robots.txt"
        assert asked_for(server) == {"/"}
        row = found.rows[f"{server.url}/private/x"]
    assert (row["status"], row["error"], row["latency_ms"]) == (None, "robots", None)
    assert "forbids" in row["error_detail"]
    assert found.info.state == "finished"
    assert found.limits()["robots"] == 2


def test_robots_txt_may_be_ignored_and_the_report_is_told(tmp_path: Path) -> None:
    site = {"/robots.txt": FORBID_PRIVATE, "/": page("/private/x"), "/private/x": page()}
    with ScriptedServer(site) as server:
        found = crawl(tmp_path, f"{server.url}/", robots="ignore")
        assert asked_for(server) == {"/", "/private/x"}
    assert "robots" in found.limits()


def test_a_group_of_our_own_counts_and_follows_the_user_agent(tmp_path: Path) -> None:
    rules = robots("User-agent: seoaudit", "Disallow: /ours", "User-agent: mybot", "Disallow: /theirs")
    site = {"/robots.txt": rules, "/": page("/ours", "/theirs"), "/ours": page(), "/theirs": page()}
    with ScriptedServer(site) as server:
        crawl(tmp_path, f"{server.url}/")
        assert asked_for(server) == {"/", "/theirs"}
        assert {asked.header("User-Agent") for asked in server.asked} == {"seoaudit/0.1 (redirect audit)"}
        server.asked.clear()
        crawl(tmp_path, f"{server.url}/", user_agent="MyBot/2.0 (+https://example.com/bot)")
        assert asked_for(server) == {"/", "/ours"}
        assert {asked.header("User-Agent") for asked in server.asked} == {"MyBot/2.0 (+https://example.com/bot)"}


def test_a_robots_txt_that_redirects_is_obeyed(tmp_path: Path) -> None:
    """Redirects switched off for pages must not switch them off here: an empty redirect would allow everything."""
    site = {
        "/robots.txt": redirect("/robots/current"),
        "/robots/current": robots("User-agent: *", "Disallow: /private", "Sitemap: {root}/map.xml"),
        "/": page("/private/x", "/robots.txt", "/robots/current"),
        "/private/x": page(),
        "/map.xml": answer(body="<urlset/>", media_type="application/xml"),
    }
    with ScriptedServer(site) as server:
        server.answers["/robots/current"] = robots(
            "User-agent: *", "Disallow: /private", f"Sitemap: {server.url}/map.xml"
        )
        found = crawl(tmp_path, f"{server.url}/")
        # Once for its rules, and once as the page that it is as well.
        assert server.counts() == {"/robots.txt": 1, "/robots/current": 2, "/": 1, "/map.xml": 1}
        assert found.rows[f"{server.url}/private/x"]["error"] == "robots"
        assert found.rows[f"{server.url}/robots.txt"]["mechanism"] == "location"


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_robots_txt_in_trouble_forbids_everything(tmp_path: Path, status: int) -> None:
    with ScriptedServer({**SITE, "/robots.txt": answer(status)}) as server:
        found = crawl(tmp_path, f"{server.url}/")
        assert server.targets() == {"/robots.txt"}
        assert found.rows[f"{server.url}/"]["error"] == "robots"
    assert str(status) in found.rows[f"{server.url}/"]["error_detail"]
    assert "robots.txt" in found.limits()


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_robots_txt_that_is_not_there_forbids_nothing(tmp_path: Path, status: int) -> None:
    with ScriptedServer({"/": page(), "/robots.txt": answer(status)}) as server:
        crawl(tmp_path, f"{server.url}/")
        assert asked_for(server) == {"/"}


def test_a_linked_robots_txt_of_the_twin_host_is_still_obeyed(tmp_path: Path) -> None:
    hosts = ("example.com", "www.example.com")
    site = {
        "example.com/": page("http://www.example.com/robots.txt", "http://www.example.com/private/x"),
        "www.example.com/robots.txt": FORBID_PRIVATE,
        "www.example.com/private/x": page(),
    }
    with ScriptedServer(site) as server:
        found = crawl(tmp_path, "http://example.com/", connect_to=server.route(*hosts))
        assert found.rows["http://www.example.com/private/x"]["error"] == "robots"
        assert [asked.host for asked in server.asked if asked.target == "/robots.txt"] == list(hosts)


def test_each_host_has_a_robots_txt_of_its_own_and_outside_targets_obey_theirs(tmp_path: Path) -> None:
    site = {
        "example.com/": page("/a", "/b"),
        "example.com/a": redirect("http://other.example/open"),
        "example.com/b": redirect("http://other.example/private/x"),
        "other.example/robots.txt": FORBID_PRIVATE,
        "other.example/open": page("http://example.com/never-found-there"),
    }
    with ScriptedServer(site) as server:
        found = crawl(tmp_path, "http://example.com/", connect_to=server.route("example.com", "other.example"))
        assert [asked.method for asked in server.asked if asked.target == "/open"] == ["HEAD"]
        assert "/private/x" not in server.targets()
    assert found.rows["http://other.example/private/x"]["error"] == "robots"
    assert found.rows["http://other.example/open"]["in_scope"] is False


def test_max_urls_stops_and_says_how_many_are_left(tmp_path: Path) -> None:
    with ScriptedServer({"/": page(*(f"/{number}" for number in range(50)))}) as server:
        found = crawl(tmp_path, f"{server.url}/", max_urls="10")
        assert len(server.targets() - {"/robots.txt"}) == 10
    assert found.info.state == "finished"
    assert found.info.urls_left > 0
    assert found.limits()["max_urls"] == found.info.urls_left


def test_max_depth_counts_links_and_hops_do_not_count(tmp_path: Path) -> None:
    with ScriptedServer(SITE) as server:
        found = crawl(tmp_path, f"{server.url}/", max_depth="1")
        assert asked_for(server) == {"/", "/a", "/old", "/older", "/oldest"}
    assert found.limits() == {"max_depth": 2}
    with ScriptedServer(SITE) as server:
        crawl(tmp_path, f"{server.url}/", max_depth="0")
        assert asked_for(server) == {"/"}


def test_include_and_exclude_choose(tmp_path: Path) -> None:
    with ScriptedServer(SITE) as server:
        crawl(tmp_path, f"{server.url}/a", include="/docs/", exclude="print=")
        assert asked_for(server) == {"/a", "/docs/x"}


OUTSIDE: dict[str, Scripted] = {
    "example.com/": page("/leaves", "http://other.example/link", "http://other.example/refuses-head"),
    "example.com/leaves": redirect("http://other.example/target"),
    "other.example/target": redirect("http://other.example/end"),
    "other.example/end": page("http://other.example/deeper"),
    "other.example/link": page("http://other.example/deeper"),
    "other.example/refuses-head": lambda asked: (
        answer(405) if asked.method == "HEAD" else page("http://other.example/deeper")
    ),
}


@pytest.mark.parametrize(
    ("external", "expected"),
    [
        ("redirects", {"HEAD /target", "HEAD /end"}),
        ("links", {"HEAD /target", "HEAD /end", "HEAD /link", "HEAD /refuses-head", "GET /refuses-head"}),
        ("none", set()),
    ],
)
def test_what_lies_outside_is_asked_as_far_as_wanted(tmp_path: Path, external: str, expected: set[str]) -> None:
    with ScriptedServer(OUTSIDE) as server:
        found = crawl(
            tmp_path, "http://example.com/", external=external, connect_to=server.route("example.com", "other.example")
        )
        asked = {f"{asked.method} {asked.target}" for asked in server.asked if asked.host == "other.example"}
    assert asked - {"GET /robots.txt"} == expected
    assert found.info.urls_left == 0
    if external == "links":
        assert found.rows["http://other.example/refuses-head"]["method"] == "GET"
        assert found.rows["http://other.example/refuses-head"]["status"] == 200
    if external == "none":
        assert found.limits()["external"] == 1


def test_assets_are_asked_only_on_demand_and_a_page_is_read_even_if_it_is_also_an_asset(tmp_path: Path) -> None:
    site: dict[str, Scripted] = {
        "/": answer(
            body="<link rel=preload href=/gallery><img src=/a.png><script src=/b.js></script><a href=/gallery>x</a>"
        ),
        "/a.png": redirect("/c.png"),
        "/c.png": answer(media_type="image/png"),
        "/b.js": lambda asked: answer(405 if asked.method == "HEAD" else 200),
        "/gallery": page("/inside"),
        "/inside": page(),
    }
    with ScriptedServer(site) as server:
        crawl(tmp_path, f"{server.url}/")
        assert asked_for(server) == {"/", "/gallery", "/inside"}
        server.asked.clear()
        found = crawl(tmp_path, f"{server.url}/", assets="1")
        asked = {f"{asked.method} {asked.target}" for asked in server.asked}
    assert {"HEAD /a.png", "HEAD /c.png", "HEAD /b.js", "GET /b.js", "GET /gallery", "GET /inside"} <= asked
    assert "HEAD /gallery" not in asked
    assert found.rows[f"{server.url}/b.js"]["status"] == 200


def test_forms_are_never_submitted(tmp_path: Path) -> None:
    body = "<form action=/get><button formaction=/button>Go</button></form><form method=post action=/post></form>"
    with ScriptedServer({"/": answer(body=body)}) as server:
        found = crawl(tmp_path, f"{server.url}/", assets="1", external="links")
        assert asked_for(server) == {"/"}
    elements = {(link["element"], link["target"].removeprefix(server.url)) for link in found.table("links")}
    assert {("form-get", "/get"), ("form-get", "/button"), ("form-post", "/post")} <= elements


def test_subdomains_are_crawled_on_demand(tmp_path: Path) -> None:
    site = {
        "example.com/": page("http://blog.example.com/", "http://notexample.com/"),
        "blog.example.com/": page("/post"),
    }
    hosts = ("example.com", "blog.example.com", "notexample.com")
    with ScriptedServer(site) as server:
        crawl(tmp_path, "http://example.com/", connect_to=server.route(*hosts))
        assert {asked.host for asked in server.asked} == {"example.com"}
        crawl(tmp_path, "http://example.com/", subdomains="1", connect_to=server.route(*hosts))
        assert {asked.host for asked in server.asked} == {"example.com", "blog.example.com"}


def test_the_twin_host_and_both_schemes_are_the_site(tmp_path: Path) -> None:
    site = {
        "example.com/": redirect("http://www.example.com/"),
        "www.example.com/": page("http://example.com/a", "https://example.com/b"),
    }
    with ScriptedServer(site) as server, socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = listener.getsockname()[1]
        listener.close()
        route = server.route("example.com", "www.example.com")
        found = crawl(tmp_path, "http://example.com/", connect_to=f"{route},example.com:443:127.0.0.1:{nobody}")
    assert found.info.adopted_host is None
    assert found.rows["http://example.com/a"]["in_scope"]
    assert found.rows["https://example.com/b"]["in_scope"]
    assert found.rows["https://example.com/b"]["error"] == "connect"


NEW_SITE: dict[str, Scripted] = {
    "new.example/": page("/a", "http://old.example/x"),
    "new.example/a": page(),
}


@pytest.mark.parametrize(
    "moved",
    [
        {"old.example/": redirect("http://new.example/")},
        {"old.example/": redirect("http://between.example/"), "between.example/": redirect("http://new.example/", 302)},
        # Everything leads to the new home page, robots.txt too: it is asked for rules, and read as the page it is.
        {"old.example/": redirect("http://new.example/"), "old.example/robots.txt": redirect("http://new.example/")},
        {
            "old.example/": redirect("http://new.example/"),
            "old.example/robots.txt": redirect("http://between.example/"),
            "between.example/": redirect("http://new.example/"),
            "new.example/robots.txt": redirect("http://new.example/"),
            "new.example/sitemap.xml": redirect("http://new.example/"),
        },
    ],
    ids=["one hop", "two hops", "robots.txt as well", "everything"],
)
def test_the_site_to_which_the_start_url_leads_is_audited(tmp_path: Path, moved: dict[str, Scripted]) -> None:
    with ScriptedServer({**NEW_SITE, **moved}) as server:
        route = server.route("old.example", "between.example", "new.example")
        found = crawl(tmp_path, "http://old.example/", connect_to=route)
    assert found.info.adopted_host == "new.example"
    assert {"new.example", "www.new.example", "old.example"} <= set(found.info.hosts)
    assert found.rows["http://new.example/a"]["status"] == 200
    assert found.rows["http://new.example/"]["in_scope"]
    assert found.info.state == "finished"


def test_a_home_page_with_a_refresh_on_the_new_host_is_adopted_and_followed(tmp_path: Path) -> None:
    refresh = '<meta http-equiv="refresh" content="0; url=/en/">'
    site = {
        "old.example/": redirect("http://new.example/"),
        "new.example/": page(head=refresh),
        "new.example/en/": page("/en/a"),
    }
    with ScriptedServer(site) as server:
        found = crawl(tmp_path, "http://old.example/", connect_to=server.route("old.example", "new.example"))
    assert found.info.adopted_host == "new.example"
    assert "http://new.example/en/a" in found.rows


def test_a_home_page_that_answers_for_robots_txt_too_loses_no_link(tmp_path: Path) -> None:
    site = {**SITE, "/robots.txt": redirect("/")}
    with ScriptedServer(site) as server:
        found = crawl(tmp_path, f"{server.url}/")
        assert server.counts()["/"] == 2
        assert {f"{server.url}{path}" for path in site} <= set(found.rows)
    assert found.rows[f"{server.url}/"]["title"] == "A page"


def test_refreshes_headers_and_scripts_are_hops(tmp_path: Path) -> None:
    site: dict[str, Scripted] = {
        "/": page("/1", head='<meta http-equiv="refresh" content="30">'),
        "/1": page(head='<meta http-equiv="refresh" content="5; url=2">'),
        "/2": answer(200, "Refresh: 0; url=/3"),
        "/3": answer(body="<script>location.href = '/4'</script>"),
        "/4": answer(body="<noscript><meta http-equiv=refresh content='0; url=/without'></noscript>"),
    }
    with ScriptedServer(site) as server:
        found = crawl(tmp_path, f"{server.url}/")
        assert asked_for(server) == set(site)
        rows = found.rows
    chain = [(rows[f"{server.url}/{n}"]["mechanism"], rows[f"{server.url}/{n}"]["refresh_delay"]) for n in "1234"]
    assert chain == [("meta-refresh", 5), ("refresh-header", 0), ("javascript", None), (None, None)]
    assert rows[f"{server.url}/4"]["hops"] == 3
    assert rows[f"{server.url}/4"]["noscript_refresh_url"] == f"{server.url}/without"


def sitemap(*urls: str, index: bool = False) -> str:
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    return f"<{outer}>{''.join(f'<{inner}><loc>{url}</loc></{inner}>' for url in urls)}</{outer}>"


def test_sitemaps_named_in_robots_txt_are_read_index_gzip_and_text(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        root = server.url
        server.answers |= {
            "/robots.txt": robots(f"Sitemap: {root}/index.xml"),
            "/": page(),
            "/index.xml": answer(body=sitemap(f"{root}/1.xml.gz", f"{root}/2.txt", f"{root}/moved.xml", index=True)),
            "/1.xml.gz": answer(
                body=gzip.compress(sitemap(f"{root}/one", f"{root}/private").encode()), media_type="application/gzip"
            ),
            "/2.txt": answer(body=f"{root}/two\n{root}/three\n", media_type="text/plain"),
            "/moved.xml": redirect("/3.xml"),
            "/3.xml": answer(200, "Content-Encoding: gzip", body=gzip.compress(sitemap(f"{root}/four").encode())),
        }
        found = crawl(tmp_path, f"{root}/")
        pages = {"/one", "/private", "/two", "/three", "/four"}
        assert server.targets() == {*server.answers, *pages}
    elements = {link["target"].removeprefix(root): link["element"] for link in found.table("links")}
    assert {elements[path] for path in pages} == {"sitemap"}
    assert elements["/1.xml.gz"] == "sitemap-file"


def test_without_a_named_sitemap_the_usual_place_is_tried(tmp_path: Path) -> None:
    with ScriptedServer({"/": page()}) as server:
        server.answers["/sitemap.xml"] = answer(body=sitemap(f"{server.url}/listed"), media_type="application/xml")
        crawl(tmp_path, f"{server.url}/")
        assert "/listed" in server.targets()


def test_a_catch_all_for_the_sitemap_loses_no_link(tmp_path: Path) -> None:
    site = {"/": answer(body="no links"), "/sitemap.xml": redirect("/welcome"), "/welcome": page("/inside")}
    with ScriptedServer(site) as server:
        crawl(tmp_path, f"{server.url}/")
        assert "/inside" in server.targets()


def listed(folder: Path, *urls: str) -> str:
    file = folder / "urls.txt"
    file.write_text("\n".join(urls))
    return str(file)


def test_a_list_is_asked_in_its_order_followed_to_the_end_and_nothing_else_is_crawled(tmp_path: Path) -> None:
    with ScriptedServer(SITE) as server:
        root = server.url
        server.answers["/robots.txt"] = robots(f"Sitemap: {root}/map.xml")
        urls = [f"{root}/docs/x", f"{root}/old", f"{root}/missing", f"{root}/c"]
        found = crawl(tmp_path, urls=listed(tmp_path, *urls), concurrency="1")
        assert [asked.target for asked in server.asked] == [
            "/robots.txt",
            "/docs/x",
            "/old",
            "/missing",
            "/c",
            "/older",
            "/oldest",
            "/a",
        ]
    assert found.info.listed_urls == urls
    assert found.info.start == urls[0]
    assert {link["element"] for link in found.table("links") if link["source"] is None} == {"list", "robots-txt"}


def test_in_list_mode_the_start_url_only_names_the_site(tmp_path: Path) -> None:
    with ScriptedServer(SITE) as server:
        found = crawl(tmp_path, "http://name.example/", urls=listed(tmp_path, f"{server.url}/c"))
        assert asked_for(server) == {"/c"}
    assert found.info.site == "name.example"
    assert found.rows[f"{server.url}/c"]["in_scope"]
    assert found.info.state == "finished"


def test_a_list_may_name_several_sites(tmp_path: Path) -> None:
    site = {
        "one.example/": redirect("http://two.example/x"),
        "two.example/": page(),
        "two.example/x": redirect("http://three.example/"),
    }
    with ScriptedServer(site) as server:
        route = server.route("one.example", "two.example", "three.example")
        file = listed(tmp_path, "http://one.example/", "http://two.example/")
        found = crawl(tmp_path, urls=file, connect_to=route)
        asked = {
            f"{asked.method} {asked.host}{asked.target}" for asked in server.asked if asked.target != "/robots.txt"
        }
    assert asked == {
        "GET one.example/",
        "GET two.example/",
        "GET two.example/x",
        "HEAD three.example/",
        "GET three.example/",
    }
    assert not found.rows["http://three.example/"]["in_scope"]


def test_a_loop_for_lack_of_cookies_is_walked_again_with_them(tmp_path: Path) -> None:
    def gate(asked: Asked) -> bytes:
        return page() if asked.header("Cookie") else redirect("/set", 302)

    site: dict[str, Scripted] = {
        "/": page("/gate", "/gone"),
        "/gate": gate,
        "/set": answer(302, "Location: /gate", "Set-Cookie: seen=caf\xe9; Path=/"),
        "/gone": redirect("/404"),
    }
    with ScriptedServer(site) as server:
        found = crawl(tmp_path, f"{server.url}/")
        walks = {walk["requested_url"].removeprefix(server.url): walk for walk in found.table("rewalks")}
    assert found.info.state == "finished", found.err
    loop = next(walk for path, walk in walks.items() if path in ("/gate", "/set"))
    assert (loop["outcome"], loop["cookie_names"], loop["final_status"]) == ("ok", "seen", 200)
    assert (walks["/gone"]["outcome"], walks["/gone"]["redirect_count"]) == ("client-error", 1)


def test_a_chain_that_never_ends_ends(tmp_path: Path) -> None:
    def further(asked: Asked) -> bytes:
        return redirect(f"/{int(asked.target[1:] or 0) + 1}")

    with ScriptedServer({"/": further} | {f"/{number}": further for number in range(200)}) as server:
        found = crawl(tmp_path, f"{server.url}/")
        assert len(found.rows) == 102
    assert found.limits() == {"hops": 1}


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, str]:
    folder = tmp_path_factory.mktemp("tls")
    authority = Authority()
    authority.write(folder / "ca.pem")
    return authority.context(["example.com"], folder), str(folder / "ca.pem")


def over_tls(folder: Path, context: ssl.SSLContext, **arguments: str) -> Audit:
    two = Reply(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n")
    with ScriptedServer({"/": page("/two"), "/two": two}, context=context) as server:
        return crawl(folder, "https://example.com/", connect_to=server.route("example.com", port=443), **arguments)


def test_https_is_verified_against_the_given_authority_by_both_clients(
    tmp_path: Path, tls: tuple[ssl.SSLContext, str]
) -> None:
    found = over_tls(tmp_path, tls[0], ca_file=tls[1])
    assert found.rows["https://example.com/"]["status"] == 200
    assert found.rows["https://example.com/two"]["location_count"] == 2
    assert {row["certificate_error"] for row in found.rows.values()} == {None}


def test_a_bad_certificate_is_a_row_and_insecure_goes_on_and_says_so(
    tmp_path: Path, tls: tuple[ssl.SSLContext, str]
) -> None:
    refused = over_tls(tmp_path, tls[0])
    assert {row["error"] for row in refused.rows.values()} == {"tls"}
    assert refused.info.state == "failed"
    found = over_tls(tmp_path, tls[0], insecure="1")
    assert {row["status"] for row in found.rows.values()} == {200, 302, 404}
    assert all(row["certificate_error"] for row in found.rows.values())
    assert "insecure" in found.limits()


def test_ipv6_hosts_and_internationalised_names_are_audited(tmp_path: Path) -> None:
    try:
        server = ScriptedServer({"/": page("/ä?ö=ü")}, address="::1")
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with server:
        found = crawl(tmp_path, f"{server.url}/")
        assert f"{server.url}/%C3%A4?%C3%B6=%C3%BC" in found.rows
        assert found.folder.path.parent.name == f"ipv6---1_{server.port}"
    with ScriptedServer({"xn--bcher-kva.example/": page("http://BÜCHER.example/x")}) as server:
        found = crawl(tmp_path, "http://bücher.example/", connect_to=server.route("xn--bcher-kva.example"))
    assert "http://xn--bcher-kva.example/x" in found.rows


def test_the_whole_audit_leaves_reports_and_says_where(tmp_path: Path) -> None:
    with ScriptedServer(SITE) as server:
        found = audit(tmp_path, f"{server.url}/")
    assert found.exit_code == 0
    assert found.err == ""
    for file in (found.folder.html, found.folder.workbook):
        assert file.stat().st_size > 1000
        assert str(file.relative_to(tmp_path)) in found.out
    assert {row["requested_url"].removeprefix(server.url) for row in found.table("chains")} == {
        "/old",
        "/older",
        "/oldest",
    }


def test_entry_points_that_nothing_led_to_are_named(tmp_path: Path) -> None:
    with ScriptedServer({"example.com/": page("https://example.com/x")}) as server:
        found = crawl(tmp_path, "http://example.com/", connect_to=server.route("example.com", "www.example.com"))
    (limit,) = [limit for limit in found.info.limits if limit.name == "entry points"]
    assert limit.count == 2
    assert "http://www.example.com/, https://www.example.com/" in limit.detail


@pytest.mark.parametrize(("given", "most"), [({}, 8), ({"concurrency": "3"}, 3)])
def test_a_server_never_sees_more_requests_at_once_than_allowed(
    tmp_path: Path, given: dict[str, str], most: int
) -> None:
    # Every request on its way needs a connection of its own, and none is ever closed here.
    with ScriptedServer({"/": page(*(f"/{number}" for number in range(80)))}) as server:
        crawl(tmp_path, f"{server.url}/", **given)
        assert len(server.asked) > 80
        assert len({asked.connection for asked in server.asked}) <= most
