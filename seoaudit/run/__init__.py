"""One audit, from its arguments to its reports, in one run folder."""

from seoaudit.run.apart import Ended
from seoaudit.run.opening import installed_version, new_run, open_run, site_name
from seoaudit.run.stages import audit, crawl_run, finished, report

__all__ = [
    "Ended",
    "audit",
    "crawl_run",
    "finished",
    "installed_version",
    "new_run",
    "open_run",
    "report",
    "site_name",
]
