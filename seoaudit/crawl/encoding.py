"""A document's bytes as text, the way browsers decode it."""

from __future__ import annotations

import codecs
from urllib.parse import quote

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

_CODECS = frozenset(
    """
    utf-8 utf-16 utf-16-le utf-16-be cp866 koi8-r koi8-u mac-roman mac-cyrillic cp874
    iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16
    cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258
    gbk gb18030 big5 big5hkscs euc_jp iso2022_jp shift_jis cp932 euc_kr cp949
    """.split()  # noqa: SIM905 - words read best so
)
"""Python's names for the encodings of the WHATWG Encoding standard; Python knows others (punycode) that take forever."""


def decode(body: bytes, content_type: str | None) -> tuple[str, str]:
    """The document's text and its codec: byte order mark, header, declaration, else UTF-8; bad bytes become U+FFFD.

    A declaration of UTF-16 that can be read byte by byte is none (HTML, 13.2.3.2, "prescan a byte stream": use UTF-8).
    """
    codec, mark = read_bom(body)
    if codec is None:
        codec = http_content_type_encoding(content_type)
    if codec is None:
        declared = html_body_declared_encoding(body)
        codec = "utf-8" if declared is None or declared.startswith("utf-16") else declared
    codec = codec if codec in _CODECS else "utf-8"
    return body[len(mark or b"") :].decode(codec, "replace"), codec


def is_unicode(codec: str) -> bool:
    """Whether URLs in such a document are encoded as UTF-8 (WHATWG Encoding, "get an output encoding")."""
    return codec.startswith("utf-")


def encode_query(href: str, codec: str) -> str:
    """The href with the non-ASCII characters of its query in the document's own encoding (WHATWG URL, query state)."""
    path, mark, query = href.partition("?")
    if not mark or query.isascii():
        return href
    encode = codecs.lookup(codec).encode
    return path + mark + "".join(c if c.isascii() else quote(encode(c, "xmlcharrefreplace")[0]) for c in query)
