"""One URL followed live, hop by hop, as one kind of client follows it."""

from seoaudit.trace.comparison import partings
from seoaudit.trace.walk import Hop, Remembering, Trace, trace

__all__ = ["Hop", "Remembering", "Trace", "partings", "trace"]
