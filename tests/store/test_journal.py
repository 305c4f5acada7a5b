"""The journal keeps every record whole, whatever text is in it and however the writer ends."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seoaudit.records import ERRORS, MECHANISMS, Mention, Response
from seoaudit.store import journal
from seoaudit.store.journal import Journal, Record, Seeds, Variant, Walk

VARIANT = Variant(
    of="https://example.com/a",
    variant="options",
    url="https://example.com/a",
    method="OPTIONS",
    status=405,
    allow="POST, OPTIONS",
    asked_at=1_763_634_600.25,
)
WALK = Walk(
    requested_url="https://example.com/a",
    url_list=["https://example.com/a", "https://example.com/b"],
    statuses=[302, 200],
    redirect_count=1,
    final_url="https://example.com/b",
    final_status=200,
    error=None,
    outcome="ok",
    cookie_names="session",
    walked_at=1763634600.25,
)
RESPONSE = Response(
    url="https://example.com/old",
    status=301,
    mechanism="location",
    location="/new",
    location_count=1,
    location_url="https://example.com/new",
    refresh_delay=0.0,
    body_bytes=0,
    in_scope=False,
    fetched_at=1763634600.5,
    links=[
        Mention("https://example.com/new", "redirect"),
        Mention("https://example.com/", "a", "Home", "nofollow", "/"),
    ],
)
SEEDS = Seeds([Mention("https://example.com/", "start"), Mention("https://example.com/robots.txt", "robots-txt")])

# Everything that UTF-8 can carry: line ends, U+0000, unassigned and right-to-left characters; no lone surrogates.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
maybe = st.none() | texts
mentions = st.builds(Mention, texts, texts, maybe, maybe, maybe)
finite = st.floats(allow_nan=False, allow_infinity=False)
responses = st.builds(
    Response,
    url=texts,
    status=st.none() | st.integers(100, 999),
    error=st.none() | st.sampled_from(ERRORS),
    mechanism=st.none() | st.sampled_from(MECHANISMS),
    location=maybe,
    location_count=st.integers(0, 9),
    refresh_delay=st.none() | finite,
    in_scope=st.booleans(),
    body_bytes=st.none() | st.integers(0, 2**40),
    title=maybe,
    vary=maybe,
    links=st.lists(mentions, max_size=4),
)
walks = st.builds(
    Walk,
    requested_url=texts,
    url_list=st.lists(texts, max_size=4),
    statuses=st.lists(st.integers(100, 999), max_size=4),
    redirect_count=st.integers(0, 20),
    final_url=texts,
    final_status=st.none() | st.integers(100, 999),
    error=maybe,
    outcome=texts,
    cookie_names=maybe,
    walked_at=finite,
)
records = st.one_of(responses, walks, st.builds(Seeds, st.lists(mentions, max_size=4)))


def write(path: Path, *written: Record) -> None:
    with Journal(path) as file:
        for record in written:
            file.append(record)


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """The operating system takes no byte past `size`: a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_records_of_every_kind_come_back_in_the_order_written(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    write(path, SEEDS, RESPONSE, WALK, VARIANT, Response(url="https://example.com/"))
    assert list(journal.read(path)) == [SEEDS, RESPONSE, WALK, VARIANT, Response(url="https://example.com/")]


def test_mentions_come_back_as_mentions(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    write(path, RESPONSE, SEEDS)
    assert all(isinstance(link, Mention) for record in journal.read(path) for link in getattr(record, "links", ()))


@settings(deadline=None)
@given(records)
def test_any_record_is_one_line_and_comes_back_equal(record: Record) -> None:
    line = journal.encode(record)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert journal.decode(line) == record


@settings(deadline=None)
@given(st.text(st.characters(), max_size=40))
def test_text_that_utf8_cannot_carry_keeps_all_its_other_characters(text: str) -> None:
    link = Mention("https://example.com/", "a", text)
    record = journal.decode(journal.encode(Response(url="https://example.com/", title=text, links=[link])))
    kept = "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    assert isinstance(record, Response)
    assert (record.title, record.links[0].text) == (kept, kept)


def test_a_subclass_of_str_is_text() -> None:
    class Marked(str):
        __slots__ = ()

    record = journal.decode(journal.encode(Response(url=Marked("https://example.com/"))))
    assert record == Response(url="https://example.com/")


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    write(path, SEEDS, RESPONSE)
    whole = path.read_bytes()
    for cut in (1, 2, len(journal.encode(RESPONSE)) - 1):
        path.write_bytes(whole[:-cut])
        assert list(journal.read(path)) == [SEEDS]


@pytest.mark.parametrize("torn", [b"{", b'{"response":{"url":"' + b"x" * 200_000, journal.encode(WALK)[:-1]])
@pytest.mark.parametrize("before", [(), (SEEDS,), (SEEDS, RESPONSE)])
def test_a_resumed_journal_does_not_write_onto_a_torn_line(
    tmp_path: Path, before: tuple[Record, ...], torn: bytes
) -> None:
    path = tmp_path / "journal.jsonl"
    write(path, *before)
    with path.open("ab") as file:
        file.write(torn)
    write(path, WALK)
    assert list(journal.read(path)) == [*before, WALK]


def test_a_line_whose_end_comes_while_it_is_read_is_left_for_the_next_time() -> None:
    class Growing:
        """A file that grows between two reads."""

        def open(self, _mode: str) -> nullcontext[Iterator[bytes]]:
            line = journal.encode(RESPONSE)
            return nullcontext(iter([journal.encode(SEEDS), line[:20], line[20:]]))

    assert list(journal.read(cast("Path", Growing()))) == [SEEDS]


def test_a_line_that_is_broken_in_the_middle_is_an_error_not_a_silent_loss(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b'{"response":{"url"\n' + journal.encode(RESPONSE))
    with pytest.raises(ValueError, match="unexpected end"):
        list(journal.read(path))


@pytest.mark.parametrize(
    "damage", [b"\0" * 600, b'{"response":{"url"', b'{"response":{}}', b'{"walk":{"url":1}}', b"[]", b"1", b""]
)
def test_a_reader_that_asks_for_it_goes_on_past_a_broken_line_and_is_told_its_number(
    tmp_path: Path, damage: bytes
) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(journal.encode(SEEDS) + damage + b"\n" + journal.encode(RESPONSE) + b"torn")
    unreadable: list[int] = []
    assert list(journal.read(path, unreadable)) == [SEEDS, RESPONSE]
    assert unreadable == [2]
    with pytest.raises(ValueError, match=r"."):
        list(journal.read(path))


def test_a_full_disk_raises_and_leaves_only_whole_records(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path) as file:
        file.append(SEEDS)
        with file_size_limit(path.stat().st_size + 10), pytest.raises(OSError, match="File too large"):
            file.append(RESPONSE)
        assert path.read_bytes() == journal.encode(SEEDS)
        file.append(WALK)
    assert list(journal.read(path)) == [SEEDS, WALK]


def test_closing_twice_is_allowed(tmp_path: Path) -> None:
    file = Journal(tmp_path / "journal.jsonl")
    file.close()
    file.close()
