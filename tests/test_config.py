"""Every argument and setting is checked once, and a wrong one is one line that names it and the mend."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seoaudit.config import Arguments, Config, ConfigError, Expected, Thresholds
from seoaudit.demo.certificates import Authority

START = "https://example.com/"


def refusal(**given_arguments: str) -> str:
    with pytest.raises(ConfigError) as refused:
        Arguments.read(given_arguments)
    message = str(refused.value)
    assert "\n" not in message
    assert len(message) < 500
    return message


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder without a settings file of its own."""
    monkeypatch.chdir(tmp_path)


def test_the_start_url_is_enough() -> None:
    arguments = Arguments.read({"start": "https://EXAMPLE.com"})
    assert arguments.start == START
    assert (arguments.output, arguments.robots, arguments.external) == (Path("runs"), "obey", "redirects")
    assert (arguments.max_urls, arguments.max_depth, arguments.concurrency) == (None, None, 8)
    assert [arguments.insecure, arguments.subdomains, arguments.assets] == [False] * 3
    assert [arguments.urls, arguments.connect_to, arguments.include, arguments.exclude] == [()] * 4
    assert arguments.config == Config()
    assert arguments.given == {"start": "https://EXAMPLE.com"}


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (" https://example.com/a b ", "https://example.com/a%20b"),
        ("http://example.com:80/x?#y", "http://example.com/x?"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("HTTP://Example.COM/%7E/../X", "http://example.com/X"),
    ],
)
def test_a_url_is_read_as_browsers_do_and_loses_its_fragment(text: str, url: str) -> None:
    assert Arguments.read({"start": text}).start == url


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("example.com", "has no scheme; write https://example.com or http://example.com"),
        ("www.example.com/x?y=1", "has no scheme"),
        ("localhost:8000", "has no scheme; write https://localhost:8000"),
        ("//example.com/", "has no scheme; write https://example.com/ or"),
        ("mailto:me@example.com", "is not an http or https URL"),
        ("javascript:alert(1)", "is not an http or https URL"),
        ("ftp://example.com/", "is not an http or https URL"),
        ("file:///etc/passwd", "is not an http or https URL"),
        ("https://", "is not an http or https URL"),
        ("http://exa mple.com/", "is not an http or https URL"),
        ("http://example.com:99999/", "is not an http or https URL"),
        ("http://[::1/", "is not an http or https URL"),
        ("https://user:secret@example.com/", "leave user and password out"),
        ("https://user@example.com/", "leave user and password out"),
        ("x" * 5000 + "://", "is not an http or https URL"),
        ("not\na\turl://", "is not an http or https URL"),
        ("", "is empty"),
        ("  ", "is empty"),
        ("https://example.com/\udcff", "is not UTF-8"),
    ],
)
def test_a_start_url_that_cannot_be_asked_is_refused(text: str, says: str) -> None:
    message = refusal(start=text)
    assert message.startswith("start: ")
    assert says in message
    assert "secret" not in message


def test_without_a_start_there_is_nothing_to_audit() -> None:
    assert "start: missing" in refusal()
    assert "start: missing" in refusal(max_urls="5")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("strat", "did you mean start?"),
        ("max_url", "did you mean max_urls?"),
        ("given", "known are start, "),
        ("", "known are"),
    ],
)
def test_an_unknown_argument_is_named_with_the_nearest_known(name: str, says: str) -> None:
    message = refusal(**{"start": START, name: "1"})
    assert message.startswith(f"{name}: there is no such argument")
    assert says in message


@pytest.mark.parametrize("name", ["max_urls", "max_depth", "concurrency"])
@pytest.mark.parametrize("text", ["x", "-1", "1.5", "1e3", "0x10", " 5", "٣", "9" * 13, "", "five"])
def test_a_wrong_number_is_refused(name: str, text: str) -> None:
    assert refusal(start=START, **{name: text}).startswith(f"{name}: ")


def test_numbers_have_their_least() -> None:
    assert Arguments.read({"start": START, "max_depth": "0"}).max_depth == 0
    for name in ("max_urls", "concurrency"):
        assert f"write such as {name}=" in refusal(start=START, **{name: "0"})


@pytest.mark.parametrize("name", ["insecure", "subdomains", "assets"])
def test_a_flag_is_on_or_off(name: str) -> None:
    for text, expected in (("1", True), ("true", True), ("YES", True), ("0", False), ("False", False), ("no", False)):
        assert getattr(Arguments.read({"start": START, name: text}), name) is expected
    assert refusal(start=START, **{name: "maybe"}).startswith(f"{name}: 'maybe' is neither 1 nor 0")


@pytest.mark.parametrize(
    ("name", "words"), [("robots", ["obey", "ignore"]), ("external", ["redirects", "links", "none"])]
)
def test_a_choice_is_one_of_its_words(name: str, words: list[str]) -> None:
    for word in words:
        assert getattr(Arguments.read({"start": START, name: word}), name) == word
    message = refusal(start=START, **{name: "Nonsense"})
    assert all(f"{name}={word}" in message for word in words)


