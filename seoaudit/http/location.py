"""The Location field: where it points as browsers read it, and what is wrong with how it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from seoaudit import urls

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Location:
    """What the Location fields of one response say.

    `raw` is the field value as text (UTF-8, else latin-1; several values joined by line feeds), None without a field;
    `count` the number of fields; `url` the location URL, None where no client can follow it.
    """

    raw: str | None
    count: int
    url: str | None


def read_location(values: Sequence[bytes], url: str) -> Location:
    """Read the values of every Location field of the answer to `url`.

    `Location.url` is the "location URL" of the WHATWG Fetch standard: resolved against `url`, serialised, with the
    request's fragment where it has none of its own. Decided where browsers and standards leave a choice:

    * Empty: no URL. By the Fetch standard an empty value is `url` itself, again and again; Chromium shows the body. Nobody
      arrives anywhere.
    * Several fields: followed when they are equal, no URL when they differ (Chromium's
      ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION, Firefox's NS_ERROR_CORRUPTED_CONTENT: it may be a response-splitting attack).
    * Raw bytes above 0x7F are percent-encoded one by one, whatever encoding was meant, as browsers do and the web platform
      tests hold (fetch/api/redirect/redirect-location-escape); the Fetch standard itself would read them as latin-1.
    * Whitespace and control characters around the value are stripped, tabs and line ends inside it too, and spaces inside
      are encoded (WHATWG URL).
    * A scheme other than http and https: no URL (Fetch, HTTP-redirect fetch: a network error).
    """
    stripped = [value.strip(b" \t") for value in values]
    raw = "\n".join(map(_text, stripped)) if stripped else None
    location_url = _resolve(_percent_encode(stripped[0]), url) if len(set(stripped)) == 1 else None
    return Location(raw, len(stripped), location_url if location_url and urls.is_web(location_url) else None)


LOCATION_PROBLEMS = (
    "missing",
    "empty",
    "several",
    "comma-joined",
    "brackets",
    "space",
    "bad-percent",
    "control-character",
    "placeholder",
    "non-ascii",
    "double-slash",
    "repeated-prefix",
    "path-relative",
    "not-http",
    "unparsable",
    "credentials",
    "session-id",
    "email",
)
"""Every word that `location_problems` may say, in its order."""


def location_problems(raw: str | None, count: int, url: str) -> tuple[str, ...]:
    """What is wrong with a Location field as `read_location` gives it, in closed words; () for an ordinary one.

    `missing`; `empty`; `several` fields, equal or not; `comma-joined`: absolute URLs in one field; `brackets`: `<` or `>`,
    or brackets or quotes around it all; `space`; `bad-percent`: a `%` without two hex digits; `control-character`: tabs
    too; `placeholder`: what a template left in host or path (`undefined`, `null`, `{{x}}`, `%7B`, `$1`,
    `[object Object]`); `non-ascii`; `double-slash`: `//` in the path; `repeated-prefix`: the request's path, or a piece of
    two segments or more, stands in the path twice; `path-relative`: relative to the request's folder, or `http:` without
    `//`, which means that on some requests only; `not-http`; `unparsable`; `credentials`: user name or password;
    `session-id`; `email`: an address. What the request's own path had already is not held against its redirect. Of
    several values each is judged.
    """
    if raw is None or count == 0:
        return ("missing",)
    values = raw.split("\n") if count > 1 else [raw]
    parts = [part for value in values for part in _comma_parts(value)]
    found = {problem for part in parts for problem in _value_problems(part.strip(" \t"), url)}
    if count > 1:
        found.add("several")
    if len(parts) > len(values):
        found.add("comma-joined")
    return tuple(word for word in LOCATION_PROBLEMS if word in found)


_C0_CONTROL_OR_SPACE = "".join(map(chr, range(0x21)))
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_WEB_SCHEME_WITHOUT_SLASHES = re.compile(r"https?:(?!//)", re.IGNORECASE)
_COMMA_JOINT = re.compile(r",[ \t]*(?=https?://)", re.IGNORECASE)
_WRAPPED = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'"}
_GUID = re.compile(r"\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}", re.IGNORECASE)
_PATH = re.compile(r"[^:/?#]+://[^/?#]*([^?#]*)")
_MAY_BE_UNFILLED = re.compile(r"undefined|null|None|NaN|\[object |\$|\{")
_UNFILLED = re.compile(r"undefined|null|None|NaN|\[object [A-Za-z]+\]|\$\w+", re.ASCII)
_SESSION_ID = re.compile(
    r"[;?&]jsessionid=[^&#]|[?&](?:phpsessid|aspsessionid\w*|session_?id|cftoken)=[^&#]|[?&]sid=[\w,-]{16}|/\(S\(\w{24}\)\)",
    re.IGNORECASE | re.ASCII,
)
_EMAIL = re.compile(r"(?<=[\w.+-])@((?:[a-z0-9-]{1,63}\.){1,8}([a-z]{2,24}))(?![\w-])", re.IGNORECASE | re.ASCII)
_FILE_TYPES = frozenset(
    (
        "avif",
        "cjs",
        "css",
        "gif",
        "html",
        "ico",
        "jpeg",
        "jpg",
        "js",
        "json",
        "map",
        "mjs",
        "png",
        "svg",
        "ts",
        "wasm",
        "webp",
    )
)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _percent_encode(value: bytes) -> str:
    return (
        "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in value)
        if not value.isascii()
        else value.decode()
    )


def _resolve(location: str, url: str) -> str | None:
    if not location.strip(_C0_CONTROL_OR_SPACE):
        return None
    resolved = urls.parse(location, url)
    if resolved is None or "#" in resolved or "#" not in url:
        return resolved
    return f"{resolved}#{urls.fragment(url)}"


def _comma_parts(value: str) -> list[str]:
    """The absolute URLs that a field joins; without a space, a comma in a query may as well belong to a list there."""
    if not urls.is_web(value.lower()):
        return [value]
    query = re.search(r"[?#]", value)
    joints = [m for m in _COMMA_JOINT.finditer(value) if m[0] != "," or query is None or m.start() < query.start()]
    starts = [0, *(joint.end() for joint in joints)]
    ends = [*(joint.start() for joint in joints), len(value)]
    return [value[start:end] for start, end in zip(starts, ends, strict=True)]


def _value_problems(value: str, url: str) -> Iterator[str]:
    if not value.strip(_C0_CONTROL_OR_SPACE):
        yield "empty"
        return
    yield from _character_problems(value)
    if _has_placeholder(value, url):
        yield "placeholder"
    relative = not _SCHEME.match(value) and value[0] not in "/\\?#"
    if relative or _WEB_SCHEME_WITHOUT_SLASHES.match(value):
        yield "path-relative"
    resolved = _resolve(_percent_encode(value.encode("utf-8", "surrogatepass")), url)
    if resolved is None:
        yield "unparsable"
    elif not urls.is_web(resolved):
        yield "not-http"
    else:
        yield from _url_problems(resolved, url)


def _character_problems(value: str) -> Iterator[str]:
    if "<" in value or ">" in value or (len(value) > 1 and _WRAPPED.get(value[0]) == value[-1]):
        yield "brackets"
    if " " in value:
        yield "space"
    if re.search(r"%(?![0-9a-fA-F]{2})", value):
        yield "bad-percent"
    if re.search(r"[\x00-\x1f\x7f-\x9f]", value):
        yield "control-character"
    if not value.isascii():
        yield "non-ascii"


def _has_placeholder(value: str, url: str) -> bool:
    placeholders = _placeholders(value)
    return bool(placeholders) and not placeholders <= _placeholders(url)


def _placeholders(value: str) -> set[str]:
    """Segments of host and path that no value was put into; a GUID in braces is a value."""
    if "%" not in value and not _MAY_BE_UNFILLED.search(value):
        return set()
    segments = (unquote(segment) for segment in re.split(r"[?#]", value, maxsplit=1)[0].split("/"))
    return {s for s in segments if _UNFILLED.fullmatch(s) or ("{" in s and not _GUID.fullmatch(s))}


def _url_problems(resolved: str, url: str) -> Iterator[str]:
    path, asked = _path(resolved), _path(url)
    if _double_slashes(path) > _double_slashes(asked):
        yield "double-slash"
    if _repeats_prefix(_segments(path), _segments(asked)):
        yield "repeated-prefix"
    authority, _, rest = resolved.partition("://")[2].partition("/")
    if "@" in authority:
        yield "credentials"
    if _SESSION_ID.search(f"/{rest}"):
        yield "session-id"
    if any(_is_address(match) for match in _EMAIL.finditer(rest.replace("%40", "@"))):
        yield "email"


def _path(url: str) -> str:
    """The path of a serialised URL."""
    found = _PATH.match(url)
    return found[1] if found else ""


def _double_slashes(path: str) -> int:
    """How often `//` stands in a path, except within another URL, as archives and proxies have them."""
    return len(re.findall(r"(?<![:/])/(?=/)", path))


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _repeats_prefix(path: list[str], asked: list[str]) -> bool:
    """Whether a rule put the request's path behind a path that begins alike, or wrote a piece of the path twice.

    The first is /api/v1/x -> /api/v2/api/v1/x (a request URI appended to a finished path); the language in
    /x/y -> /en/x/y and the one repeated name in /docker -> /docker/docker are none.
    """
    added = len(path) - len(asked)
    appended = len(asked) > 1 and added > 0 and path[added:] == asked and path[0] == asked[0]
    return appended or (_has_twin_pieces(path) and not _has_twin_pieces(asked))


def _has_twin_pieces(segments: list[str]) -> bool:
    """Whether two or more segments stand twice in a row; looks at the first 64."""
    head = segments[:64]
    return any(
        head[start : start + size] == head[start + size : start + 2 * size] and len(set(head[start : start + size])) > 1
        for size in range(2, len(head) // 2 + 1)
        for start in range(len(head) - 2 * size + 1)
    )


def _is_address(match: re.Match[str]) -> bool:
    """Whether it is an e-mail address rather than a package's version (`react@18.2.0`) or an image's scale (`a@2x.png`)."""
    labels = match[1].lower().split(".")
    return labels[-1] not in _FILE_TYPES and not (len(labels) > 2 and all(label.isdigit() for label in labels[:2]))
