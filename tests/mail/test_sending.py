"""The way to a mail server: encrypted and verified, patient where a failure passes, and one clear line where it does not."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Any

import pytest
from mail_servers import HOST, closed_port, mail_server, raw_server

from seoaudit.config import Config, Credentials, Mail
from seoaudit.config.addresses import mailbox
from seoaudit.demo.certificates import Authority
from seoaudit.mail.sending import FIRST_PAUSE_S, Patience, Sender
from seoaudit.mail.trouble import Trouble, reply

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from seoaudit.config import Mailbox

ANN, BOB, UTF8 = mailbox("ann@example.com"), mailbox("bob@example.com"), mailbox("jörg@bücher.example")
PASSWORD = "hunter2-hunter2"


def settings(port: int, **given: Any) -> Mail:
    known = {"host": HOST, "from": "audit@example.com", "port": port, "security": "none", "timeout": 20}
    return Config.model_validate({"mail": {**known, **given}}).mail


class Post:
    """A sender whose pauses take no time and are written down, as are its notes and who has the letter."""

    def __init__(self, mail: Mail, login: Credentials | None = None) -> None:
        self.pauses: list[float] = []
        self.notes: list[str] = []
        self.accepted: list[Mailbox] = []
        self.limits: list[int | None] = []
        self._sender = Sender(mail, login, Patience(self.pauses.append, self.notes.append))

    def send(self, *recipients: Mailbox, data: bytes = b"Subject: x\r\n\r\nBody.\r\n") -> dict[Mailbox, str]:
        def writer(_: Sequence[Mailbox], limit: int | None) -> bytes:
            self.limits.append(limit)
            if limit is not None and limit < len(data):
                if limit < 100:
                    raise Trouble("too large bare", passes=False)
                return data[:100]
            return data

        return self._sender.send(writer, recipients or (ANN,), self.accepted.extend)

    def refusal(self, *recipients: Mailbox) -> str:
        with pytest.raises(Trouble) as refused:
            self.send(*recipients)
        line = str(refused.value)
        assert "\n" not in line
        assert PASSWORD not in line
        return line


def test_a_letter_arrives_byte_for_byte_at_every_recipient() -> None:
    data = b"Subject: dots\r\n\r\n.\r\n..two\r\n" + b"x" * 200_000 + b"\r\n.end"
    with mail_server(data_size_limit=None) as server:
        post = Post(settings(server.port))
        assert post.send(ANN, BOB, data=_short_lines(data)) == {}
    (letter,) = server.letters
    assert letter.data == _short_lines(data) + b"\r\n"
    assert letter.sender == "audit@example.com"
    assert letter.recipients == ["ann@example.com", "bob@example.com"]
    assert post.accepted == [ANN, BOB]
    assert post.pauses == []


def _short_lines(data: bytes) -> bytes:
    return data.replace(b"x" * 70, b"x" * 70 + b"\r\n")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Authority, Path]:
    folder = tmp_path_factory.mktemp("authority")
    made = Authority()
    made.write(folder / "ca.pem")
    return made, folder


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_it_is_encrypted_and_logged_in_where_the_certificate_is_good(
    authority: tuple[Authority, Path], security: str
) -> None:
    made, folder = authority
    context = made.context({"localhost"}, folder)
    with mail_server(**{security: context}, login=("audit", PASSWORD), auth_require_tls=False) as server:  # type: ignore[arg-type]
        mail = settings(server.port, host="localhost", security=security, ca_file=str(folder / "ca.pem"))
        Post(mail, Credentials("audit", PASSWORD)).send()
    assert [letter.encrypted for letter in server.letters] == [True]
    assert [letter.user for letter in server.letters] == [b"audit"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("fault", ["unknown authority", "other host", "expired"])
def test_a_wrong_certificate_ends_it_before_anything_is_said(
    authority: tuple[Authority, Path], security: str, fault: str
) -> None:
    made, folder = authority
    names = {"mail.example"} if fault == "other host" else {"localhost"}
    context = made.context(names, folder, expired=fault == "expired")
    known: dict[str, Any] = {} if fault == "unknown authority" else {"ca_file": str(folder / "ca.pem")}
    with mail_server(**{security: context}) as server:  # type: ignore[arg-type]
        post = Post(settings(server.port, host="localhost", security=security, **known), Credentials("u", PASSWORD))
        line = post.refusal()
    assert line.startswith(f"the certificate of localhost:{server.port} is not one to trust (")
    assert line.endswith("mend it, or name its authority as ca_file")
    assert (server.letters, post.pauses) == ([], [])


def test_a_server_without_starttls_gets_neither_password_nor_letter() -> None:
    with mail_server(login=("audit", PASSWORD)) as server:
        line = Post(settings(server.port, security="starttls"), Credentials("audit", PASSWORD)).refusal()
    assert "offers no STARTTLS; write security = 'tls'" in line
    assert server.letters == []


def test_plain_smtp_on_a_tls_port_and_tls_on_a_plain_one_say_what_to_check(authority: tuple[Authority, Path]) -> None:
    made, folder = authority
    with mail_server() as server:
        line = Post(settings(server.port, security="tls")).refusal()
    assert "check host, port and security" in line
    with mail_server(tls=made.context({"localhost"}, folder)) as server:
        post = Post(settings(server.port, security="starttls", timeout=0.3, retries=0))
        assert "did not answer within 0.3 s; check host, port and security" in post.refusal()


def test_a_refused_login_is_a_line_without_the_password() -> None:
    with mail_server(login=("audit", "another")) as server:
        post = Post(settings(server.port), Credentials("audit", PASSWORD))
        line = post.refusal()
    assert "does not let the user in: 535" in line
    assert line.endswith("mend user or password")
    assert post.pauses == []


def test_a_password_beyond_ascii_logs_in() -> None:
    with mail_server(login=("jörg", "pässwörd")) as server:
        Post(settings(server.port), Credentials("jörg", "pässwörd")).send()
    assert [letter.user for letter in server.letters] == ["jörg".encode()]


def test_a_server_without_auth_is_named_as_such() -> None:
    with mail_server() as server:
        assert "offers no AUTH" in Post(settings(server.port), Credentials("audit", PASSWORD)).refusal()


def test_a_server_that_repeats_the_password_does_not_bring_it_into_the_line() -> None:
    def serve(connection: socket.socket) -> None:
        connection.sendall(b"220 x\r\n")
        _lines(connection, 1)
        connection.sendall(b"250-x\r\n250 AUTH LOGIN\r\n")
        _lines(connection, 1)
        connection.sendall(b"535 " + PASSWORD.encode() + b" is wrong\r\n")

    with raw_server(serve) as port:
        assert "535 *** is wrong" in Post(settings(port), Credentials("audit", PASSWORD)).refusal()


@pytest.mark.parametrize("command", ["MAIL", "DATA"])
def test_what_passes_is_tried_again_after_growing_pauses(command: str) -> None:
    with mail_server() as server:
        server.answers[command] = ["451 4.7.1 Greylisted", "421 busy"]
        post = Post(settings(server.port))
        assert post.send() == {}
    assert len(server.letters) == 1
    assert post.pauses == [FIRST_PAUSE_S, FIRST_PAUSE_S * 4]
    assert post.notes[0] == (
        f"mail: {HOST}:{server.port} refused the letter: 451 4.7.1 Greylisted; trying again in {FIRST_PAUSE_S} s"
    )


def test_what_never_passes_ends_after_the_last_try() -> None:
    with mail_server() as server:
        server.answers["MAIL"] = ["451 later"] * 9
        post = Post(settings(server.port, retries=2))
        assert post.refusal().endswith("refused the letter: 451 later; try again later")
    assert (server.connections, len(post.pauses)) == (3, 2)


@pytest.mark.parametrize("command", ["MAIL", "DATA"])
def test_what_does_not_pass_is_said_at_once(command: str) -> None:
    with mail_server() as server:
        server.answers[command] = ["554 5.7.1 spam"]
        post = Post(settings(server.port))
        assert "refused the letter: 554 5.7.1 spam" in post.refusal()
    assert post.pauses == []


def test_who_is_refused_is_named_and_the_others_get_the_letter() -> None:
    with mail_server() as server:
        server.refused["ann@example.com"] = ["550 5.1.1 no such user"]
        post = Post(settings(server.port))
        assert post.send(ANN, BOB) == {ANN: "550 5.1.1 no such user"}
    assert post.accepted == [BOB]
    assert [letter.recipients for letter in server.letters] == [["bob@example.com"]]


def test_who_may_be_taken_later_gets_the_letter_later_and_nobody_gets_it_twice() -> None:
    with mail_server() as server:
        server.refused["ann@example.com"] = ["450 4.2.1 mailbox busy"]
        post = Post(settings(server.port))
        assert post.send(ANN, BOB) == {}
    assert [letter.recipients for letter in server.letters] == [["bob@example.com"], ["ann@example.com"]]
    assert post.accepted == [BOB, ANN]
    assert post.pauses == [FIRST_PAUSE_S]


def test_when_all_are_refused_nothing_is_handed_over() -> None:
    with mail_server() as server:
        server.refused = {"ann@example.com": ["550 no"], "bob@example.com": ["550 no"]}
        post = Post(settings(server.port))
        assert post.send(ANN, BOB) == {ANN: "550 no", BOB: "550 no"}
    assert (server.letters, post.accepted) == ([], [])


def test_a_failure_after_some_have_the_letter_leaves_the_others_refused() -> None:
    with mail_server() as server:
        server.refused["ann@example.com"] = ["450 busy"]
        server.answers["MAIL"] = ["250 OK", "554 enough"]
        refused = Post(settings(server.port)).send(ANN, BOB)
    assert list(refused) == [ANN]
    assert "554 enough" in refused[ANN]


def test_the_limit_that_the_server_names_is_kept() -> None:
    with mail_server(data_size_limit=5000) as server:
        post = Post(settings(server.port))
        post.send(data=b"x: y\r\n" * 2000)
    assert post.limits == [5000]
    assert len(server.letters[0].data) < 5000


@pytest.mark.parametrize("answer", ["552 too large", "554 5.3.4 message too big"])
@pytest.mark.parametrize("command", ["MAIL", "DATA"])
def test_a_server_that_finds_a_letter_too_large_is_asked_with_a_smaller_one(command: str, answer: str) -> None:
    with mail_server(data_size_limit=None) as server:
        server.answers[command] = [answer]
        post = Post(settings(server.port))
        post.send(data=b"x: y\r\n" * 2000)
    assert post.limits == [None, 11_999]
    assert len(server.letters) == 1
    assert post.pauses == []


def test_addresses_beyond_ascii_go_to_a_server_that_knows_them() -> None:
    with mail_server(enable_SMTPUTF8=True) as server:
        post = Post(settings(server.port))
        assert post.send(ANN, UTF8) == {}
    assert server.letters[0].recipients == ["ann@example.com", "jörg@xn--bcher-kva.example"]


def test_addresses_beyond_ascii_are_refused_by_name_where_the_server_does_not_know_them() -> None:
    with mail_server() as server:
        post = Post(settings(server.port))
        assert post.send(ANN, UTF8) == {UTF8: "the server takes ASCII addresses only"}
    assert post.accepted == [ANN]


def _lines(connection: socket.socket, count: int) -> bytes:
    read = b""
    while read.count(b"\r\n") < count:
        more = connection.recv(4096)
        if not more:
            raise ConnectionResetError
        read += more
    return read


def test_a_server_that_says_nothing_is_left_in_time() -> None:
    with raw_server(lambda _: None) as port:
        line = Post(settings(port, timeout=0.2, retries=0)).refusal()
    assert line == (
        f"{HOST}:{port} did not answer within 0.2 s; check host, port and security (tls is usually 465, starttls 587)"
    )


def test_a_server_that_drips_is_left_in_time() -> None:
    def drip(connection: socket.socket) -> None:
        connection.settimeout(0.02)
        while True:
            connection.sendall(b"2")
            try:
                if not connection.recv(1):  # waits a little, and sees the client go
                    return
            except TimeoutError:
                continue

    with raw_server(drip) as port:
        assert "did not answer within 0.3 s" in Post(settings(port, timeout=0.3, retries=0)).refusal()


def test_a_server_that_hangs_in_the_middle_of_tls_is_left_in_time() -> None:
    with raw_server(lambda connection: connection.sendall(b"\x16")) as port:
        assert "did not answer within 0.2 s" in Post(settings(port, security="tls", timeout=0.2, retries=0)).refusal()


def test_a_server_that_hangs_after_the_letter_is_not_asked_again_for_nobody_knows_whether_it_arrived() -> None:
    def serve(connection: socket.socket) -> None:
        connection.sendall(b"220 x\r\n")
        for answer in (b"250 x", b"250 ok", b"250 ok", b"354 go on"):
            _lines(connection, 1)
            connection.sendall(answer + b"\r\n")

    with raw_server(serve) as port:
        post = Post(settings(port, timeout=0.3))
        assert "did not say whether it takes it; look whether it arrived" in post.refusal()
    assert post.pauses == []


def test_a_server_that_hangs_up_is_tried_again() -> None:
    with raw_server(lambda connection: connection.close()) as port:
        post = Post(settings(port, retries=1))
        assert "ended the connection in the middle" in post.refusal()
    assert len(post.pauses) == 1


def test_where_nobody_listens_it_says_so() -> None:
    port = closed_port()
    post = Post(settings(port, retries=1))
    assert post.refusal().startswith(f"no connection to {HOST}:{port} (Connection refused); check host, port")
    assert len(post.pauses) == 1


def test_a_host_without_an_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    assert Post(settings(25)).refusal() == f"{HOST} has no address (Name or service not known); mend host"


def test_the_password_is_in_no_repr_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert PASSWORD not in repr(Credentials("audit", PASSWORD))
    monkeypatch.setattr(ssl, "create_default_context", lambda **_: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    with mail_server(login=("audit", "another")) as server, pytest.raises(Trouble) as refused:
        Post(settings(server.port), Credentials("audit", PASSWORD)).send()
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_what_a_server_says_stays_one_short_line() -> None:
    said = reply(554, "no\r\n250 \u202ereally ".encode() + b"\xff" * 1000, None)
    assert said.startswith("554 no 250 ⟨U+202E⟩really")
    assert len(said) <= 300
