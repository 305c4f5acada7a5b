"""What a trace sends as curl is what the real curl sends, request by request, on loopback."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from servers import answer, redirect
from walks import Pair, follow, pair

from seoaudit.http.redirect import Request

if TYPE_CHECKING:
    from collections.abc import Generator

pytestmark = pytest.mark.server("curl")
OWN = (("Authorization", "Bearer a"), ("Cookie", "a=b"), ("X-Own", "c"))
SHAPES: dict[str, tuple[list[str], Request]] = {
    "GET": ([], Request(url="", headers=OWN)),
    "HEAD": (["-I"], Request(url="", method="HEAD", headers=OWN)),
    "-d": (["-d", "a=b"], Request(url="", method="POST", body=b"a=b", headers=OWN)),
    "-d with a type": (
        ["-d", "{}", "-H", "Content-Type: text/plain", "-H", "Content-Language: de"],
        Request(
            url="", method="POST", body=b"{}", headers=(("Content-Type", "text/plain"), ("Content-Language", "de"))
        ),
    ),
    "-X POST -d": (["-X", "POST", "-d", "a=b"], Request(url="", method="POST", body=b"a=b", chosen=True)),
    "-X POST": (["-X", "POST"], Request(url="", method="POST", body=b"", chosen=True, headers=OWN)),
    "-X PUT -d": (["-X", "PUT", "-d", "a=b"], Request(url="", method="PUT", body=b"a=b", chosen=True)),
    "-X DELETE": (["-X", "DELETE"], Request(url="", method="DELETE", chosen=True, headers=OWN)),
}


@pytest.fixture(scope="module")
def servers() -> Generator[Pair]:
    with pair(
        {"/query": redirect("/end?a b&c  d"), "/path": redirect("/e nd"), "/e%20nd": answer(), "/empty": redirect("")}
    ) as both:
        yield both


def curl(url: str, *arguments: str) -> tuple[str, str]:
    """What the real curl -L says of itself: status and number of redirects, and its exit code."""
    program = shutil.which("curl")
    assert program
    said = "%{http_code} %{num_redirects}|%{exitcode}"
    command = [program, "-q", "-sL", "-o", "/dev/null", "-w", said, *arguments, url]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    facts, _, code = ran.stdout.partition("|")
    return facts, code


def own_arguments(request: Request, given: list[str]) -> list[str]:
    """The fields that a shape's request has and its arguments do not name."""
    return [] if "-H" in given else [part for name, value in request.headers for part in ("-H", f"{name}: {value}")]


@pytest.mark.parametrize("place", ["here", "there", "back"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
def test_method_body_and_fields_travel_as_with_the_real_curl(
    servers: Pair, status: int, shape: str, place: str
) -> None:
    arguments, request = SHAPES[shape]
    url = f"{servers.here.url}/{status}/{place}"
    servers.forget()
    real = curl(url, *arguments, *own_arguments(request, arguments))
    expected = servers.sent()
    servers.forget()
    found = follow(
        "curl",
        Request(url=url, method=request.method, headers=request.headers, body=request.body, chosen=request.chosen),
    )
    assert servers.sent() == expected
    assert len(expected) == found.redirects + 1
    assert found.last.answered
    assert real == (f"{found.last.answered.status} {found.redirects}", "0")


@pytest.mark.parametrize("target", ["query", "path", "empty", "300/here#part"])
def test_locations_are_written_as_the_real_curl_writes_them(servers: Pair, target: str) -> None:
    url = f"{servers.here.url}/{target}"
    servers.forget()
    curl(url)
    expected = servers.sent()
    servers.forget()
    follow("curl", Request(url=url))
    assert servers.sent() == expected


def test_user_and_password_of_a_location_go_to_the_first_origin_only(servers: Pair) -> None:
    for name, server in (("here", servers.here), ("there", servers.there)):
        servers.here.answers[f"/login/{name}"] = redirect(f"http://me:secret@127.0.0.1:{server.port}/end")
        url = f"{servers.here.url}/login/{name}"
        servers.forget()
        curl(url)
        expected = servers.sent()
        servers.forget()
        follow("curl", Request(url=url))
        assert servers.sent() == expected
        assert ("authorization" in dict(expected[1].fields)) is (name == "here")


def test_the_real_curl_gives_up_after_50_redirects_and_so_does_the_trace(servers: Pair) -> None:
    servers.here.answers |= {f"/count/{number}": redirect(f"/count/{number + 1}") for number in range(60)}
    url = f"{servers.here.url}/count/0"
    servers.forget()
    assert curl(url) == ("301 50", "47")
    expected = servers.sent()
    servers.forget()
    found = follow("curl", Request(url=url))
    assert servers.sent() == expected
    assert (found.end.kind, found.redirects, len(expected)) == ("too-many", 50, 51)
    servers.forget()
    assert curl(url, "--max-redirs", "3") == ("301 3", "47")
    assert follow("curl", Request(url=url), max_redirects=3).end.kind == "too-many"
