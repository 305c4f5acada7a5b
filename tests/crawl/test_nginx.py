"""HTTP/2 and TLS as a real nginx speaks them: nothing is lost, asked twice or taken for an error, and bad certificates are named."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from audits import Audit, crawl
from nginx import Block, Nginx
from servers import Asked, Reply, Scripted, ScriptedServer, page

from seoaudit.demo.certificates import Authority

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from nginx import Logged

pytestmark = pytest.mark.server("nginx")

EITHER = pytest.mark.parametrize("protocol", ["HTTP/2", "HTTP/1.1"])
SHOP = "shop.example"
HOME = f"https://{SHOP}/"
PAGES = 40
STATUSES = (301, 302, 307, 308)
FILES = {"/robots.txt", "/sitemap.xml"}


@dataclass
class Trust:
    """An authority, the file that makes a client trust it, and the certificates that it has issued."""

    folder: Path
    authority: Authority = field(default_factory=Authority)

    @property
    def ca_file(self) -> str:
        file = self.folder / "ca.pem"
        self.authority.write(file)
        return str(file)

    def certificate(self, host: str, *, expired: bool = False) -> Path:
        """The file with a certificate for this host, and its key."""
        folder = self.folder / host
        folder.mkdir(exist_ok=True)
        self.authority.context([host], folder, expired=expired)
        return folder / f"{'expired' if expired else 'server'}.pem"


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return Trust(tmp_path_factory.mktemp("trust"))


def html(title: str, *hrefs: str) -> str:
    links = "".join(f'<a href="{href}">to {href}</a>\n' for href in hrefs)
    return f"<!doctype html><html><head><title>{title}</title></head><body>{links}</body></html>"


def shop(folder: Path) -> str:
    """A site of files, each page of which links to a redirect to the next page."""
    root = folder / "shop"
    (root / "page").mkdir(parents=True)
    (root / "index.html").write_text(html("Home", *(f"/page/{number}.html" for number in range(PAGES))))
    for number in range(PAGES):
        (root / f"page/{number}.html").write_text(html(f"Page {number}", f"/move/{number}") + " " * 1000 * number)
    moves = "".join(
        f"location = /move/{number} {{ return {STATUSES[number % 4]} /page/{(number + 1) % PAGES}.html; }}\n"
        for number in range(PAGES)
    )
    return f"root {root};\n{moves}"


def paths(found: Audit) -> dict[str, dict[str, Any]]:
    """The rows of the shop by path."""
    return {f"/{url.removeprefix(HOME)}": row for url, row in found.rows.items()}


def assert_whole(found: Audit) -> None:
    """Every page and redirect of the shop is a row without an error, its status as the site is written."""
    rows = paths(found)
    expected = {"/": 200, **dict.fromkeys(FILES, 404)}
    expected |= {f"/page/{number}.html": 200 for number in range(PAGES)}
    expected |= {f"/move/{number}": STATUSES[number % 4] for number in range(PAGES)}
    assert {path: row["status"] for path, row in rows.items()} == expected
    assert {row["error"] for row in rows.values()} == {None}
    assert found.info.state == "finished"


@EITHER
def test_a_site_over_tls_is_recorded_whole_and_each_url_is_asked_once(
    tmp_path: Path, trust: Trust, protocol: str
) -> None:
    block = Block(SHOP, shop(tmp_path), trust.certificate(SHOP), http2=protocol == "HTTP/2")
    with Nginx(tmp_path / "nginx", block) as nginx:
        found = crawl(tmp_path, HOME, connect_to=nginx.route(), ca_file=trust.ca_file)
    assert_whole(found)
    rows = paths(found)
    assert Counter(logged.path for logged in nginx.logged) == Counter(rows.keys())
    assert {row["protocol"] for row in rows.values()} == {protocol}
    assert all(row["latency_ms"] > 0 for row in rows.values())
    for number in range(PAGES):
        move = rows[f"/move/{number}"]
        assert rows[f"/page/{number}.html"]["title"] == f"Page {number}"
        assert (move["mechanism"], move["location_url"]) == ("location", f"{HOME}page/{(number + 1) % PAGES}.html")
    links = {(link["source"], link["target"]) for link in found.table("links") if link["element"] == "a"}
    assert {(f"{HOME}page/{number}.html", f"{HOME}move/{number}") for number in range(PAGES)} < links
    connections = {logged.connection for logged in nginx.logged}
    assert len(connections) <= (1 if protocol == "HTTP/2" else 8)


def limited(upstream: ScriptedServer, trust: Trust, folder: Path, streams: int) -> Nginx:
    """The upstream behind an nginx that answers 503 to more streams at a time (limit_conn counts each as a connection)."""
    directives = f"limit_conn streams {streams}; location / {{ proxy_pass {upstream.url}; }}"
    block = Block(SHOP, directives, trust.certificate(SHOP))
    return Nginx(folder / "nginx", block, http="limit_conn_zone $server_name zone=streams:64k;")


def test_as_many_streams_are_open_at_a_time_as_concurrency_says_and_no_more(tmp_path: Path, trust: Trust) -> None:
    four = threading.Barrier(4)

    def together(asked: Asked) -> bytes:
        del asked
        four.wait(30)
        return page()

    pages = [f"/{number}" for number in range(24)]
    with (
        ScriptedServer({"/": page(*pages), **dict.fromkeys(pages, together)}) as upstream,
        limited(upstream, trust, tmp_path, 4) as nginx,
    ):
        found = crawl(tmp_path, HOME, connect_to=nginx.route(), ca_file=trust.ca_file, concurrency="4")
    assert {row["status"] for path, row in paths(found).items() if path not in FILES} == {200}
    assert len({logged.connection for logged in nginx.logged}) == 1


def test_one_stream_too_many_would_be_seen(tmp_path: Path, trust: Trust) -> None:
    pages = [f"/{number}" for number in range(4)]
    with (
        ScriptedServer({"/": page(*pages), **dict.fromkeys(pages, Reply(page(), gate=True))}) as upstream,
        limited(upstream, trust, tmp_path, 3) as nginx,
        ThreadPoolExecutor() as pool,
    ):
        given = {"connect_to": nginx.route(), "ca_file": trust.ca_file, "concurrency": "4"}
        found = pool.submit(crawl, tmp_path, HOME, **given)
        assert nginx.wait_for(lambda logged: logged.status == 503)
        upstream.gate.set()
        rows = paths(found.result())
    assert any(row["status"] == 503 or row["retries"] for row in rows.values())


GOOD = {SHOP, "second.example", "tls-1-2.example", "tls-1-3.example"}
BAD = {"misnamed.example", "expired.example"}
EVERY_URL = {f"{name}/{path}" for name in GOOD | BAD for path in "ab"}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory, trust: Trust) -> Iterator[Nginx]:
    """Every name with a certificate of its own; those of one TLS version have a port of their own, too, as nginx wants it."""

    def block(name: str, certificate: Path, port: int = 0, more: str = "") -> Block:
        answer = f"location / {{ default_type text/html; return 200 '{html(name)}'; }}"
        return Block(name, f"{more} {answer}", certificate, port=port)

    blocks = [
        block(SHOP, trust.certificate(SHOP)),
        block("second.example", trust.certificate("second.example")),
        block("misnamed.example", trust.certificate("another.example")),
        block("expired.example", trust.certificate("expired.example", expired=True)),
        block("tls-1-2.example", trust.certificate("tls-1-2.example"), 1, "ssl_protocols TLSv1.2;"),
        block("tls-1-3.example", trust.certificate("tls-1-3.example"), 2, "ssl_protocols TLSv1.3;"),
    ]
    with Nginx(tmp_path_factory.mktemp("nginx"), *blocks) as nginx:
        yield nginx


def crawl_list(folder: Path, nginx: Nginx, urls: Iterable[str], **arguments: str) -> dict[str, dict[str, Any]]:
    """The rows of these URLs, which lack their `https://`, and of nothing else."""
    listed = folder / "urls.txt"
    listed.write_text("".join(f"https://{url}\n" for url in urls))
    found = crawl(folder, urls=str(listed), connect_to=nginx.route(), robots="ignore", **arguments)
    return {url.removeprefix("https://"): row for url, row in found.rows.items()}


def test_without_its_authority_every_url_is_a_tls_error(tmp_path: Path, names: Nginx) -> None:
    rows = crawl_list(tmp_path, names, EVERY_URL)
    assert set(rows) == EVERY_URL
    assert {(row["status"], row["error"], row["protocol"]) for row in rows.values()} == {(None, "tls", None)}
    assert all(row["error_detail"] for row in rows.values())


def test_with_its_authority_only_misnamed_and_expired_certificates_are_tls_errors(
    tmp_path: Path, names: Nginx, trust: Trust
) -> None:
    rows = crawl_list(tmp_path, names, EVERY_URL, ca_file=trust.ca_file)
    assert set(rows) == EVERY_URL
    for url, row in rows.items():
        name = url.partition("/")[0]
        expected = (200, None, "HTTP/2", name) if name in GOOD else (None, "tls", None, None)
        assert (row["status"], row["error"], row["protocol"], row["title"]) == expected
        assert row["certificate_error"] is None


def test_every_name_is_asked_for_by_name_and_in_the_tls_version_that_its_server_speaks(
    tmp_path: Path, names: Nginx, trust: Trust
) -> None:
    urls = {f"{name}/asked-by-name" for name in GOOD}
    crawl_list(tmp_path, names, urls, ca_file=trust.ca_file)
    assert all(names.wait_for(lambda logged, url=url: f"{logged.host}{logged.path}" == url) for url in urls)
    assert all(logged.server_name == logged.host for logged in names.logged)
    tls = {logged.host: logged.tls for logged in names.logged}
    assert (tls["tls-1-2.example"], tls["tls-1-3.example"]) == ("TLSv1.2", "TLSv1.3")


@pytest.mark.parametrize("trusted", [True, False], ids=["known authority", "unknown authority"])
def test_insecure_goes_on_over_http_2_and_says_which_certificates_are_bad(
    tmp_path: Path, names: Nginx, trust: Trust, *, trusted: bool
) -> None:
    known = {"ca_file": trust.ca_file} if trusted else {}
    rows = crawl_list(tmp_path, names, EVERY_URL, insecure="1", **known)
    assert set(rows) == EVERY_URL
    for url, row in rows.items():
        name = url.partition("/")[0]
        assert (row["status"], row["error"], row["protocol"], row["title"]) == (200, None, "HTTP/2", name)
        assert bool(row["certificate_error"]) == (name in BAD or not trusted)


def test_compressed_pages_are_read_and_their_coding_is_recorded(tmp_path: Path, trust: Trust) -> None:
    block = Block(SHOP, f"gzip on; gzip_min_length 0; {shop(tmp_path)}", trust.certificate(SHOP))
    with Nginx(tmp_path / "nginx", block) as nginx:
        found = crawl(tmp_path, HOME, connect_to=nginx.route(), ca_file=trust.ca_file)
    assert_whole(found)
    rows = paths(found)
    for number in range(PAGES):
        row = rows[f"/page/{number}.html"]
        assert (row["content_encoding"], row["protocol"], row["title"]) == ("gzip", "HTTP/2", f"Page {number}")
        assert row["body_bytes"] == (tmp_path / f"shop/page/{number}.html").stat().st_size


def test_over_http_2_too_the_request_target_is_the_url_byte_for_byte(
    tmp_path: Path, names: Nginx, trust: Trust
) -> None:
    targets = [
        "/%5E",
        "/%5e",
        "/a|b[1]",
        "/x?",
        "/x??",
        "//double//slash//",
        "/https://x/y",
        "/?u=https://x/y?z",
        "/a%2F",
    ]
    rows = crawl_list(tmp_path, names, [f"second.example{target}" for target in targets], ca_file=trust.ca_file)
    assert {row["protocol"] for row in rows.values()} == {"HTTP/2"}
    for target in targets:
        assert rows[f"second.example{target}"]["status"] == 200
        assert names.wait_for(lambda logged, target=target: logged.path == target)


@EITHER
def test_a_server_that_ends_its_connections_after_ten_requests_costs_nothing(
    tmp_path: Path, trust: Trust, protocol: str
) -> None:
    directives = f"keepalive_requests 10; {shop(tmp_path)}"
    block = Block(SHOP, directives, trust.certificate(SHOP), http2=protocol == "HTTP/2")
    with Nginx(tmp_path / "nginx", block) as nginx:
        found = crawl(tmp_path, HOME, connect_to=nginx.route(), ca_file=trust.ca_file)
    assert_whole(found)
    assert {row["protocol"] for row in found.rows.values()} == {protocol}
    assert Counter(logged.path for logged in nginx.logged) == Counter(paths(found).keys())
    assert max(logged.place for logged in nginx.logged) == 10


HELD = [f"/held/{number}" for number in range(3)]
PLAIN = [f"/{number}" for number in range(20)]


def crawl_behind(
    folder: Path, trust: Trust, meanwhile: Callable[[Nginx], None], protocol: str = "HTTP/2"
) -> tuple[dict[str, dict[str, Any]], list[Logged]]:
    """Rows and log of a crawl that had three requests on their way when something happened, and all is as if nothing had."""
    site = {"/": page(*HELD, *PLAIN), **dict.fromkeys(HELD, Reply(page(), gate=True)), **dict.fromkeys(PLAIN, page())}
    with ScriptedServer(site) as upstream, ThreadPoolExecutor() as pool:
        directives = f"location / {{ proxy_pass {upstream.url}; }}"
        block = Block(SHOP, directives, trust.certificate(SHOP), http2=protocol == "HTTP/2")
        with Nginx(folder / "nginx", block) as nginx:
            given = {"connect_to": nginx.route(), "ca_file": trust.ca_file, "concurrency": "3"}
            found = pool.submit(crawl, folder, HOME, **given)
            assert all(upstream.wait_for(path) for path in HELD)
            meanwhile(nginx)
            upstream.gate.set()
            rows = paths(found.result())
    assert set(rows) == {"/", *HELD, *PLAIN, *FILES}
    assert {row["status"] for path, row in rows.items() if path not in FILES} == {200}
    assert {(row["error"], row["protocol"]) for row in rows.values()} == {(None, protocol)}
    return rows, nginx.logged


@EITHER
def test_a_server_that_is_reloaded_in_mid_crawl_costs_nothing(tmp_path: Path, trust: Trust, protocol: str) -> None:
    rows, logged = crawl_behind(tmp_path, trust, Nginx.reload, protocol)
    assert Counter(one.path for one in logged) == Counter(rows.keys())
    assert len({one.worker for one in logged}) == 2


def test_what_a_dying_connection_did_not_answer_is_asked_again_on_another(tmp_path: Path, trust: Trust) -> None:
    rows, logged = crawl_behind(tmp_path, trust, Nginx.kill_worker)
    assert Counter(one.path for one in logged) == Counter(rows.keys())  # the one that was killed logged no more
    assert len({one.worker for one in logged if one.path in HELD}) == 1


def test_streams_that_break_off_are_a_row_each_and_harm_no_other_on_their_connection(
    tmp_path: Path, trust: Trust
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999\r\n\r\n"
    site: dict[str, Scripted] = {
        "/": page(*HELD, "/none", "/half", *PLAIN),
        "/half": Reply(head + b"<title>Half</title>", "close"),
        **dict.fromkeys(HELD, Reply(page(), gate=True)),
        **dict.fromkeys(PLAIN, page()),
    }
    with ScriptedServer(site) as upstream, ThreadPoolExecutor() as pool:
        directives = (
            f"location = /none {{ return 444; }} location / {{ proxy_pass {upstream.url}; proxy_buffering off; }}"
        )
        with Nginx(tmp_path / "nginx", Block(SHOP, directives, trust.certificate(SHOP))) as nginx:
            found = pool.submit(crawl, tmp_path, HOME, connect_to=nginx.route(), ca_file=trust.ca_file)
            assert all(upstream.wait_for(path) for path in HELD)
            assert all(nginx.wait_for(lambda logged, path=path: logged.path == path) for path in ("/none", "/half"))
            upstream.gate.set()
            rows = paths(found.result())
    assert set(rows) == {"/", "/none", "/half", *HELD, *PLAIN, *FILES}
    assert (rows["/none"]["status"], rows["/none"]["error"]) == (None, "reset")
    assert (rows["/half"]["status"], rows["/half"]["error"], rows["/half"]["title"]) == (200, "reset", "Half")
    assert all(rows[path]["error_detail"] for path in ("/none", "/half"))
    assert {(rows[path]["status"], rows[path]["error"]) for path in (*HELD, *PLAIN)} == {(200, None)}
    assert len({logged.connection for logged in nginx.logged if logged.protocol == "HTTP/2.0"}) == 1


def test_a_page_that_is_too_large_is_cut_off_and_its_connection_goes_on(tmp_path: Path, trust: Trust) -> None:
    directives = shop(tmp_path)
    for number in (0, 3):
        (tmp_path / f"shop/page/{number}.html").write_text(html("Large", f"/move/{number}") + " " * 3_000_000)
    with Nginx(tmp_path / "nginx", Block(SHOP, directives, trust.certificate(SHOP))) as nginx:
        given = {"connect_to": nginx.route(), "ca_file": trust.ca_file}
        found = crawl(tmp_path, HOME, settings={"DOWNLOAD_MAXSIZE": "100000"}, **given)
    rows = paths(found)
    large = {path: (row["error"], row["title"]) for path, row in rows.items() if row["error"]}
    assert large == {f"/page/{number}.html": ("too-large", "Large") for number in (0, 3)}
    assert len(rows) == 1 + 2 * PAGES + len(FILES)
    assert len({logged.connection for logged in nginx.logged}) == 1