@pytest.mark.parametrize("name", ["include", "exclude"])
def test_a_pattern_is_a_regular_expression(name: str) -> None:
    (pattern,) = getattr(Arguments.read({"start": START, name: r"/docs/\d+,x"}), name)
    assert pattern == re.compile(r"/docs/\d+,x")
    for text in ("[", "(", "*", "a{2,1}"):
        assert refusal(start=START, **{name: text}).startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("example.com:443:127.0.0.1:8443", ("example.com:443:127.0.0.1:8443",)),
        ("a:80:b:81, c:80:[::1]:82,", ("a:80:b:81", "c:80:[::1]:82")),
        ("::127.0.0.1:", ("::127.0.0.1:",)),
        ("[::1]:80:[::1]:8080", ("[::1]:80:[::1]:8080",)),
        ("bücher.example:443:127.0.0.1:8443", ("xn--bcher-kva.example:443:127.0.0.1:8443",)),
    ],
)
def test_connect_to_is_curls_own_syntax(text: str, entries: tuple[str, ...]) -> None:
    assert Arguments.read({"start": START, "connect_to": text}).connect_to == entries


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "a:b:c:d",
        "a:80:b",
        "a:80:b:81:c",
        "::1:80:a:80",
        "a:80:b:99999",
        "a:65536:b:1",
        "a b:80:c:81",
        "ä b:80:c:81",
        "a/x:80:c:81",
    ],
)
def test_a_wrong_connect_to_is_refused(text: str) -> None:
    message = refusal(start=START, connect_to=text)
    assert message.startswith("connect_to: ")
    assert "HOST:PORT:ADDRESS:PORT" in message


def test_a_user_agent_is_one_line_of_ascii() -> None:
    assert Arguments.read({"start": START, "user_agent": " bot/1 "}).user_agent == "bot/1"
    for text in ("bot\r\nX: y", "bot\0", "böt", "", " "):
        assert refusal(start=START, user_agent=text).startswith("user_agent: ")


@pytest.mark.parametrize("name", ["ca_file", "urls", "config"])
def test_a_file_that_cannot_be_read_is_named(name: str, tmp_path: Path) -> None:
    missing = refusal(start=START, **{name: "no/such/file"})
    assert missing.startswith(f"{name}: cannot read no/such/file (No such file or directory)")
    assert refusal(start=START, **{name: str(tmp_path)}).startswith(f"{name}: cannot read ")
    assert "home folder" in refusal(start=START, **{name: "~nobody-of-this-name/x"})


def test_the_output_folder_may_be_any_path() -> None:
    assert Arguments.read({"start": START, "output": "~/runs"}).output == Path.home() / "runs"
    assert refusal(start=START, output="~nobody-of-this-name").startswith("output: ")
    assert refusal(start=START, output="").startswith("output: ")


def test_a_ca_file_holds_certificates(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    Authority().write(file)
    assert Arguments.read({"start": START, "ca_file": str(file)}).ca_file == file
    for content in (
        b"",
        b"no certificate",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"\xff\x00",
    ):
        file.write_bytes(content)
        assert "PEM" in refusal(start=START, ca_file=str(file))


def test_a_list_may_have_comments(tmp_path: Path) -> None:
    file = tmp_path / "urls.txt"
    file.write_text("# old shop\nhttps://example.com/a\n  # https://example.com/b\n")
    assert Arguments.read({"urls": str(file)}).urls == ("https://example.com/a",)


def test_a_list_keeps_its_order_and_each_url_once(tmp_path: Path) -> None:
    file = tmp_path / "urls.txt"
    file.write_bytes(
        b"\xef\xbb\xbfhttps://example.com/b\r\n\r\n  https://example.com/a#x \nhttps://example.com/b\nhttps://example.com/c?"
    )
    arguments = Arguments.read({"urls": str(file)})
    assert arguments.urls == ("https://example.com/b", "https://example.com/a", "https://example.com/c?")
    assert arguments.start == "https://example.com/b"
    assert Arguments.read({"urls": str(file), "start": "https://name.example"}).start == "https://name.example/"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "names no URL"),
        (b"\n \r\n\t\n", "names no URL"),
        (b"https://example.com/\nexample.com/x\n", "line 2 of urls.txt"),
        (b"URL,Status\n", "line 1 of urls.txt"),
        ("https://example.com/".encode("utf-16"), "line 1 of urls.txt"),
        (b"https://user:secret@example.com/\n", "leave user and password out"),
        (b"\xff\xfe\xfd", "line 1 of urls.txt"),
    ],
)
def test_a_list_that_is_none_is_refused_with_the_line(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "urls.txt").write_bytes(content)
    message = refusal(urls="urls.txt")
    assert message.startswith("urls: ")
    assert says in message


def entry(**more: str) -> bytes:
    """Two entries of [[expected]], the second with these values."""
    good = {"source": "https://a.example/(.*)", "code": "301", "target": "/\\1"}
    tables = [good, good | more]
    lines = [["[[expected]]", *(f"{key} = {_toml(key, value)}" for key, value in one.items())] for one in tables]
    return "\n".join(line for table in lines for line in table).encode()


