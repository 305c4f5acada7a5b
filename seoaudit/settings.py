"""What we ask of Scrapy, and why."""

from __future__ import annotations

BOT_NAME = "seoaudit"
SPIDER_MODULES = ["seoaudit.crawl"]
COMMANDS_MODULE = "seoaudit.cli.scrapy_commands"  # `scrapy crawl audit` goes on to judge and report
USER_AGENT = "seoaudit/0.1 (redirect audit)"

# libcurl fetches: exact bytes, certificates, connect_to, limits. It falls back to Scrapy's own HTTP/1.1 handler by itself.
DOWNLOAD_HANDLERS = {
    "http": "seoaudit.crawl.curl.CurlDownloadHandler",
    "https": "seoaudit.crawl.curl.CurlDownloadHandler",
}
SCHEDULER = "seoaudit.crawl.scheduler.FrontierScheduler"
LOG_FORMATTER = "seoaudit.crawl.log.QuietLogFormatter"
LOG_LEVEL = "INFO"

# What a site's owner would not complain of. The total bounds it: on asyncio, Scrapy 2.19 starts all that waits for one host
# before it counts the first of them, so that its bound per host does not hold.
CONCURRENT_REQUESTS = 8
CONCURRENT_REQUESTS_PER_DOMAIN = 8
CONCURRENT_ITEMS = 1  # callbacks yield nothing; the parallel item machinery only costs
DOWNLOAD_DELAY = 0
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_STALL_TIMEOUT = 20  # seconds without a byte (ours)
DOWNLOAD_MAXSIZE = 10 * 2**20
DOWNLOAD_FAIL_ON_DATALOSS = False

# Redirects, robots.txt, retries and cookies are what this project exists for: done in the open, by our own code.
DOWNLOADER_MIDDLEWARES = dict.fromkeys(
    (
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware",
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware",
        "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware",
        "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware",
        "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware",
        "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware",
        "scrapy.downloadermiddlewares.retry.RetryMiddleware",
        "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware",
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware",
        "scrapy.downloadermiddlewares.redirect.RedirectMiddleware",
        "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",
        "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware",
        "scrapy.downloadermiddlewares.stats.DownloaderStats",
        "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware",
    )
)
SPIDER_MIDDLEWARES = dict.fromkeys(
    (
        "scrapy.spidermiddlewares.start.StartSpiderMiddleware",
        "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware",
        "scrapy.spidermiddlewares.referer.RefererMiddleware",
        "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware",
        "scrapy.spidermiddlewares.depth.DepthMiddleware",
        "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware",
    )
)

# Both listen on a port: one runs code.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
