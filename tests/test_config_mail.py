"""`[mail]`, addresses and login data: read once, and what cannot be used is one line that names it and the mend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seoaudit.config import Arguments, Config, ConfigError, Credentials, Mail, credentials
from seoaudit.config.addresses import Mailbox, mailbox

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVER = "host = 'smtp.example.com'\nfrom = 'audit@example.com'\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder without a settings file of its own."""
    monkeypatch.chdir(tmp_path)


def load(text: str) -> Mail:
    Path("seoaudit.toml").write_text(f"[mail]\n{text}", encoding="utf-8")
    return Config.load().mail


def refusal(text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        load(text)
    line = str(refused.value)
    assert "\n" not in line
    return line.removeprefix("config: seoaudit.toml: ")


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("seo@example.com", Mailbox("", "seo@example.com")),
        (" SEO team <seo+audit@example.com> ", Mailbox("SEO team", "seo+audit@example.com")),
        ('"Doe, Jane" <jane.o\'doe@example.com>', Mailbox("Doe, Jane", "jane.o'doe@example.com")),
        ("jörg@bücher.example", Mailbox("", "jörg@xn--bcher-kva.example")),
        ("甲@例え.テスト", Mailbox("", "甲@xn--r8jz45g.xn--zckzah")),
        ("root@localhost", Mailbox("", "root@localhost")),
    ],
)
def test_an_address_is_read_with_its_name_and_its_domain_in_ascii(text: str, box: Mailbox) -> None:
    assert mailbox(text) == box


