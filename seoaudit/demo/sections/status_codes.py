"""The status codes that redirect, and those that look as if they did."""

from seoaudit.demo.answers import Answer, Section, at, moved

TARGET = "/products/lamp/"


def _not_followed(status: int, title: str) -> Answer:
    """A 3xx status with a Location that no client follows (WHATWG Fetch, "redirect status")."""
    return Answer(
        url=at(f"/status/{status}"),
        title=title,
        status=status,
        headers=(("Location", at(TARGET).encode()),),
        body=b"" if status == 304 else b"Choose for yourself.\n",
    )


SECTION = Section(
    path="/status/",
    title="Status codes",
    intro="Five codes redirect. The others of the 3xx class do not, whatever Location they carry.",
    answers=(
        moved("/status/301", 301, TARGET, "301 Moved Permanently"),
        moved("/status/302", 302, TARGET, "302 Found"),
        moved("/status/303", 303, TARGET, "303 See Other"),
        moved("/status/307", 307, TARGET, "307 Temporary Redirect"),
        moved("/status/308", 308, TARGET, "308 Permanent Redirect"),
        _not_followed(300, "300 Multiple Choices"),
        _not_followed(304, "304 Not Modified, though nobody asked on a condition"),
        _not_followed(305, "305 Use Proxy, long deprecated"),
        _not_followed(306, "306, a code that is no longer used"),
        _not_followed(399, "399, a code that nobody defined"),
    ),
)
