"""A trace is what happened: hops, HSTS, loops, and every way in which a network fails."""

from __future__ import annotations

import ssl
import warnings
from typing import TYPE_CHECKING, NamedTuple

import pytest
from servers import Asked, Reply, Scripted, ScriptedServer, answer, redirect
from walks import follow

from seoaudit.crawl.single import Asker, Ways
from seoaudit.demo.certificates import Authority
from seoaudit.http.clients import CLIENT_NAMES, CLIENTS, ClientName
from seoaudit.http.preload import PreloadList
from seoaudit.http.redirect import Request
from seoaudit.trace import Remembering, Trace, partings, trace
from seoaudit.trace.facts import trace_facts
from seoaudit.trace.hsts import KnownHosts

if TYPE_CHECKING:
    from pathlib import Path

POLICY = "Strict-Transport-Security: max-age=600; includeSubDomains"


class Tls(NamedTuple):
    good: ssl.SSLContext
    expired: ssl.SSLContext
    ca_file: str


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    folder: Path = tmp_path_factory.mktemp("tls")
    authority = Authority()
    authority.write(folder / "ca.pem")
    hosts = ["shop.example", "www.shop.example"]
    return Tls(authority.context(hosts, folder), authority.context(hosts, folder, expired=True), str(folder / "ca.pem"))


def ways(tls: Tls, *servers: ScriptedServer, **more: object) -> Ways:
    """Ports 80 and 443 of every host lead to the first server and the second."""
    ports = (80, 443)[-len(servers) :]
    entries = [f":{port}:127.0.0.1:{server.port}" for port, server in zip(ports, servers, strict=True)]
    return Ways(user_agent="test", connect_to=entries, ca_file=tls.ca_file, **more)  # type: ignore[arg-type]


def over_tls(tls: Tls, client: ClientName, url: str, plain: dict[str, Scripted], secure: dict[str, Scripted]) -> Trace:
    with ScriptedServer(plain) as http, ScriptedServer(secure, context=tls.good) as https:
        return follow(client, Request(url=url), ways(tls, http, https))


def test_a_browser_that_learnt_a_policy_turns_http_into_https_by_itself(tls: Tls) -> None:
    secure: dict[str, Scripted] = {"/": answer(301, "Location: http://www.shop.example/end", POLICY), "/end": answer()}
    plain: dict[str, Scripted] = {"/end": redirect("https://www.shop.example/end")}
    found = over_tls(tls, "browser", "https://shop.example/", plain, secure)
    assert [(hop.mechanism, hop.request.url) for hop in found.hops] == [
        ("location", "https://shop.example/"),
        ("hsts", "http://www.shop.example/end"),
        (None, "https://www.shop.example/end"),
    ]
    assert found.hops[1].answered is None
    assert found.redirects == 1
    facts = trace_facts(found)["hops"][1]
    assert (facts["status"], facts["internal"]) == (307, True)
    assert "Non-Authoritative-Reason: HSTS" in facts["reason"]
    assert facts.keys() == trace_facts(found)["hops"][0].keys()
    other = over_tls(tls, "curl", "https://shop.example/", plain, secure)
    assert [hop.answered.status for hop in other.hops if hop.answered] == [301, 301, 200]


def test_a_policy_over_http_or_beside_a_bad_certificate_counts_for_nothing(tls: Tls) -> None:
    plain: dict[str, Scripted] = {"/": answer(301, "Location: /end", POLICY), "/end": answer(200, POLICY)}
    found = over_tls(tls, "browser", "http://shop.example/", plain, {})
    assert [hop.mechanism for hop in found.hops] == ["location", None]
    assert trace_facts(found)["hops"][0]["hsts_note"] == "ignored: it came over http"
    secure: dict[str, Scripted] = {"/": answer(301, "Location: http://shop.example/end", POLICY)}
    with ScriptedServer(plain) as http, ScriptedServer(secure, context=tls.expired) as https:
        found = follow("browser", Request(url="https://shop.example/"), ways(tls, http, https, insecure=True))
    assert [hop.mechanism for hop in found.hops] == ["location", None]
    assert trace_facts(found)["hops"][0]["hsts_note"] == "ignored: the certificate is bad"
    assert "expired" in trace_facts(found)["hops"][0]["certificate_error"]