@pytest.mark.parametrize(
    "text",
    [
        "",
        "seo",
        "seo@",
        "@example.com",
        "a@b@example.com",
        "a..b@example.com",
        ".a@example.com",
        "a b@example.com",
        "a@exam ple.com",
        "a@-x.example",
        "a@127.0.0.1",
        "a@[::1]",
        "a@1",
        "a@%65xample.com",
        "a@example.com\r\nBcc: b@example.com",
        "a\r\nBcc: b@example.com <a@example.com>",
        "Ann\u202e <a@example.com>",
        "a\u202e@example.com",
        f"{'a' * 65}@example.com",
        f"a@{'b.' * 130}example",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no mail address; write such as seo@example\.com") as refused:
        mailbox(text)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200


@given(st.text(max_size=60))
def test_no_text_becomes_an_address_that_could_end_a_line_or_a_path(text: str) -> None:
    try:
        box = mailbox(f"{text}@example.com")
    except ValueError:
        return
    assert not set('\r\n\0<> ,;:"()[]\\') & set(box.address)


def test_the_whole_table_is_read() -> None:
    Path("ca.txt").write_text("", encoding="utf-8")
    mail = load(
        SERVER + "to = ['a@example.com', 'B <b@example.com>']\nport = 2525\nsecurity = 'tls'\nattach_html = true"
    )
    assert mail.to == (Mailbox("", "a@example.com"), Mailbox("B", "b@example.com"))
    assert (mail.host, mail.port_number, mail.security, mail.attach_html) == ("smtp.example.com", 2525, "tls", True)
    assert mail.sender == Mailbox("", "audit@example.com")
    assert load(SERVER + "to = 'a@example.com'").to == (Mailbox("", "a@example.com"),)


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_each_way_to_encrypt_has_its_usual_port(security: str, port: int) -> None:
    assert load(f"security = '{security}'").port_number == port


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("password = 'hunter2'", "mail.password: a password does not belong in a settings file; set SEOAUDIT_SMTP"),
        ("smtp_pass = 'hunter2'", "mail.smtp_pass: a password does not belong in a settings file"),
        (SERVER + "to = ['nobody']", "mail.to: 'nobody' is no mail address; write such as seo@example.com"),
        (SERVER + "to = [5]", "mail.to: is no mail address; write it in quotes"),
        ("to = ['a@example.com']", "mail.to: mail needs host and from; write both below [mail] in seoaudit.toml"),
        ("from = 'nobody'", "mail.from: 'nobody' is no mail address"),
        (
            "host = 'smtp.example.com:587'",
            "mail.host: 'smtp.example.com:587' is no host; write such as smtp.example.com",
        ),
        ("host = 'a b'", "mail.host: 'a b' is no host"),
        ("port = 0", "mail.port: input should be greater than or equal to 1, not 0"),
        ("security = 'ssl'", "mail.security: input should be 'starttls', 'tls' or 'none', not ssl"),
        (
            "host = 'smtp.example.com'\nsecurity = 'none'",
            "mail.security: none sends the letter to smtp.example.com for",
        ),
        ("ca_file = 'nowhere.pem'", "mail.ca_file: cannot read nowhere.pem (No such file or directory); give the path"),
        ("ca_file = 'seoaudit.toml'", "mail.ca_file: seoaudit.toml holds no certificate; give a file in PEM format"),
        ("password_file = 'nowhere'", "mail.password_file: cannot read nowhere"),
        ("user = ''", "mail.user: is empty or holds unprintable characters"),
        ("attach = true", "mail.attach: there is no such setting; did you mean attach_html?"),
        ("frm = 'a@example.com'", "mail.frm: there is no such setting; did you mean from?"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it_and_never_repeats_a_password(text: str, line: str) -> None:
    said = refusal(text)
    assert said.startswith(line)
    assert "hunter2" not in said


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "::1", "[::1]"])
def test_a_server_on_this_machine_may_be_asked_without_encryption(host: str) -> None:
    assert load(f"host = '{host}'\nsecurity = 'none'").security == "none"


def test_elsewhere_that_has_to_be_said_twice() -> None:
    assert load("host = 'smtp.example.com'\nsecurity = 'none'\nallow_plain = true").allow_plain


def test_a_host_is_asked_by_its_a_labels() -> None:
    assert load("host = 'post.bücher.example'").host == "post.xn--bcher-kva.example"


def test_files_are_found_beside_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("hunter2\n", encoding="utf-8")
    (tmp_path / "other.toml").write_text("[mail]\nuser = 'u'\npassword_file = 'secret'", encoding="utf-8")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    mail = Config.load(Path("../other.toml")).mail
    assert credentials(mail, {}) == Credentials("u", "hunter2")


@pytest.mark.parametrize(
    ("text", "environment", "found"),
    [
        ("", {}, None),
        ("user = 'u'", {"SEOAUDIT_SMTP_PASSWORD": "p"}, Credentials("u", "p")),
        ("user = 'u'", {"SEOAUDIT_SMTP_USER": "v", "SEOAUDIT_SMTP_PASSWORD": "p"}, Credentials("v", "p")),
        ("", {"SEOAUDIT_SMTP_USER": "v", "SEOAUDIT_SMTP_PASSWORD": "p"}, Credentials("v", "p")),
    ],
)
def test_login_data_comes_from_the_environment(
    text: str, environment: Mapping[str, str], found: Credentials | None
) -> None:
    assert credentials(load(text), environment) == found


@pytest.mark.parametrize(
    ("text", "environment", "line"),
    [
        ("user = 'u'", {}, "mail: u has no password; set SEOAUDIT_SMTP_PASSWORD"),
        ("", {"SEOAUDIT_SMTP_PASSWORD": "hunter2"}, "mail: there is a password but no user; set SEOAUDIT_SMTP_USER"),
        ("user = 'u'", {"SEOAUDIT_SMTP_PASSWORD": "hunter2\0"}, "mail: user or password holds a NUL character"),
    ],
)
def test_half_of_the_login_data_is_a_line(text: str, environment: Mapping[str, str], line: str) -> None:
    with pytest.raises(ConfigError) as refused:
        credentials(load(text), environment)
    assert str(refused.value).startswith(line)
    assert "hunter2" not in str(refused.value)


def test_recipients_of_one_audit_take_the_place_of_the_settings() -> None:
    Path("seoaudit.toml").write_text(f"[mail]\n{SERVER}to = ['a@example.com']", encoding="utf-8")
    start = {"start": "https://example.com/"}
    assert [box.address for box in Arguments.read(start).mail.to] == ["a@example.com"]
    named = Arguments.read({**start, "mail_to": "b@example.com, c@example.com,b@example.com"})
    assert [box.address for box in named.mail.to] == ["b@example.com", "c@example.com"]
    assert Arguments.read({**start, "mail_to": "none"}).mail.to == ()


@pytest.mark.parametrize(
    ("settings", "mail_to", "line"),
    [
        (SERVER, "nobody", "mail_to: 'nobody' is no mail address; write such as seo@example.com"),
        (SERVER, " , ", "mail_to: names nobody; write such as mail_to=seo@example.com,dev@example.com"),
        ("", "a@example.com", "mail_to: mail needs host and from; write both below [mail] in seoaudit.toml"),
    ],
)
def test_a_wrong_recipient_of_one_audit_is_a_line(settings: str, mail_to: str, line: str) -> None:
    Path("seoaudit.toml").write_text(f"[mail]\n{settings}", encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        Arguments.read({"start": "https://example.com/", "mail_to": mail_to})
    assert str(refused.value) == line