def _toml(key: str, value: str) -> str:
    return value if key == "code" else f"'{value}'"


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("https://example.com", "https://example.com/"),
        ("https://Example.com/a.b?c", None),
        (r"https://example\.com/a\?b=1", "https://example.com/a?b=1"),
        ("^https://example.com/a$", "https://example.com/a"),
        ("https://example.com/a#b", "https://example.com/a"),
        ("https://example.com/.*", None),
        ("https?://example.com/", None),
        ("/a", None),
    ],
)
def test_a_source_without_an_expression_is_the_one_url_that_it_names(source: str, url: str | None) -> None:
    assert Expected(source=source, code=301, target="/x").plain_url == url


def test_a_target_is_filled_from_the_whole_url_and_resolved_against_it() -> None:
    expected = Expected(source=r"https://example\.com/(\w+)/(.*)", code=301, target=r"/\2/\1")
    assert expected.target_of("https://example.com/a/b?c") == "https://example.com/b?c/a"
    assert expected.target_of("https://example.com/a/b\n") is None
    assert expected.target_of("https://example.com.evil.example/a/b") is None
    assert expected.target_of("see https://example.com/a/b") is None


def test_the_day_of_an_entry_is_a_date_or_its_text(tmp_path: Path) -> None:
    content = (
        entry(until="2027-06-30") + b"\n" + entry().replace(b"[[expected]]", b"[[expected]]\nuntil = 2027-06-30", 1)
    )
    (tmp_path / "seoaudit.toml").write_bytes(content)
    days = [one.until for one in Arguments.read({"start": START}).config.expected]
    assert days == [None, date(2027, 6, 30), date(2027, 6, 30), None]


def test_settings_come_from_the_working_folder_or_the_named_file(tmp_path: Path) -> None:
    (tmp_path / "seoaudit.toml").write_text("[thresholds]\nchain_high = 7\nallowed_domains = ['pay.example']\n")
    thresholds = Arguments.read({"start": START}).config.thresholds
    assert (thresholds.chain_high, thresholds.allowed_domains) == (7, ("pay.example",))
    assert thresholds.chain_low == Thresholds().chain_low
    (tmp_path / "other.toml").write_text("[thresholds]\nchain_high = 9\n")
    assert Arguments.read({"start": START, "config": "other.toml"}).config.thresholds.chain_high == 9


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            b"[thresholds]\ntemporary_low_days = 100\n",
            "temporary_low_days, temporary_medium_days and temporary_high_days must not fall: (100, 90, 180)",
        ),
        (b"[thresholds", "not valid TOML"),
        (b"thresholds = 5\n", "thresholds"),
        (b"[thresholds]\nchain_high = 'many'\n", "thresholds.chain_high"),
        (b"[thresholds]\nchain_high = 0\n", "thresholds.chain_high"),
        (b"[thresholds]\nchain_hihg = 5\n", "thresholds.chain_hihg"),
        (b"[thresholds]\nfunnel_share = 1.5\n", "thresholds.funnel_share"),
        (b"[nonsense]\n", "nonsense"),
        (b"[expected]\ncode = 301\n", "begin each with [[expected]]"),
        (
            entry(source="(("),
            "expected[2].source: '((' is not a regular expression (missing ), unterminated subpattern",
        ),
        (entry(until="soon"), "expected[2].until: 'soon' is no date; write such as until = 2027-06-30"),
        (entry(until="2026-13-01"), "expected[2].until: '2026-13-01' is no date"),
        (entry(taget="/x"), "expected[2].taget: there is no such setting; did you mean target?"),
        (entry(code="200"), "expected[2].code: input should be 301, 302, 303, 307 or 308, not 200"),
        (entry(target="/\\2"), "expected[2]: target: '/\\\\2' does not fit its source (invalid group reference 2"),
        (entry(target=""), "expected[2]: target is empty"),
        (entry(source=""), "expected[2]: source is empty"),
        (b"[[expected]]\nsource = 'https://a.example/'\n", "expected[1].code: field required"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_settings_that_cannot_be_used_are_one_line_with_file_and_place(
    tmp_path: Path, content: bytes, says: str
) -> None:
    (tmp_path / "seoaudit.toml").write_bytes(content)
    message = refusal(start=START)
    assert message.startswith("config: ")
    assert "seoaudit.toml" in message
    assert says in message


def test_a_settings_file_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "seoaudit.toml").mkdir()
    assert refusal(start=START).startswith("config: cannot read seoaudit.toml")


NAMES = st.sampled_from([*(name for name in Arguments.__dataclass_fields__ if name != "given"), "nonsense"])


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(NAMES, st.text()))
def test_whatever_is_given_is_read_or_refused_in_one_line(given_arguments: dict[str, str]) -> None:
    message = "start: fine"
    try:
        Arguments.read(given_arguments)
    except ConfigError as refused:
        message = str(refused)
    assert len(message.splitlines()) == 1
    assert message.partition(":")[0] in {*given_arguments, "start", "config"}
