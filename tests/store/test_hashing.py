from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seoaudit.store.hashing import hashes, mixed


def test_urls_that_differ_in_some_digits_have_different_hashes() -> None:
    urls = [f"https://example.com/guide/topic-{n % 997}/page-about-something-{n}" for n in range(200_000)]
    assert len(set(hashes(pa.array(urls)).tolist())) == len(urls)


@given(st.lists(st.none() | st.text(max_size=40), max_size=30))
def test_equal_texts_have_equal_hashes_and_others_do_not(texts: list[str | None]) -> None:
    texts = [text and text.encode(errors="replace").decode() for text in texts]
    found = hashes(pa.array(texts, pa.string())).tolist()
    assert len(set(zip(texts, found, strict=True))) == len(set(texts)) == len(set(found))


@given(st.lists(st.text("ab#é", max_size=20), min_size=4, max_size=10))
def test_a_slice_of_a_column_and_a_column_of_chunks_have_the_hashes_of_their_texts(texts: list[str]) -> None:
    whole = hashes(pa.array(texts)).tolist()
    assert hashes(pa.array(texts).slice(2)).tolist() == whole[2:]
    assert hashes(pa.chunked_array([texts[:1], texts[1:]])).tolist() == whole


def test_bytes_after_the_end_of_a_text_do_not_count() -> None:
    assert hashes(pa.array(["ab\0", "ab", "ab\0\0"])).tolist() == [
        hashes(pa.array([text]))[0] for text in ("ab\0", "ab", "ab\0\0")
    ]
    assert len(set(hashes(pa.array(["", "\0", "\0\0", "\0" * 8, "\0" * 9])).tolist())) == 5


def test_it_counts_which_of_two_hashes_comes_first() -> None:
    one, other = hashes(pa.array(["a"])), hashes(pa.array(["b"]))
    assert mixed(one, other).tolist() != mixed(other, one).tolist()