def test_a_policy_is_taken_back_and_reaches_hosts_below_only_when_it_says_so() -> None:
    known = KnownHosts()
    known.learn("https://a.example/", [b"max-age=600; includeSubDomains"], trusted=True)
    known.learn("https://b.example/", [b"max-age=600", b"includeSubDomains; max-age=600"], trusted=True)
    assert known.upgrade("http://a.example/x?y#z") == ("https://a.example/x?y#z", "HSTS")
    assert known.upgrade("http://www.a.example:8080/") == ("https://www.a.example:8080/", "HSTS")
    assert known.upgrade("https://a.example/") is None
    assert known.upgrade("http://www.b.example/") is None
    known.learn("https://a.example/", [b"max-age=0"], trusted=True)
    assert known.upgrade("http://a.example/") is None
    known.learn("https://b.example/", [b"max-age="], trusted=True)  # no valid field changes nothing
    assert known.upgrade("http://b.example/") is not None
    known.learn("https://127.0.0.1/", [b"max-age=600"], trusted=True)
    assert known.upgrade("http://127.0.0.1/") is None


def test_a_browser_knows_preloaded_hosts_before_it_asked_anything(tls: Tls, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("shop.example\n")
    listed = PreloadList(names)
    secure: dict[str, Scripted] = {"/": answer()}
    with ScriptedServer({"/": answer()}) as http, ScriptedServer(secure, context=tls.good) as https:
        around = ways(tls, http, https)
        found = follow("browser", Request(url="http://shop.example/"), around, preload_list=listed)
        other = follow("curl", Request(url="http://shop.example/"), around, preload_list=listed)
        assert [asked.target for asked in http.asked] == ["/"]  # curl's
    assert [(hop.mechanism, hop.request.url) for hop in found.hops] == [
        ("hsts", "http://shop.example/"),
        (None, "https://shop.example/"),
    ]
    sentence = trace_facts(found)["hops"][0]["sentence"]
    assert f"knows from the HSTS preload list of {listed.date} (entry shop.example)" in sentence
    assert [hop.request.url for hop in other.hops] == ["http://shop.example/"]


def test_a_loop_is_seen_when_a_request_comes_again_and_is_not_asked_again() -> None:
    with ScriptedServer({"/a": redirect("/b"), "/b": redirect("/a")}) as server:
        for name in CLIENT_NAMES:
            server.asked.clear()
            found = follow(name, Request(url=f"{server.url}/a"))
            assert (found.end.kind, len(server.asked)) == ("loop", 2)


def test_a_redirect_to_itself_that_sets_a_cookie_is_no_loop_for_a_browser() -> None:
    def gate(asked: Asked) -> bytes:
        return (
            answer(body="in") if asked.header("Cookie") else answer(302, "Set-Cookie: a=b; Path=/in", "Location: /in")
        )

    with ScriptedServer({"/in": gate}) as server:
        assert follow("browser", Request(url=f"{server.url}/in")).end.kind == "answer"
        assert follow("curl", Request(url=f"{server.url}/in")).end.kind == "loop"
        given = Request(url=f"{server.url}/in", headers=(("Cookie", "own=1"),))
        assert follow("browser", given).redirects == 0


def test_a_script_is_named_and_not_run() -> None:
    with ScriptedServer({"/": answer(body="<script>location.href = '/end'</script>")}) as server:
        found = follow("browser", Request(url=f"{server.url}/"))
    assert found.last.lead
    assert (found.end.kind, found.last.lead.mechanism, found.last.lead.raw) == ("answer", "javascript", "/end")


def test_what_several_clients_send_alike_is_sent_once() -> None:
    with ScriptedServer({"/": redirect("/end", 302), "/end": answer()}) as server:
        request, answers, traces = Request(url=f"{server.url}/", method="POST", body=b"x"), {}, []  # type: ignore[var-annotated]
        for name in CLIENT_NAMES:
            client = CLIENTS[name]
            with Asker(Ways(user_agent="test"), jar=client.keeps_cookies) as asker:
                remembering = Remembering(asker, answers, jar=client.keeps_cookies)
                traces.append(trace(client, request, remembering))
        assert [asked.method for asked in server.asked] == ["POST", "GET", "GET", "POST"]
    assert [(found.client, found.hop) for found in partings(traces)] == [("googlebot", 1), ("rfc", 2)]


FAULTS: dict[str, tuple[Scripted, str, str]] = {
    "reset": (Reply(b"", "reset"), "reset", "closed the connection before the answer was whole"),
    "closed": (Reply(b"", "close"), "reset", "closed the connection before the answer was whole"),
    "continue": (Reply(b"HTTP/1.1 100 Continue\r\n\r\n", "close"), "reset", "said 100 Continue and then closed"),
    "garbage": (Reply(b"hello\r\n\r\n", "close"), "malformed", "there is no status line"),
    "several": (answer(301, "Location: /a", "Location: /b"), "malformed", "several Location fields that differ"),
    "short": (Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", "close"), "reset", "before the answer was whole"),
    "stall": (Reply(b"", "stall"), "timeout", "did not answer in time"),
    "large": (answer(body="x" * 2000), "too-large", "larger than is read here"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_server_is_a_row_and_a_sentence(fault: str) -> None:
    scripted, error, words = FAULTS[fault]
    with ScriptedServer({"/": redirect("/end"), "/end": scripted}) as server:
        found = follow("browser", Request(url=f"{server.url}/"), Ways(user_agent="test", timeout_s=0.5, max_bytes=1000))
    facts = trace_facts(found)
    assert facts["end"] == "failed"
    assert facts["hops"][-1]["error"] == error
    assert words in facts["verdict"]
    assert facts["verdict"].startswith("After 1 redirect: ")


def failing(url: str, given: Ways | None = None) -> str:
    found = follow("browser", Request(url=url), given)
    assert found.end.kind == "failed"
    return found.end.why


def test_nobody_there_is_a_sentence() -> None:
    with ScriptedServer() as server:
        gone = server.url
    assert "Nobody answers at" in failing(f"{gone}/")
    assert "has no address" in failing("http://nobody.invalid/")


def test_a_proxy_of_the_environment_leads_through_and_its_refusal_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = b"HTTP/1.1 200 Connection established\r\n\r\n"
    replies: dict[str, Scripted] = {"good.example:80": opened, "/": answer(), "bad.example:80": answer(403)}
    with ScriptedServer(replies) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        assert follow("browser", Request(url="http://good.example/")).end.kind == "answer"
        assert "does not lead to http://bad.example" in failing("http://bad.example/")


def test_every_reason_why_tls_fails_is_named(tls: Tls) -> None:
    def reason(context: ssl.SSLContext | None, host: str = "shop.example") -> str:
        with ScriptedServer({"/": answer()}, context=context) as server:
            return failing(f"https://{host}/", ways(tls, server))

    assert reason(tls.expired) == "The certificate of shop.example has expired."
    assert reason(tls.good, "other.example") == (
        "The certificate at https://other.example is for another name than other.example."
    )
    assert "hung up during the TLS handshake" in reason(None)
    with ScriptedServer(greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n") as server:
        plain = failing("https://shop.example/", ways(tls, server))
    assert plain == "https://shop.example does not speak TLS on this port; it seems to speak plain HTTP."
    assert reason(only_tls_1(tls)) == (
        "https://shop.example offers only TLS versions that are no longer accepted (1.0 or 1.1, or SSL)."
    )
    with ScriptedServer({"/": answer()}, context=tls.good) as server:
        untrusting = Ways(user_agent="test", connect_to=[f":443:127.0.0.1:{server.port}"])
        assert "an authority that is not trusted here" in failing("https://shop.example/", untrusting)


def only_tls_1(tls: Tls) -> ssl.SSLContext:
    """A server that stopped at TLS 1.0."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # for the version is what is tested
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.load_cert_chain(tls.ca_file.replace("ca.pem", "server.pem"))
    return context


def test_tls_spoken_to_by_http_is_a_failure_or_its_own_answer(tls: Tls) -> None:
    with ScriptedServer({"/": answer()}, context=tls.good) as server:
        assert failing(f"http://127.0.0.1:{server.port}/")


def test_insecure_passes_a_bad_certificate_and_says_so(tls: Tls) -> None:
    with ScriptedServer({"/": answer()}, context=tls.expired) as server:
        found = follow("browser", Request(url="https://shop.example/"), ways(tls, server, insecure=True))
    assert found.end.kind == "answer"
    assert "expired" in trace_facts(found)["hops"][0]["certificate_error"]


def test_the_storage_of_each_answer_is_said() -> None:
    replies: dict[str, Scripted] = {
        "/": redirect("/b"),
        "/b": answer(302, "Location: /c"),
        "/c": answer(302, "Location: /d", "Cache-Control: max-age=60"),
        "/d": answer(301, "Location: /e", "Cache-Control: no-store"),
        "/e": answer(200, "Cache-Control: no-cache"),
    }
    with ScriptedServer(replies) as server:
        hops = trace_facts(follow("browser", Request(url=f"{server.url}/")))["hops"]
    assert [hop["cacheable"] for hop in hops] == [True, False, True, False, True]
    assert [hop["cacheable_until"] is not None for hop in hops] == [False, False, True, False, False]
    assert hops[3]["cacheable_note"] == "no: no-store"
