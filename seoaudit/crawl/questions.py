"""What the audit asks of its own accord once the site's own URLs are asked, a step at a time (no network)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from seoaudit import urls
from seoaudit.crawl import probes, variants
from seoaudit.crawl.actions import REFUSALS
from seoaudit.records import Limit, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seoaudit.crawl.knowledge import Knowledge
    from seoaudit.crawl.variants import Variation

MOST_HOSTS = 20
"""Hosts whose entry points and pages are probed."""

PAGES_PER_HOST = 20
"""Pages of one host that are asked over the other scheme."""

SPELLED_PAGES_PER_HOST = 3
"""Pages of one host that are asked in other spellings."""

MOST_FORMS = 200
"""Actions of forms that are asked."""

MOST_REDIRECTS = 200
"""Redirecting URLs that are asked as other visitors, or with a marker."""

AT_ONCE = 1000
"""Probes that are journalled together."""


class Questions:
    """The audit's own questions, from what a crawl has learned; each is asked only where the person who audits lets it."""

    def __init__(self, known: Knowledge) -> None:
        self._known = known
        self._arguments = known.arguments
        self._frontier = known.frontier

    def entries(self) -> Iterator[list[Mention]]:
        """Entry points, other spellings of a few pages, and where the forms send."""
        if not self._may_probe():
            return
        mentions: list[Mention] = []
        for origin in self._hosts():
            mentions += [probes.probe(url, "entry") for url in probes.entries(origin)]
            if probes.has_port(f"{origin}/"):
                self._note(
                    f"{origin} has a port of its own: which port serves the other scheme is not known, so it was not asked",
                )
        if not self._arguments.urls:
            mentions += self._spellings()
            mentions += self._forms()
        yield self._wanted(mentions)

    def pages(self) -> Iterator[list[Mention]]:
        """Pages over the other scheme, of hosts that answer there at all."""
        if not self._may_probe() or self._arguments.urls:
            return
        found = iter(self._all_pages() if self._arguments.probes == "all" else self._sampled_pages())
        while batch := list(islice(found, AT_ONCE)):
            yield self._wanted(batch)

    def variations(self) -> list[Variation]:
        """URLs to be asked in another way, without those that were in an earlier part of the run."""
        if not self._is_worth_asking():
            return []
        found = [*self._methods(), *self._visitors(), *self._markers()]
        return [each for each in found if each.key not in self._known.varied and not self._excluded(each.url)]

    def _is_worth_asking(self) -> bool:
        """A site that went away, or that was never there, is left alone."""
        return not self._frontier.gone and self._known.tally.failure(self._arguments) is None

    def _may_probe(self) -> bool:
        """A list is asked as it is, unless the person who audits asks for more."""
        given = self._arguments
        return given.probes != "none" and (not given.urls or "probes" in given.given) and self._is_worth_asking()

    def _hosts(self) -> list[str]:
        """An origin of each host of the site that was asked, bounded."""
        home = self._known.site_origin or self._arguments.start
        seen = [origin for origin in self._known.tally.origins if f"{origin}/" in self._known.scope]
        hosts = probes.hosts_first(seen, f"{home.rstrip('/')}/")
        if len(hosts) > MOST_HOSTS:
            self._note(f"the entry points of {MOST_HOSTS} hosts were asked; the site has {len(hosts)}")
        return hosts[:MOST_HOSTS]

    def _spellings(self) -> Iterator[Mention]:
        for origin in self._known.sample:
            pages = [url for url in self._known.sample.pages(origin) if "?" not in url]
            for url in pages[:SPELLED_PAGES_PER_HOST]:
                yield from probes.spellings(url)

    def _forms(self) -> list[Mention]:
        actions = self._known.actions
        asking = [
            url for url in sorted(actions.posted) if url in self._known.scope or self._arguments.external != "none"
        ]
        mentions = [probes.probe(url, "form") for url in asking if not self._frontier.acts(url)]
        taken = self._first(mentions, MOST_FORMS)
        if actions.left_out or len(taken) == MOST_FORMS:
            self._note(f"at most {MOST_FORMS} actions of forms were asked; the site has more")
        return taken

    def _sampled_pages(self) -> Iterator[Mention]:
        sample = self._known.sample
        for origin in sample:
            other = probes.other_scheme(f"{origin}/").rstrip("/")
            if probes.has_port(f"{origin}/") or other in self._known.silent:
                continue
            pages = [probes.probe(probes.other_scheme(url), "scheme") for url in sample.pages(origin)]
            yield from self._first(pages, PAGES_PER_HOST)
            if sample.counts[origin] > PAGES_PER_HOST:
                named = f"{PAGES_PER_HOST} of {sample.counts[origin]:,} pages of {origin}"
                self._note(f"{named} were asked over {other.partition(':')[0]} as well; probes=all asks them all")

    def _first(self, mentions: Iterable[Mention], most: int) -> list[Mention]:
        """The first that only the audit asks, in this part of the run or in an earlier one."""
        own = (each for each in mentions if self._frontier.seeded(each) or not self._frontier.knows(each.target))
        return list(islice(own, most))

    def _all_pages(self) -> Iterator[Mention]:
        pages = self._known.pages
        while pages:
            url = pages.pop().url
            other = probes.other_scheme(url)
            if not probes.has_port(url) and urls.origin(other) not in self._known.silent:
                yield probes.probe(other, "scheme")

    def _wanted(self, mentions: Iterable[Mention]) -> list[Mention]:
        """Those that are not known yet, each once, and not excluded."""
        each = {mention.target: mention for mention in reversed(list(mentions))}
        return [
            mention
            for mention in reversed(each.values())
            if not self._frontier.knows(mention.target) and not self._excluded(mention.target)
        ]

    def _excluded(self, url: str) -> bool:
        return any(pattern.search(url) for pattern in self._arguments.exclude)

    def _methods(self) -> Iterator[Variation]:
        """OPTIONS where a form posts and GET found nothing, and the empty POST where it is allowed; only on the site itself."""
        actions = self._known.actions
        posted = [url for url, post in sorted(actions.posted.items()) if post and url in self._known.scope]
        for url in posted:
            if probes.reads_like_an_act(url):
                continue
            if url in actions.refused or self._known.graph.failed.get(url) in REFUSALS:
                yield variants.options(url)
            if actions.wants(url):
                yield variants.post(url)

    def _visitors(self) -> Iterator[Variation]:
        if self._arguments.variants:
            for url in self._redirects(list(self._known.graph.edges), "variants"):
                yield from variants.visitors(url)

    def _markers(self) -> Iterator[Variation]:
        if self._arguments.active:
            edges = self._known.graph.edges
            reflecting = [url for url, target in edges.items() if "?" in url and any(variants.markers(url, target))]
            for url in self._redirects(reflecting, "active"):
                yield from variants.markers(url, edges[url])

    def _redirects(self, found: list[str], name: str) -> list[str]:
        if len(found) > MOST_REDIRECTS:
            self._known.notes.append(
                Limit(
                    name,
                    len(found) - MOST_REDIRECTS,
                    f"redirecting URLs beyond {MOST_REDIRECTS} were not asked in another way",
                )
            )
        return sorted(found)[:MOST_REDIRECTS]

    def _note(self, detail: str) -> None:
        self._known.notes.append(Limit("probes", 0, detail))
