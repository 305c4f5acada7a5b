"""What a trace sends as a browser is what a real Chromium sends, request by request, on loopback."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, NamedTuple

import pytest
from servers import Scripted, answer, redirect
from walks import Pair, Sent, follow, pair

from seoaudit.http.clients import CLIENTS
from seoaudit.http.redirect import Request

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

pytestmark = pytest.mark.server("chromium")
CORS = (
    "Access-Control-Allow-Origin: *",
    "Access-Control-Allow-Methods: *",
    "Access-Control-Allow-Headers: Authorization, X-Own, Content-Type, Content-Language",
)
FIELDS = (("Authorization", "Bearer a"), ("X-Own", "c"))
TYPED = (*FIELDS, ("Content-Type", "text/plain"), ("Content-Language", "de"))
STATUSES = (300, 301, 302, 303, 305, 306, 307, 308)
PATIENCE_S = 180
NAVIGATION = "navigation of 20 redirects"


class Case(NamedTuple):
    """One way of asking: by script, or by a form or frame that the reader submits or opens."""

    name: str
    how: str
    request: Request


def cases(here: str) -> list[Case]:
    found = []
    for status in STATUSES:
        for place in ("here", "there", "back"):
            url = f"{here}/{status}/{place}"
            found += [
                Case(f"fetch GET {status} {place}", "fetch", Request(url=url, headers=FIELDS)),
                Case(f"fetch HEAD {status} {place}", "fetch", Request(url=url, method="HEAD", headers=FIELDS)),
                Case(
                    f"fetch POST {status} {place}", "fetch", Request(url=url, method="POST", body=b"x", headers=TYPED)
                ),
                Case(f"fetch PUT {status} {place}", "fetch", Request(url=url, method="PUT", body=b"x", headers=TYPED)),
                Case(f"fetch DELETE {status} {place}", "fetch", Request(url=url, method="DELETE", headers=FIELDS)),
                Case(f"form POST {status} {place}", "form", Request(url=url, method="POST", body=b"a=b")),
            ]
    found += [
        Case(f"frame {target}", "frame", Request(url=f"{here}/{target}"))
        for target in (
            *(
                "meta",
                "refresh",
                "several",
                "equal",
                "none",
                "empty",
                "cookie",
                "cookie-there",
                "space",
                "fragment#part",
                "post-meta",
            ),
        )
    ]
    found += [
        Case(f"fetch {target}", "fetch", Request(url=f"{here}/{target}"))
        for target in ("mail", "empty", "several", "count/0", "count/1")
    ]
    found.append(Case(NAVIGATION, "frame", Request(url=f"{here}/count/1")))
    return [*found, Case("form post-meta", "form", Request(url=f"{here}/post-meta", method="POST", body=b"a=b"))]


def extra_answers() -> dict[str, bytes]:
    fresh = "Cache-Control: no-store"
    counted = {f"/count/{number}": answer(301, f"Location: /count/{number + 1}", fresh) for number in range(21)}
    meta = answer(body="<meta http-equiv=refresh content='0; url=/end'>")
    return counted | {
        "/count/21": answer(),
        "/meta": meta,
        "/post-meta": meta,
        "/refresh": answer(200, "Refresh: 0; url=/end"),
        "/several": answer(301, "Location: /end", "Location: /meta"),
        "/equal": answer(301, "Location: /end", "Location: /end"),
        "/none": answer(301, body="none"),
        "/empty": answer(301, "Location: ", body="empty"),
        "/mail": redirect("mailto:a@b.example"),
        "/cookie": answer(302, "Set-Cookie: a=b; Path=/jar", "Location: /jar"),
        "/jar": answer(),
        "/space": redirect("/end?a b"),
        "/fragment": redirect("/end"),
        "/favicon.ico": answer(),
    }


SCRIPT = """
const cases = CASES;
const arrived = (frame) => new Promise((done) => { frame.onload = done; document.body.append(frame); });
async function run({name, how, url, method, headers, body}) {
  if (how === 'fetch') { await fetch(url, {method, headers, body, cache: 'no-store'}).catch(() => null); return; }
  const frame = document.createElement('iframe');
  frame.name = name;
  if (how === 'frame') { frame.src = url; await arrived(frame); }
  else {
    await arrived(frame);
    const form = document.createElement('form');
    form.method = method; form.action = url; form.target = name;
    const [key, value] = body.split('=');
    form.append(Object.assign(document.createElement('input'), {name: key, value}));
    document.body.append(form);
    await new Promise((done) => { frame.onload = done; form.submit(); });
  }
  // A refresh comes after the page has arrived.
  if (url.includes('meta') || url.includes('refresh')) await new Promise((done) => { frame.onload = done; });
}
(async () => {
  for (const one of cases) {
    await fetch('/begin/' + encodeURIComponent(one.name));
    await run(one);
  }
  await fetch('/finished');
  document.title = 'done';
})();
"""


def page_of(found: list[Case]) -> bytes:
    told = [
        {
            "name": case.name,
            "how": case.how,
            "url": case.request.url,
            "method": case.request.method,
            "headers": dict(case.request.headers),
            "body": case.request.body.decode() if case.request.body is not None else None,
        }
        for case in found
    ]
    return answer(body=f"<!doctype html><body><script>{SCRIPT.replace('CASES', json.dumps(told), 1)}</script></body>")


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Pair, dict[str, list[Sent]]]]:
    """Two servers, and what Chromium sent them in each case, after one visit to one page."""
    with pair(extra_answers(), STATUSES, *CORS, "Cache-Control: no-store") as servers:
        found = cases(servers.here.url)
        servers.here.answers["/"] = page_of(found)
        servers.here.answers["/cookie-there"] = answer(
            302, "Set-Cookie: c=d; Path=/pot", f"Location: {servers.there.url}/pot"
        )
        servers.there.answers["/pot"] = answer()
        servers.here.answers |= dict.fromkeys(
            ("/finished", *(f"/begin/{quoted(case.name)}" for case in found)), answer()
        )
        for server in servers:
            server.answers = {target: preflighted(given) for target, given in server.answers.items()}
        visit(servers.here.url, tmp_path_factory.mktemp("profile"))
        yield servers, by_case(servers.sent())


def quoted(name: str) -> str:
    return name.replace(" ", "%20").replace("/", "%2F").replace("#", "%23")


def preflighted(given: Scripted) -> Scripted:
    """The answer to any method; a question before the question (CORS) is granted."""
    assert isinstance(given, bytes)
    return lambda asked: answer(204, *CORS, media_type=None) if asked.method == "OPTIONS" else given


def visit(url: str, profile: Path) -> None:
    chromium = shutil.which("chromium")
    assert chromium
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    ran = subprocess.run(
        [
            *(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", *quiet),
            *(f"--user-data-dir={profile}", "--virtual-time-budget=600000", "--dump-dom", f"{url}/"),
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    assert "<title>done</title>" in ran.stdout, ran.stderr[-2000:]


def by_case(sent: list[Sent]) -> dict[str, list[Sent]]:
    found: dict[str, list[Sent]] = {}
    names = {f"/begin/{quoted(name)}": name for name in (case.name for case in cases(""))}
    current: list[Sent] = []
    for one in sent:
        if one.target in names:
            current = found.setdefault(names[one.target], [])
        elif one.target not in ("/", "/favicon.ico", "/finished"):
            current.append(one)
    return found


@pytest.mark.parametrize("name", [case.name for case in cases("") if case.name != NAVIGATION])
def test_a_trace_sends_what_chromium_sends(observed: tuple[Pair, dict[str, list[Sent]]], name: str) -> None:
    servers, by_name = observed
    case = next(case for case in cases(servers.here.url) if case.name == name)
    servers.forget()
    follow("browser", case.request)
    assert servers.sent() == by_name[name]


def test_a_cookie_goes_to_every_port_of_its_host(observed: tuple[Pair, dict[str, list[Sent]]]) -> None:
    servers, by_name = observed
    assert by_name["frame cookie-there"][-1] == Sent(servers.there.port, "GET", "/pot", (("cookie", "c=d"),), b"")


def test_fetch_in_chromium_follows_20_redirects_and_no_more(observed: tuple[Pair, dict[str, list[Sent]]]) -> None:
    servers, by_name = observed
    assert [sent.target for sent in by_name["fetch count/0"]] == [f"/count/{number}" for number in range(21)]
    assert by_name["fetch count/1"][-1].target == "/count/21"
    assert follow("browser", Request(url=f"{servers.here.url}/count/0")).end.kind == "too-many"
    assert follow("browser", Request(url=f"{servers.here.url}/count/1")).end.kind == "answer"


def test_chromium_gives_a_navigation_one_redirect_less_than_the_standard_and_the_trace_keeps_to_the_standard(
    observed: tuple[Pair, dict[str, list[Sent]]],
) -> None:
    """WHATWG Fetch, HTTP-redirect fetch: 20 for both. Who gets that far has a fault in any browser."""
    _, by_name = observed
    assert len(by_name[NAVIGATION]) == 20
    assert CLIENTS["browser"].max_redirects == 20
