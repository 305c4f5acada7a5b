"""What slowed a crawl, or kept it from going on, as the report tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.crawl.pace import MAX_CRAWL_DELAY_S
from seoaudit.records import Limit

if TYPE_CHECKING:
    from seoaudit.crawl.lanes import Lanes


def hindrances(lanes: Lanes) -> list[Limit]:
    """A line for each Crawl-delay that was kept, each site that went away, and each host of the site that slowed the crawl."""
    found = []
    for lane in lanes.lanes.values():
        delay = lane.policy.crawl_delay if lane.policy is not None else None
        if delay and lane.pace.interval:
            kept = f"; {MAX_CRAWL_DELAY_S:g} s were kept" if delay > MAX_CRAWL_DELAY_S else ""
            found.append(
                Limit("crawl-delay", 0, f"robots.txt of {lane.origin} asks for {delay:g} s between requests{kept}")
            )
        if lane.abandoned and len(lane):
            detail = f"{lane.origin} answered no more ({lane.health.last_words}); resume the run when it is back"
            found.append(Limit("gone", len(lane), detail))
    paces = {lane.pace.host: lane.pace for lane in lanes.lanes.values() if lane.own}
    return found + [Limit("slowed", 0, pace.account()) for pace in paces.values() if pace.was_slowed]
