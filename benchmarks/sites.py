"""Makes the benchmark sites, always the same, and serves them with nginx on loopback.

    python benchmarks/sites.py FOLDER           both sites: `big` (pages of 15 to 40 KB) and `small` (2 KB)

A site has 10,000 pages in sections, each with a navigation that repeats, 3,400 redirecting URLs (chains of 1 to 6 hops, and
loops) and 46 links to nothing. Every URL is linked from some page, so a crawl that follows links finds all of it.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import shutil
import socket
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = "red blue quick brown stone river light paper house garden winter summer open narrow broken silent copper glass".split()  # noqa: SIM905 - reads better


@dataclass(frozen=True)
class Shape:
    """How large a site is; sizes in bytes."""

    name: str
    pages: int = 10_000
    chains: int = 1_350
    dead: int = 46
    nav_links: int = 40
    body_links: int = 52
    least: int = 15_000
    most: int = 40_000


BIG = Shape("big")
SMALL = Shape("small", nav_links=5, body_links=10, least=1_800, most=2_200)


def make(shape: Shape, folder: Path) -> int:
    """Write one site below `folder`; returns how many URLs a crawl must find."""
    rng = random.Random(f"{shape.name} {shape.pages}")
    root = folder / shape.name
    shutil.rmtree(root, ignore_errors=True)
    paths = ["/"] + [f"/s{i % 50}/{rng.choice(WORDS)}-{rng.choice(WORDS)}-{i}/" for i in range(1, shape.pages)]
    redirects, entries = _redirects(rng, shape, paths)
    extra = entries + [f"/gone/{i}" for i in range(shape.dead)]
    for number, path in enumerate(paths):
        file = root / "htdocs" / path.lstrip("/") / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_page(rng, shape, paths, number, extra), encoding="utf-8")
    (root / "htdocs" / "robots.txt").write_text("User-agent: *\nDisallow: /private/\n", encoding="utf-8")
    lines = [f'"{source}" "{status} {target}";' for source, (status, target) in redirects.items()]
    (root / "redirects.map").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(paths) + len(redirects) + shape.dead


def made(shape: Shape, folder: Path) -> Path:
    """The folder of one site below `folder`, made if it is not there."""
    root = folder / shape.name
    if not (root / "redirects.map").exists():
        make(shape, folder)
    return root


def _redirects(rng: random.Random, shape: Shape, paths: list[str]) -> tuple[dict[str, tuple[int, str]], list[str]]:
    """Chains of 1 to 6 hops to a page, and some loops; and the URL that each begins with."""
    redirects: dict[str, tuple[int, str]] = {}
    entries = []
    for chain in range(shape.chains):
        hops = rng.choices((1, 2, 3, 4, 5, 6), (30, 30, 20, 10, 6, 4))[0]
        urls = [f"/old/{chain}/{hop}" for hop in range(hops)]
        end = urls[0] if chain % 97 == 0 else rng.choice(paths)
        for source, target in zip(urls, [*urls[1:], end], strict=True):
            redirects[source] = (rng.choice((301, 302, 307, 308)), target)
        entries.append(urls[0])
    return redirects, entries


def _page(rng: random.Random, shape: Shape, paths: list[str], number: int, extra: list[str]) -> str:
    nav = "".join(
        f'<li><a href="{paths[i * 7 % len(paths)]}">{WORDS[i % len(WORDS)]} {i}</a></li>'
        for i in range(shape.nav_links)
    )
    # The first body links form a tree, so that every page is reached; the next ones reach every redirect and dead link.
    body = [paths[n] for n in range(4 * number + 1, 4 * number + 5) if n < len(paths)]
    body += [extra[n] for n in range(number, len(extra), len(paths))]
    body += rng.choices(paths, k=max(0, shape.body_links - len(body)))
    size = rng.randint(shape.least, shape.most)
    text = [(f'<!doctype html><html lang="en"><head><title>Page {number}</title><link rel="canonical" href="{paths[number]}">'
            f'<meta name="robots" content="index, follow"></head><body><nav><ul>{nav}</ul></nav><h1>Page {number}</h1>')]  # fmt: skip
    text.extend(_link(rng, href) for href in body)
    missing = size - sum(map(len, text))
    while missing > 0:
        text.append(f"<p>{' '.join(rng.choices(WORDS, k=60))}</p>")
        missing -= len(text[-1])
    return "".join(text) + "</body></html>"


def _link(rng: random.Random, href: str) -> str:
    words = " ".join(rng.choices(WORDS, k=10))
    return f'<p>{words} <a href="{href}" rel="nofollow">{rng.choice(WORDS)} {rng.choice(WORDS)}</a></p>'


def nginx_conf(root: Path, port: int) -> str:
    """The configuration that serves one site: its redirects by a map, and a log line a request."""
    return f"""
worker_processes 1; daemon off; pid {root}/nginx.pid; error_log {root}/error.log;
events {{ worker_connections 1024; }}
http {{
  types {{ text/html html; text/plain txt; }}
  log_format url '$status $request_uri'; access_log {root}/access.log url;
  client_body_temp_path {root}/tmp; proxy_temp_path {root}/tmp; fastcgi_temp_path {root}/tmp; uwsgi_temp_path {root}/tmp; scgi_temp_path {root}/tmp;
  map_hash_bucket_size 256; map_hash_max_size 65536; keepalive_requests 100000; sendfile on;
  add_header LinkChecker on always;  # how a server tells linkchecker that it may ask more than some three times a second
  map $request_uri $move {{ default ""; include {root}/redirects.map; }}
  map $move $code {{ default 0; "~^(?<number>[0-9]+) " $number; }}
  map $move $to {{ default ""; "~^[0-9]+ (?<target>.*)$" $target; }}
  server {{
    listen 127.0.0.1:{port}; root {root}/htdocs; index index.html; absolute_redirect off;
    if ($code = 301) {{ return 301 $to; }}
    if ($code = 302) {{ return 302 $to; }}
    if ($code = 307) {{ return 307 $to; }}
    if ($code = 308) {{ return 308 $to; }}
  }}
}}
"""


@contextlib.contextmanager
def serving(root: Path) -> Iterator[str]:
    """Serve one made site; gives its start URL. `root`/access.log gets a line a request."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (root / "nginx.conf").write_text(nginx_conf(root, port), encoding="utf-8")
    (root / "tmp").mkdir(exist_ok=True)
    server = subprocess.Popen(["nginx", "-e", str(root / "error.log"), "-p", str(root), "-c", str(root / "nginx.conf")])
    try:
        _wait_for(f"http://127.0.0.1:{port}/robots.txt")
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()


def _wait_for(url: str) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nginx does not answer at {url}; see its error.log")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    target = parser.parse_args().folder
    for site in (BIG, SMALL):
        print(f"{site.name}: {make(site, target)} URLs below {target / site.name}")
