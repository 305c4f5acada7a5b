"""What the audit asks of its own accord: entry points, other schemes and spellings, forms' actions, and second ways of asking."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from audits import Audit, crawl
from audits import audit as whole_audit
from servers import Asked, Scripted, ScriptedServer, answer, page, redirect

from seoaudit.crawl import probes, variants
from seoaudit.crawl.questions import PAGES_PER_HOST, SPELLED_PAGES_PER_HOST
from seoaudit.crawl.sample import PAGES_PER_SECTION, Sample
from seoaudit.demo.server import serve

if TYPE_CHECKING:
    from collections.abc import Mapping

HOSTS = ("www.shop.example", "shop.example", "other.example")
CHECKOUT = Path(__file__).parents[2]


def audit(folder: Path, server: ScriptedServer, *, https: ScriptedServer | None = None, **arguments: str) -> Audit:
    """An audit of www.shop.example; without a server for https nobody listens there."""
    route = server.route(*HOSTS)
    secure = f"127.0.0.1:{https.port}" if https else "127.0.0.1:1"
    route += "".join(f",{host}:443:{secure}" for host in HOSTS)
    return crawl(folder, "http://www.shop.example/", **{"probes": "sample", "connect_to": route, **arguments})


def probed(found: Audit) -> dict[str, str]:
    """The kind of each URL that the audit asked of its own accord."""
    return {url: row["probe"] for url, row in found.rows.items() if row["probe"]}


def of_kind(found: Audit, *kinds: str) -> set[str]:
    return {url.removeprefix("http://www.shop.example") for url, kind in probed(found).items() if kind in kinds}


def variants_of(found: Audit) -> dict[tuple[str, str], dict[str, Any]]:
    rows = found.table("variants")
    assert len({(row["of"], row["variant"], row["url"]) for row in rows}) == len(rows)
    return {(row["variant"], row["of"].removeprefix("http://www.shop.example")): row for row in rows}


def form(action: str, method: str = "post") -> str:
    return f'<form action="{action}" method={method}></form>'


def site(**more: Scripted) -> dict[str, Scripted]:
    """A site of three pages; names of answers have `__` for a slash."""
    pages = {
        "www.shop.example/": page("/a/b", "/c/"),
        "www.shop.example/a/b": page("/"),
        "www.shop.example/c/": page("/"),
        "shop.example/": redirect("http://www.shop.example/"),
    }
    return {**pages, **{f"www.shop.example{name.replace('__', '/')}": scripted for name, scripted in more.items()}}


def test_entry_points_are_asked_under_both_names_and_schemes(tmp_path: Path) -> None:
    with ScriptedServer(site()) as server:
        found = audit(tmp_path, server)
    assert {url for url, kind in probed(found).items() if kind == "entry"} == {
        "http://shop.example/",
        "https://shop.example/",
        "https://www.shop.example/",
    }
    assert found.rows["http://shop.example/"]["location_url"] == "http://www.shop.example/"
    refused = found.rows["https://www.shop.example/"]
    assert (refused["status"], refused["error"]) == (None, "connect")
    assert "entry points" not in found.limits()
    assert found.info.state == "finished"


def test_a_probe_is_a_mention_of_nobody_and_brings_no_links(tmp_path: Path) -> None:
    answers = site(__c=page("/only-there"), __A__B=page("/only-there-either"))
    with ScriptedServer(answers) as server:
        found = audit(tmp_path, server)
        assert "/only-there" not in server.targets()
    asked = probed(found)
    mentions = [link for link in found.table("links") if link["element"] == "probe"]
    assert {link["target"]: (link["source"], link["text"]) for link in mentions} == {
        url: (None, kind) for url, kind in asked.items()
    }
    assert not {link["source"] for link in found.table("links")} & asked.keys()


def test_a_few_pages_are_asked_in_other_spellings(tmp_path: Path) -> None:
    with ScriptedServer(site()) as server:
        found = audit(tmp_path, server)
    assert of_kind(found, "slash") == {"/a/b/", "/c"}
    assert of_kind(found, "doubled-slash") == {"//", "/a//b", "//c/"}
    assert of_kind(found, "case") == {"/A/B", "/C/"}
    assert of_kind(found, "index") == {"/index.html", "/c/index.html"}


@pytest.mark.parametrize(
    ("url", "spelled"),
    [
        ("/", {"//", "/index.html"}),
        ("/a", {"/a/", "//a", "/A"}),
        ("/a/", {"/a", "//a/", "/A/", "/a/index.html"}),
        ("/a/b.html?q=x", {"/a//b.html?q=x", "/A/B.HTML?q=x"}),
        ("/1/2", {"/1/2/", "/1//2"}),
        ("//", {"/", "///", "//index.html"}),
    ],
)
def test_spellings_keep_the_host_and_the_query(url: str, spelled: set[str]) -> None:
    found = {mention.target for mention in probes.spellings(f"https://example.com{url}")}
    assert found == {f"https://example.com{path}" for path in spelled}


@pytest.mark.parametrize("name", ["sample", "all"])
def test_pages_are_asked_over_the_other_scheme_where_somebody_answers_there(tmp_path: Path, name: str) -> None:
    hrefs = [f"/{number % 3}/{number}" for number in range(PAGES_PER_HOST + 10)]
    answers = {"www.shop.example/": page(*hrefs), **{f"www.shop.example{href}": page() for href in hrefs}}
    with ScriptedServer(answers) as server, ScriptedServer() as https:
        refused = audit(tmp_path, server, probes=name)
        assert of_kind(refused, "scheme") == set()
        found = crawl(
            tmp_path,
            "http://www.shop.example/",
            probes=name,
            connect_to=f"{server.route(*HOSTS)},www.shop.example:443:127.0.0.1:{https.port},shop.example:443:127.0.0.1:1",
            settings={"CURL_INSECURE": "1"},
        )
    assert of_kind(found, "scheme") == set()  # it speaks no TLS: the entry point says so, once
    assert found.rows["https://www.shop.example/"]["error"] == "tls"


def test_a_bounded_sample_is_spread_over_the_sections_and_all_is_all(tmp_path: Path) -> None:
    with serve() as demo:
        given = {
            "connect_to": demo.connect_to,
            "ca_file": str(demo.ca_file),
            "settings": {"DOWNLOAD_STALL_TIMEOUT": "1", "DOWNLOAD_TIMEOUT": "3"},
        }
        sampled = crawl(tmp_path, demo.start, probes="sample", **given)  # type: ignore[arg-type]  # settings is the mapping
        every = crawl(tmp_path, demo.start, probes="all", **given)  # type: ignore[arg-type]
        none = crawl(tmp_path, demo.start, probes="none", **given)  # type: ignore[arg-type]
    host = "https://www.shop.example"
    pages = {
        url.removeprefix(host)
        for url, row in none.rows.items()
        if url.startswith(f"{host}/")
        and row["status"] == 200
        and row["media_type"] == "text/html"
        and not row["mechanism"]
    }
    over_http = {
        name: {url.removeprefix("http://www.shop.example") for url in probed(found) if url.startswith("http://www.")}
        for name, found in {"sample": sampled, "all": every}.items()
    }
    assert PAGES_PER_HOST <= len(over_http["sample"]) <= PAGES_PER_HOST + 4 * SPELLED_PAGES_PER_HOST + 2
    assert len({path.split("/")[1] for path in over_http["sample"]}) > PAGES_PER_HOST / 2
    known_over_http = {url.removeprefix("http://www.shop.example") for url in none.rows}
    assert pages - known_over_http <= over_http["all"]
    (limit,) = [limit.detail for limit in sampled.info.limits if limit.name == "probes"]
    assert limit.startswith(f"{PAGES_PER_HOST} of {len(pages)} pages of {host} were asked over http as well")
    assert "probes" not in every.limits()
    for found in (sampled, every):  # nothing of the site's own is different
        own = {url: row["status"] for url, row in found.rows.items() if not row["probe"] and "robots.txt" not in url}
        assert own == {url: row["status"] for url, row in none.rows.items() if "robots.txt" not in url}


def test_a_sample_is_the_same_in_whatever_order_the_pages_come() -> None:
    pages = [f"https://example.com/{number % 40}/{number}" for number in range(40 * PAGES_PER_SECTION * 2)]
    samples = []
    for order in (pages, pages[::-1], sorted(pages, key=hash)):
        sample = Sample()
        for url in order:
            sample.add(url)
        samples.append(list(sample.pages("https://example.com")))
    assert samples[0] == samples[1] == samples[2]
    assert len({url.split("/")[3] for url in samples[0][:20]}) == 20


def test_where_a_probe_leads_is_asked_too(tmp_path: Path) -> None:
    answers = site(__C=answer(404), __new=redirect("http://other.example/"), __c=redirect("/new"))
    with ScriptedServer(answers) as server:
        found = audit(tmp_path, server)
    assert probed(found)["http://www.shop.example/new"] == "redirect"
    assert probed(found)["http://other.example/"] == "redirect"
    assert not found.rows["http://other.example/"]["in_scope"]


def test_an_address_with_a_port_has_neither_twin_nor_other_scheme(tmp_path: Path) -> None:
    with ScriptedServer({"/": page()}) as server:
        found = crawl(tmp_path, f"{server.url}/", probes="sample")
    assert {url.removeprefix(server.url) for url in probed(found)} == {"//", "/index.html"}
    (limit,) = [limit.detail for limit in found.info.limits if limit.name == "probes"]
    assert (
        limit
        == f"{server.url} has a port of its own: which port serves the other scheme is not known, so it was not asked"
    )


def test_robots_txt_and_exclude_hold_for_probes(tmp_path: Path) -> None:
    robots = answer(body="User-agent: *\nDisallow: /A", media_type="text/plain")
    with ScriptedServer({**site(), "/robots.txt": robots}) as server:
        found = audit(tmp_path, server, exclude="index|//c")
        assert not {"/A/B", "/index.html", "//c/"} & server.targets()
    assert (found.rows["http://www.shop.example/A/B"]["error"], probed(found)["http://www.shop.example/A/B"]) == (
        "robots",
        "case",
    )
    assert of_kind(found, "index") == set()


def test_neither_max_urls_nor_max_depth_nor_include_hold_for_probes(tmp_path: Path) -> None:
    with ScriptedServer(site()) as server:
        found = audit(tmp_path, server, max_urls="1", max_depth="0", include="nothing")
    own = {url for url, row in found.rows.items() if not row["probe"] and not url.endswith(".txt")}
    assert own == {"http://www.shop.example/"}
    assert of_kind(found, "doubled-slash") == {"//"}
    assert found.exit_code == 0


@pytest.mark.parametrize("explicit", [False, True])
def test_a_list_is_asked_alone_unless_probes_are_wanted(tmp_path: Path, *, explicit: bool) -> None:
    listed = tmp_path / "urls.txt"
    listed.write_text("http://www.shop.example/a/b\n")
    with ScriptedServer(site()) as server:
        words = [
            "--quiet",
            *(f"-aconnect_to={server.route(*HOSTS)}",),
            f"-aurls={listed}",
            f"-aoutput={tmp_path / 'runs'}",
        ]
        words += ["-aprobes=sample"] if explicit else []
        subprocess.run(
            [sys.executable, "-m", "seoaudit", "audit", *words], cwd=CHECKOUT, check=False, capture_output=True
        )
        expected = {"/robots.txt", "/a/b", *(["/"] if explicit else [])}
        assert server.targets() == expected


def test_a_host_that_nothing_mentions_brings_no_sitemap(tmp_path: Path) -> None:
    robots = answer(body="Sitemap: http://www.shop.example/other.xml", media_type="text/plain")
    with ScriptedServer({**site(), "shop.example/robots.txt": robots}) as server:
        found = audit(tmp_path, server)
        assert "/other.xml" not in server.targets()
    assert "http://shop.example/robots.txt" in found.rows


def test_a_form_is_asked_with_head_and_with_get_only_where_head_is_refused(tmp_path: Path) -> None:
    forms = form("/here") + form("/get-only") + form("/found/nothing") + form("http://other.example/there")

    def get_only(asked: Asked) -> bytes:
        return answer(405) if asked.method == "HEAD" else redirect("/thanks")

    answers = {
        "www.shop.example/": answer(body=forms),
        "www.shop.example/here": redirect("/thanks", 302),
        "www.shop.example/get-only": get_only,
        "other.example/there": answer(405),
    }
    with ScriptedServer(answers) as server:
        found = audit(tmp_path, server)
        methods = {(asked.method, asked.target) for asked in server.asked}
    assert {("HEAD", "/here"), ("HEAD", "/get-only"), ("GET", "/get-only"), ("HEAD", "/thanks")} <= methods
    assert not {("GET", "/here"), ("GET", "/found/nothing"), ("GET", "/there"), ("GET", "/thanks")} & methods
    assert {method for method, _ in methods} == {"GET", "HEAD", "OPTIONS"}
    assert of_kind(found, "form") == {"/here", "/get-only", "/found/nothing", "http://other.example/there"}
    assert of_kind(found, "redirect") == {"/thanks"}


@pytest.mark.parametrize(
    "action", ["/logout", "/account?do=sign-out", "/cart/delete/7", "/newsletter/Unsubscribe", "/abmelden"]
)
def test_a_form_that_reads_like_an_act_is_never_asked(tmp_path: Path, action: str) -> None:
    answers = {"www.shop.example/": answer(body=form(action) + form("/go")), "www.shop.example/go": redirect(action)}
    with ScriptedServer(answers) as server:
        found = audit(tmp_path, server, post_probe=".")
        assert action not in server.targets()
    assert found.limits()["forms"] == 1


def test_options_is_asked_where_a_form_posts_and_nothing_is_found(tmp_path: Path) -> None:
    def express(asked: Asked) -> bytes:
        return answer(200, "Allow: POST") if asked.method == "OPTIONS" else answer(404)

    forms = form("/send") + form("/search", "get") + form("/there") + form("http://other.example/send")
    answers = {
        "www.shop.example/": answer(body=forms),
        "www.shop.example/send": express,
        "www.shop.example/there": page(),
    }
    with ScriptedServer(answers) as server:
        found = variants_of(audit(tmp_path, server))
    assert found.keys() == {("options", "/send")}
    row = found["options", "/send"]
    assert (row["method"], row["status"], row["allow"]) == ("OPTIONS", 200, "POST")


def test_an_empty_post_is_sent_only_to_what_post_probe_names(tmp_path: Path) -> None:
    def receive(asked: Asked) -> bytes:
        return redirect("/thanks", 303) if asked.method == "POST" else page()

    forms = form("/one") + form("/two") + form("/", "post") + form("http://other.example/one")
    answers = dict.fromkeys(("www.shop.example/one", "www.shop.example/two"), receive)
    with ScriptedServer({"www.shop.example/": answer(body=forms), **answers}) as server:
        audit(tmp_path, server)
        assert "POST" not in {asked.method for asked in server.asked}
        found = variants_of(audit(tmp_path, server, post_probe="/one$|example/$"))
        posts = [asked for asked in server.asked if asked.method == "POST"]
    assert sorted(asked.target for asked in posts) == ["/", "/one"]
    assert {asked.header("Content-Length") for asked in posts} == {"0"}
    assert (found["post", "/one"]["status"], found["post", "/one"]["location"]) == (303, "/thanks")


def test_redirects_are_asked_as_other_visitors_on_demand(tmp_path: Path) -> None:
    def by_visitor(asked: Asked) -> bytes:
        if "Googlebot" in (asked.header("User-Agent") or ""):
            return redirect("/bots")
        return redirect(f"/{asked.header('Accept-Language') or 'c/'}")

    with ScriptedServer(site(__go=by_visitor, __=page("/go"))) as server:
        found = variants_of(audit(tmp_path, server, variants="1"))
    targets = {kind: row["location"] for (kind, url), row in found.items() if url == "/go"}
    assert targets == {
        "googlebot": "/bots",
        "browser": "/c/",
        "language-de": "/de",
        "language-fr": "/fr",
        "language-ja": "/ja",
    }
    assert {row["method"] for row in found.values()} == {"GET"}


@pytest.mark.parametrize(
    ("url", "target", "count"),
    [
        ("/go?to=%2Fc%2F", "/c/", 1),
        ("/go?to=https://other.example/x&to2=1", "https://other.example/x", 1),
        ("/go?to=//other.example", "https://other.example/", 1),
        ("/login?next=/c/", "/sign-in?return=%2Fc%2F", 1),
        ("/go?id=7", "/7", 0),
        ("/go?to=/elsewhere", "/c/", 0),
        ("/go", "/c/", 0),
    ],
)
def test_a_marker_takes_the_place_of_what_the_target_repeats(url: str, target: str, count: int) -> None:
    site_url = "https://example.com"
    whole = target if target.startswith("http") else site_url + target
    made = list(variants.markers(site_url + url, whole))
    assert len(made) == count
    for each in made:
        assert each.of == site_url + url
        assert f"https%3A%2F%2Fexample.com%2F{variants.MARKER}" in each.url


def test_markers_are_sent_only_on_demand(tmp_path: Path) -> None:
    def follow(asked: Asked) -> bytes:
        return redirect(asked.target.partition("=")[2].replace("%3A", ":").replace("%2F", "/"))

    target = "www.shop.example/go?to=/c/"
    answers: Mapping[str, Scripted] = {**site(), "www.shop.example/": page("/go?to=/c/"), target: follow}
    marked = f"/go?to=http%3A%2F%2Fwww.shop.example%2F{variants.MARKER}"
    with ScriptedServer({**answers, marked: follow}) as server:
        assert variants_of(audit(tmp_path, server)) == {}
        found = variants_of(audit(tmp_path, server, active="1"))
        assert f"/{variants.MARKER}" not in server.targets()
    row = found["marker", "/go?to=/c/"]
    assert row["url"] == f"http://www.shop.example{marked}"
    assert row["location_url"] == f"http://www.shop.example/{variants.MARKER}"


def test_a_run_stopped_among_its_probes_goes_on_with_them_and_asks_none_twice(tmp_path: Path) -> None:
    answers = site(__A__B=lambda _: redirect("/a/b"))
    answers |= {f"www.shop.example/{n}": redirect("/") for n in range(9)}
    answers["www.shop.example/"] = page("/a/b", "/c/", *(f"/{n}" for n in range(9)))
    (tmp_path / "whole").mkdir()
    with ScriptedServer(answers) as server:
        whole = audit(tmp_path / "whole", server, variants="1")
        server.asked.clear()
        words = [sys.executable, "-m", "seoaudit", "audit", "http://www.shop.example/", "--quiet", "-avariants=1"]
        route = whole.info.arguments["connect_to"]
        words += [f"-aoutput={tmp_path / 'runs'}", f"-aconnect_to={route}", "-aconcurrency=1"]
        for number, target in enumerate(("/A/B", "//")):
            process = subprocess.Popen(
                [*words, *(["-aresume=1"] if number else [])],
                cwd=CHECKOUT,
                stderr=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            assert server.wait_for(target)
            process.send_signal(signal.SIGINT)
            process.communicate()
        found = audit(tmp_path, server, variants="1", resume="1")
    (run,) = (tmp_path / "runs").glob("*/*/")
    assert found.exit_code == 0, found.err
    found = Audit(0, found.out, found.err, type(whole.folder)(run))
    assert probed(found) == probed(whole)
    assert variants_of(found).keys() == variants_of(whole).keys()
    assert {server.counts()[path] for path in of_kind(found, "doubled-slash", "index")} == {1}
    assert {url: row["status"] for url, row in found.rows.items()} == {
        url: row["status"] for url, row in whole.rows.items()
    }
    assert found.info.urls_left == 0


def test_forms_without_a_web_address_and_probes_of_every_kind_are_reported_on(tmp_path: Path) -> None:
    forms = (
        form("javascript:go()") + form("mailto:shop@example.com") + form("https://[/") + form("/send") + form("", "put")
    )
    answers = site()
    answers["www.shop.example/"] = answer(body=f'{forms}<a href="/go?to=/c/">go</a><a href="/a/b">b</a>')
    answers["www.shop.example/go?to=/c/"] = redirect("/c/")
    with ScriptedServer(answers) as server:
        route = f"{server.route(*HOSTS)},{HOSTS[0]}:443:127.0.0.1:1,{HOSTS[1]}:443:127.0.0.1:1"
        found = whole_audit(
            tmp_path, "http://www.shop.example/", probes="sample", variants="1", active="1", connect_to=route
        )
    assert found.exit_code == 0, found.err
    assert found.info.failed_rules == {}
    assert found.folder.html.is_file()
