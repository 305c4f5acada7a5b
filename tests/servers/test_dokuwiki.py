"""The forms of a real application, Debian's DokuWiki under PHP's own server: as the audit has them, and as another reader does."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urldefrag, urljoin
from urllib.request import urlopen

import pytest
from audits import Audit, audit
from lxml import html
from programs import Program, reserved_port

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION = Path("/usr/share/dokuwiki")
CONFIGURATION = Path("/etc/dokuwiki")
DATA = Path("/var/lib/dokuwiki/data")
SETTINGS = """<?php
$conf['useacl'] = 1;
$conf['superuser'] = '@admin';
$conf['disableactions'] = '';
$conf['savedir'] = dirname(__DIR__) . '/data';
"""
PRELOAD = "<?php define('DOKU_CONF', dirname(__DIR__) . '/conf/');\n"
PAGES = r"/doku\.php\?id=start(&do=(login|register|resendpwd|revisions|recent|index))?(&sectok=)?$"

pytestmark = [
    pytest.mark.server("php"),
    pytest.mark.skipif(not APPLICATION.is_dir(), reason="needs DokuWiki: apt-get install dokuwiki"),
]


class Form(NamedTuple):
    """A form as somebody who looks at the page would describe it."""

    page: str
    method: str
    action: str
    password: bool


def _not_ours(folder: str, names: list[str]) -> list[str]:
    """What only the web server may read: passwords and rights, which the copy has of its own."""
    return [name for name in names if name.endswith(".auth.php") or not os.access(Path(folder, name), os.R_OK)]


@contextmanager
def dokuwiki(folder: Path) -> Iterator[str]:
    """A copy of the application with settings and data of its own, served on loopback."""
    site = folder / "wiki"
    for source, target in ((APPLICATION, site), (CONFIGURATION, site / "conf"), (DATA, site / "data")):
        shutil.copytree(source, target, ignore=_not_ours, ignore_dangling_symlinks=True, dirs_exist_ok=True)
    (site / "conf/local.php").write_text(SETTINGS)
    (site / "conf/users.auth.php").write_text("")
    (site / "conf/acl.auth.php").write_text("* @ALL 8\n")
    (site / "inc/preload.php").write_text(PRELOAD)
    with (
        reserved_port() as port,
        Program("php", "-S", f"127.0.0.1:{port}", "-t", site, ready=r"\) started", folder=folder),
    ):
        yield f"http://127.0.0.1:{port}"


def seen_by_lxml(url: str) -> Iterator[Form]:
    with urlopen(url) as answer:
        page = html.fromstring(answer.read())
    for form in page.forms:
        action = urldefrag(urljoin(url, form.get("action") or url))[0]
        yield Form(url, (form.get("method") or "get").lower(), action, bool(form.xpath(".//input[@type='password']")))


def pages_with_forms(found: Audit) -> list[dict[str, Any]]:
    return [row for row in found.table("links") if row["element"] in ("form-get", "form-post")]


def test_every_form_of_dokuwiki_is_in_the_tables_with_its_action_method_and_password(tmp_path: Path) -> None:
    with dokuwiki(tmp_path) as root:
        found = audit(tmp_path, f"{root}/doku.php?id=start", include=PAGES, probes="sample")
        mentions = pages_with_forms(found)
        read = {
            Form(
                row["source"],
                row["element"].removeprefix("form-"),
                row["target"],
                "password" in (row["rel"] or "").split(),
            )
            for row in mentions
        }
        expected = {form for page in {row["source"] for row in mentions} for form in seen_by_lxml(page)}
    assert read == expected
    actions = {(form.method, form.action.removeprefix(root), form.password) for form in read}
    assert ("get", "/doku.php?id=start", False) in actions  # the search box of every page
    assert ("post", "/doku.php?id=start", True) in actions  # the login
    assert {"/doku.php?id=start&do=register", "/doku.php?id=start&do=resendpwd"} <= {action for _, action, _ in actions}
    forms = {(row["method"].lower(), row["action"], row["sensitive"]): row for row in found.table("forms")}
    assert {key[:2] for key in forms} == {(form.method, form.action) for form in read}
    login = forms["post", f"{root}/doku.php?id=start", "password"]
    assert (login["verdict"], login["status"]) == ("sent-in-clear", 200)
    search = next(row for key, row in forms.items() if key[:2] == ("get", f"{root}/doku.php?id=start"))
    assert search["pages"] == len({form.page for form in read})
