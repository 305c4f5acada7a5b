"""What Scrapy logs of single requests: nothing, the journal holds it all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.http import Response


class QuietLogFormatter(LogFormatter):
    """Leaves out the line a response, which costs more than parsing it."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> Any:  # noqa: ARG002 - Scrapy's signature
        """No line."""
        return None  # Scrapy reads None as "do not log"
