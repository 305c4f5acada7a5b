"""Redirects that happen in the page, and things that only look like them."""

from seoaudit.demo.answers import Answer, Section, Truth, at, moved, page, refreshed

TARGET = "/products/desk/"


def _meta(content: str) -> str:
    return f'<meta http-equiv="refresh" content="{content}">'


def _script(source: str) -> str:
    return f"<script>{source}</script>"


def _by_meta(name: str, content: str, title: str) -> Answer:
    return refreshed(f"/client/{name}", TARGET, title, head=_meta(content))


def _by_script(name: str, source: str, title: str) -> Answer:
    return refreshed(f"/client/{name}", TARGET, title, mechanism="javascript", head=_script(source))


def _stays(name: str, head: str, title: str) -> Answer:
    """A page that stays where it is, whatever its source looks like."""
    return page(f"/client/{name}", title, head=head)


def _reloads(name: str, content: str, title: str) -> Answer:
    """A page that loads itself again: a meta refresh, and no redirect."""
    truth = Truth(mechanism="meta-refresh", location_url=at(f"/client/{name}"))
    return page(f"/client/{name}", title, head=_meta(content), truth=truth)


SECTION = Section(
    path="/client/",
    title="In the page",
    intro="The answer is 200, and then the page itself sends the visitor on. Or only seems to.",
    answers=(
        refreshed(
            "/client/header-0",
            TARGET,
            "A Refresh field, at once",
            mechanism="refresh-header",
            headers={"Refresh": f"0; url={TARGET}"},
        ),
        refreshed(
            "/client/header-5",
            TARGET,
            "A Refresh field, after five seconds",
            mechanism="refresh-header",
            permanence="temporary",
            headers={"Refresh": f"5; url={TARGET}"},
        ),
        _by_meta("meta-0", f"0; url={TARGET}", "A meta refresh, at once"),
        refreshed(
            "/client/meta-10",
            TARGET,
            "A meta refresh, after ten seconds",
            permanence="temporary",
            head=_meta(f"10; url={TARGET}"),
        ),
        _by_meta("meta-comma", f"0, url={TARGET}", "A comma instead of the semicolon"),
        _by_meta("meta-space", f"0 URL = '{TARGET}'", "A space, quotes and capitals"),
        _by_meta("meta-bare", f"0;{TARGET}", "Without url="),
        refreshed(
            "/client/meta-two",
            TARGET,
            "Two meta refreshes: the first counts",
            head=_meta(f"0; url={TARGET}") + _meta("0; url=/products/rug/"),
        ),
        _by_script("script-href", f'location.href = "{TARGET}";', "A script that sets location.href"),
        _by_script("script-replace", f"window.location.replace('{TARGET}');", "A script that calls location.replace"),
        _by_script("script-assign", f'document.location = "{TARGET}"', "A script that sets document.location"),
        Answer(
            url=at("/client/next"),
            title="308 with a Refresh field for the same move, as Next.js sends it",
            status=308,
            headers=(("Location", TARGET.encode()), ("Refresh", f"0;url={TARGET}".encode())),
            body=b"Moved.\n",
            truth=Truth(mechanism="location", location_url=at(TARGET), hops=1, outcome="ok", permanence="permanent"),
        ),
        _reloads("reload", "30", "A page that loads itself again: no redirect"),
        _reloads("reload-url", "30; url=/client/reload-url", "The same, with its own URL: no redirect"),
        _stays(
            "noscript",
            f"<noscript>{_meta(f'0; url={TARGET}')}</noscript>",
            "A meta refresh for browsers without scripts: no redirect",
        ),
        _stays(
            "in-string",
            _script(f"var page = '{_meta(f'0; url={TARGET}')}';"),
            "A meta refresh inside a script's string: no redirect",
        ),
        _stays("in-comment", f"<!-- {_meta(f'0; url={TARGET}')} -->", "A meta refresh in a comment: no redirect"),
        _stays(
            "in-function",
            _script(f'function go() {{ location.href = "{TARGET}"; }}'),
            "A script that would redirect if called: no redirect",
        ),
        _stays(
            "in-text",
            _script(f"var text = 'location.href = \"{TARGET}\"';"),
            "A script that only speaks of it: no redirect",
        ),
        _stays("in-remark", _script(f'// location.href = "{TARGET}";'), "A script with it in a comment: no redirect"),
        moved("/client/to-meta", 302, "/client/meta-10", "A 302 to a page that sends on", hops=2),
    ),
)
