"""The protocol as pure functions: redirects, Location, Refresh, methods, caching, Link, robots.txt and sitemaps; no network."""
