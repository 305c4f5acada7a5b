"""Redirects to redirects."""

from seoaudit.demo.answers import Section, chain, moved, page, refreshed

SECTION = Section(
    path="/chains/",
    title="Chains",
    intro="One redirect leads to the next. Browsers give up after twenty, Googlebot after ten.",
    answers=(
        *chain("/chains/2", [301, 301], "A chain of 2"),
        *chain("/chains/4", [301] * 4, "A chain of 4"),
        *chain("/chains/6", [308] * 6, "A chain of 6"),
        *chain("/chains/11", [301] * 11, "A chain of 11"),
        *chain("/chains/25", [301] * 25, "A chain of 25"),
        *chain("/chains/mixed", [301, 302, 308], "Permanent, temporary, permanent"),
        *chain("/chains/temporary", [302, 307, 303], "Temporary all the way"),
        moved("/chains/left", 301, "/chains/shared/1", "A chain that joins another, from the left", hops=3),
        moved("/chains/right", 302, "/chains/shared/1", "The same tail, from the right", hops=3, permanence="mixed"),
        *chain("/chains/shared", [301, 301], "The shared tail itself"),
        moved("/chains/into-meta", 301, "/chains/by-meta", "A 301, then a meta refresh, then a script", hops=3),
        refreshed(
            "/chains/by-meta",
            "/chains/by-script",
            "",
            head='<meta http-equiv="refresh" content="0; url=/chains/by-script">',
            hops=2,
        ),
        refreshed(
            "/chains/by-script",
            "/chains/arrived",
            "",
            mechanism="javascript",
            head='<script>location.replace("/chains/arrived")</script>',
        ),
        page("/chains/arrived"),
    ),
)
