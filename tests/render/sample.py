"""A finished run on disk with every kind of redirect, made without a crawl: the journal, and the tables that judging adds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from seoaudit.records import Limit, Mention, Response
from seoaudit.store.folder import RunFolder, RunInfo
from seoaudit.store.journal import Journal, Seeds, Walk
from seoaudit.store.schema import TABLES
from seoaudit.store.tables import write_crawl_tables

if TYPE_CHECKING:
    from pathlib import Path

SITE = "https://shop.example"
SEEN = datetime(2026, 9, 21, 11, 6, 40, tzinfo=UTC)

INFO = RunInfo(
    site="shop.example",
    start="http://shop.example/",
    started_at="20260921T110640Z",
    finished_at="20260921T111712Z",
    state="finished",
    version="0.1.0",
    arguments={"start": "http://shop.example/", "max_urls": 500, "robots": "obey"},
    adopted_host="shop.example",
    hosts=["shop.example", "www.shop.example"],
    finish_reason="finished",
    urls_requested=60,
    urls_known=60,
)

# One line a URL: path or URL, the answer, the target; `meta=5`, `header=0` and `script` are the ways of a page itself.
ANSWERS = """
http://shop.example/ 302 https://shop.example/
http://shop.example/about 302 https://shop.example/about
http://shop.example/contact 302 https://shop.example/contact
http://shop.example/blog/ 302 https://shop.example/blog/
http://shop.example/blog/spring 302 https://shop.example/blog/spring
http://www.shop.example/ 301 https://www.shop.example/
https://www.shop.example/ 301 https://shop.example/
https://www.shop.example/blog/ 301 https://shop.example/blog/
/ 200
/about 200
/contact 200
/blog/ 200
/blog/spring 200
/blog/summer 200
/blog/autumn 200
/help/ 200
/help/returns 200
/help/sizes 200
/products/ 200
/products/boots 200
/products/coats 200
/products/hats 200
/blog 308 /blog/
/help 301 /help/
/products 301 /products/
/Products/Boots 301 /products/boots
/old/boots 301 /shop/boots
/shop/boots 301 /catalogue/boots
/catalogue/boots 307 /products/boots
/old/coats 301 /shop/coats
/shop/coats 301 /catalogue/coats
/catalogue/coats 307 /products/coats
/old/hats 301 /shop/hats
/shop/hats 301 /catalogue/hats
/catalogue/hats 307 /products/hats
/sale 303 /products/
/winter 302 /blog/autumn
/campaign 307 /products/coats
/move meta=0 /about
/wait meta=5 /about
/header header=0 /contact
/script script /contact
/a 301 /b
/b 301 /c
/c 302 /a
/self 301 /self
/login 302 /session
/session 302 /login
/gone 301 /removed
/removed 410
/lost 301 /nowhere
/nowhere 404
/broken 301 /fails
/fails 503
/unsafe 301 http://shop.example/about
/partner 301 https://partner.example/offer
https://partner.example/offer 200
/away 301 https://missing.example/
https://missing.example/ !dns
/odd 301 http://[undefined
/empty 302
/private !robots
/huge !too-large
/slow !timeout
"""

WORDS = {"meta": "meta-refresh", "header": "refresh-header", "script": "javascript"}


def absolute(text: str) -> str:
    return SITE + text if text.startswith("/") else text


def answers(text: str = ANSWERS) -> list[Response]:
    return [_answer(*line.split()) for line in text.strip().splitlines()]


def _answer(url: str, answer: str, target: str | None = None) -> Response:
    asked = Response(
        url=absolute(url), in_scope="partner" not in url and "missing" not in url, fetched_at=SEEN.timestamp()
    )
    if answer.startswith("!"):
        return replace(asked, error=answer[1:])
    word, _, delay = answer.partition("=")
    came = replace(
        asked, status=int(word) if word.isdigit() else 200, latency_ms=20 + 7 * len(url), media_type="text/html"
    )
    if target is None:
        return replace(came, title=f"Shop {url}")
    return replace(
        came,
        mechanism=WORDS.get(word, "location"),
        location=target,
        location_count=1,
        location_url=None if "[" in target else absolute(target),
        refresh_delay=float(delay) if delay else None,
    )


def chains(responses: list[Response], inlinks: dict[str, int]) -> list[dict[str, Any]]:
    by_url = {response.url: response for response in responses}
    return [_chain(response, by_url, inlinks.get(response.url, 0)) for response in responses if response.mechanism]


def _chain(start: Response, by_url: dict[str, Response], inlinks: int) -> dict[str, Any]:
    path = [start]
    while path[-1].mechanism and path[-1].location_url in by_url and path[-1] not in path[:-1]:
        path.append(by_url[path[-1].location_url])
    end, hops = path[-1], path[:-1]
    looped = end in hops
    kinds = {
        hop.status in {301, 308} or (hop.mechanism != "location" and not hop.refresh_delay) for hop in hops or path
    }
    return {
        "requested_url": start.url,
        "url_list": [hop.url for hop in path],
        "statuses": [hop.status for hop in path],
        "mechanisms": [hop.mechanism for hop in hops],
        "redirect_count": len(hops),
        "final_url": end.url,
        "final_status": end.status,
        "final_error": end.error,
        "outcome": _outcome(end, looped=looped),
        "permanence": "mixed" if len(kinds) == 2 else ("permanent" if kinds == {True} else "temporary"),
        "latency_ms": sum(hop.latency_ms or 0 for hop in hops),
        "host_count": len({hop.url.split("/")[2] for hop in path}),
        "loop_length": len(path) - 1 - path.index(end) if looped else None,
        "inlinks": inlinks,
    }


def _outcome(end: Response, *, looped: bool) -> str:
    if looped:
        return "loop"
    if end.mechanism:
        return "invalid-location"
    if end.error:
        return "robots" if end.error == "robots" else "unreachable"
    if not end.in_scope:
        return "external"
    return "ok" if end.status < 400 else ("client-error" if end.status < 500 else "server-error")


def finding(rule: str, severity: str, url: str, detail: str, fix: str = "", **more: Any) -> dict[str, Any]:
    return {"rule": rule, "severity": severity, "url": absolute(url), "detail": detail, "fix": fix, "inlinks": 0} | more


TO_HTTPS = {
    "fix": "On shop.example, answer every http URL with 301 to the same path on https instead of 302.",
    "group": "http to https on shop.example",
}


def findings() -> list[dict[str, Any]]:
    loop = "Never reaches a page: {} after {} redirects."
    return [
        finding(
            "redirect-loop",
            "critical",
            "/a",
            loop.format("comes back to /a", 3),
            "Break /c: it sends to /a.",
            inlinks=4,
        ),
        finding(
            "redirect-loop",
            "critical",
            "/b",
            loop.format("comes back to /b", 3),
            "Break /c: it sends to /a.",
            inlinks=1,
        ),
        finding("redirect-to-itself", "critical", "/self", "The Location is the URL that was asked.", inlinks=2),
        finding("https-to-http", "critical", "/unsafe", "The Location is http://shop.example/about.", inlinks=3),
        *(
            finding(
                "temporary-https-move",
                "high",
                f"http://shop.example{path}",
                "302 to the same path on https.",
                **TO_HTTPS,
            )
            for path in ("/", "/about", "/contact", "/blog/", "/blog/spring")
        ),
        finding(
            "redirect-to-error", "high", "/gone", "Ends in 410 at /removed.", "Answer 410 at /gone itself.", inlinks=7
        ),
        finding(
            "redirect-to-error", "high", "/lost", "Ends in 404 at /nowhere.", "Give /lost a new target.", inlinks=1
        ),
        finding("redirect-to-error", "high", "/broken", "Ends in 503 at /fails.", "Mend /fails.", inlinks=1),
        *(
            finding(
                "redirect-chain",
                "medium",
                f"/old/{name}",
                f"3 redirects: /old/{name}, /shop/{name}, /catalogue/{name}, then /products/{name}.",
                f"Send /old/{name} to /products/{name} with 301.",
                inlinks=12,
                group="/old/ to /shop/ on shop.example",
            )
            for name in ("boots", "coats", "hats")
        ),
        finding("meta-refresh", "medium", "/wait", "Waits 5 s, then opens /about.", first_seen=SEEN),
        finding("see-other-page", "low", "/sale", "303 answers a GET.", "Answer 301 instead of 303."),
        finding("a-rule-of-tomorrow", "info", "/campaign", "307, as agreed."),
    ]


def fixes() -> list[dict[str, Any]]:
    known = {"element": "a", "redirect_count": 1, "outcome": "ok"}
    return [
        {
            "page": f"{SITE}/{page}",
            "text": "Blog",
            "href": "/blog",
            "target": f"{SITE}/blog",
            "replace_with": f"{SITE}/blog/",
            **known,
        }
        for page in ("", "about", "contact", "help/", "products/")
    ]


def entry_point(scheme: str, host: str, statuses: str, **more: Any) -> dict[str, Any]:
    codes = statuses.split(" → ")
    known = {"status": int(codes[0]), "final_status": int(codes[-1]), "redirect_count": len(codes) - 1, "outcome": "ok"}
    counts = dict.fromkeys(
        ("pages_asked", "pages_kept", "pages_answered", "paths_lost", "queries_lost", "pages_failed"), 0
    )
    place = {"url": f"{scheme}://{host}/", "final_url": f"{SITE}/", "meets": True, "statuses": statuses}
    return {"scheme": scheme, "host": host} | known | counts | place | more


ENTRY_POINTS = [
    entry_point("http", "shop.example", "301 → 200", permanence="permanent", pages_asked=4, pages_kept=3, paths_lost=1),
    entry_point("https", "shop.example", "200"),
    entry_point(
        "http",
        "www.shop.example",
        "302 → 301 → 200",
        permanence="mixed",
        final_url="https://www.shop.example/start",
        meets=False,
    ),
]

FORMS = [
    {
        "page": f"{SITE}/",
        "pages": 4000,
        "method": "GET",
        "action": f"{SITE}/search",
        "text": "Search",
        "status": 200,
        "redirect_count": 0,
        "verdict": "fine",
        "sentence": "The server answers 200 to GET.",
    },
    {
        "page": f"{SITE}/contact",
        "pages": 1,
        "method": "POST",
        "action": f"{SITE}/send",
        "sensitive": "password",
        "status": 301,
        "allow": "GET, POST",
        "redirect_count": 1,
        "verdict": "body-lost",
        "sentence": "https://shop.example/send answers 301, and the body is lost.",
    },
]


def make_run(path: Path, info: RunInfo = INFO, **tables: list[dict[str, Any]]) -> RunFolder:
    """Write a run folder; a table given by name takes the place of the sample's."""
    folder = RunFolder(path)
    path.mkdir(parents=True, exist_ok=True)
    responses = answers()
    with Journal(folder.journal) as journal:
        journal.append(Seeds([Mention(info.start, "start")]))
        for response in responses:
            journal.append(response)
        journal.append(_walk(f"{SITE}/login", [f"{SITE}/login", f"{SITE}/session", f"{SITE}/"]))
    write_crawl_tables(folder)
    counted = {row["url"]: row["inlinks"] for row in findings()}
    made = {"chains": chains(responses, counted), "findings": findings(), "fixes": fixes(), "hosts": []}
    made |= {"entry_points": ENTRY_POINTS, "forms": FORMS} | tables
    for name in ("chains", "hosts", "entry_points", "forms", "findings", "fixes"):
        pq.write_table(pa.Table.from_pylist(made[name], schema=TABLES[name]), folder.table(name))
    folder.write_info(info)
    return folder


def _walk(url: str, url_list: list[str]) -> Walk:
    return Walk(
        requested_url=url,
        url_list=url_list,
        statuses=[302, 302, 200],
        redirect_count=2,
        final_url=url_list[-1],
        final_status=200,
        error=None,
        outcome="ok",
        cookie_names="session",
        walked_at=SEEN.timestamp(),
    )


LIMITED = INFO.model_copy(
    update={
        "state": "unfinished",
        "urls_left": 120,
        "limits": [Limit("max_urls", 120, "the audit stopped at max_urls=500")],
        "failed_rules": {"redirect-loop": "KeyError: 'statuses'"},
        "listed_urls": [f"{SITE}/old/boots", f"{SITE}/about", f"{SITE}/a", "not asked"],
    }
)
