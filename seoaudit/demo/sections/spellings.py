"""One page under several spellings of its URL."""

from seoaudit.demo.answers import Section, moved, page

SECTION = Section(
    path="/spellings/",
    title="Spellings",
    intro="A slash, a capital letter or the order of a query: to a crawler each is another URL.",
    answers=(
        moved("/spellings/slash", 301, "/spellings/slash/", "Without the trailing slash"),
        page("/spellings/slash/"),
        moved("/spellings/no-slash/", 301, "/spellings/no-slash", "With a trailing slash too many"),
        page("/spellings/no-slash"),
        moved("/Spellings/Case", 301, "/spellings/case", "Capital letters"),
        page("/spellings/case"),
        moved("/spellings/index.html", 301, "/spellings/", "index.html"),
        moved("/spellings/%7Etilde", 301, "/spellings/~tilde", "A percent-encoded tilde"),
        page("/spellings/~tilde"),
        moved("/spellings//double", 301, "/spellings/double", "A slash twice"),
        page("/spellings/double"),
        moved("/spellings/kept?colour=red", 301, "/spellings/query?colour=red", "A query that is kept"),
        page("/spellings/query?colour=red"),
        moved("/spellings/lost?colour=red", 301, "/spellings/lost/", "A query that is lost"),
        page("/spellings/lost/"),
        moved("/spellings/for-now", 302, "/spellings/for-now/", "Without the trailing slash, for the time being"),
        page("/spellings/for-now/"),
        moved("/spellings/order?a=1&b=2", 301, "/spellings/order?b=2&a=1", "Query order ?a=1&b=2"),
        page("/spellings/order?b=2&a=1", "Query order ?b=2&a=1"),
        moved(
            "/spellings/tracked?utm_source=letter", 302, "/spellings/tracked", "A tracking parameter that is cut off"
        ),
        page("/spellings/tracked"),
        moved("/spellings/bare?", 301, "/spellings/bare", "A question mark with nothing behind it"),
        page("/spellings/bare"),
    ),
)
