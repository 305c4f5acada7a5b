"""Columns and types of every table; docs/data.md says what each column means, and a test holds the two together."""

from __future__ import annotations

import pyarrow as pa

_TEXT = pa.string()
_TIME = pa.timestamp("us", tz="UTC")
_TEXTS = pa.list_(pa.string())


def _schema(columns: dict[str, pa.DataType]) -> pa.Schema:
    return pa.schema(columns)


RESPONSES = _schema(
    {
        "url": _TEXT,
        "method": _TEXT,
        "status": pa.int16(),
        "error": _TEXT,
        "error_detail": _TEXT,
        "mechanism": _TEXT,
        "location": _TEXT,
        "location_count": pa.int16(),
        "location_url": _TEXT,
        "refresh_delay": pa.float64(),
        "noscript_refresh_url": _TEXT,
        "in_scope": pa.bool_(),
        "probe": _TEXT,
        "depth": pa.int32(),
        "hops": pa.int32(),
        "retries": pa.int32(),
        "media_type": _TEXT,
        "body_bytes": pa.int64(),
        "latency_ms": pa.float64(),
        "fetched_at": _TIME,
        "protocol": _TEXT,
        "ip_address": _TEXT,
        "certificate_error": _TEXT,
        "title": _TEXT,
        "canonical": _TEXT,
        "robots_meta": _TEXT,
        "x_robots_tag": _TEXT,
        "cache_control": _TEXT,
        "expires": _TEXT,
        "age": _TEXT,
        "date": _TEXT,
        "last_modified": _TEXT,
        "vary": _TEXT,
        "hsts": _TEXT,
        "hsts_count": pa.int16(),
        "allow": _TEXT,
        "set_cookie_names": _TEXT,
        "content_encoding": _TEXT,
        "retry_after": _TEXT,
        "server": _TEXT,
    }
)

LINKS = _schema({"source": _TEXT, "target": _TEXT, "element": _TEXT, "text": _TEXT, "rel": _TEXT, "href": _TEXT})

REWALKS = _schema(
    {
        "requested_url": _TEXT,
        "url_list": _TEXTS,
        "statuses": pa.list_(pa.int16()),
        "redirect_count": pa.int32(),
        "final_url": _TEXT,
        "final_status": pa.int16(),
        "error": _TEXT,
        "outcome": _TEXT,
        "cookie_names": _TEXT,
        "walked_at": _TIME,
    }
)

VARIANTS = _schema(
    {
        "of": _TEXT,
        "variant": _TEXT,
        "url": _TEXT,
        "method": _TEXT,
        "status": pa.int16(),
        "error": _TEXT,
        "location": _TEXT,
        "location_url": _TEXT,
        "allow": _TEXT,
        "vary": _TEXT,
        "cache_control": _TEXT,
        "set_cookie_names": _TEXT,
        "media_type": _TEXT,
        "body_bytes": pa.int64(),
        "asked_at": _TIME,
    }
)

CHAINS = _schema(
    {
        "requested_url": _TEXT,
        "url_list": _TEXTS,
        "statuses": pa.list_(pa.int16()),
        "mechanisms": _TEXTS,
        "redirect_count": pa.int32(),
        "final_url": _TEXT,
        "final_status": pa.int16(),
        "final_error": _TEXT,
        "outcome": _TEXT,
        "permanence": _TEXT,
        "latency_ms": pa.float64(),
        "host_count": pa.int32(),
        "loop_length": pa.int32(),
        "inlinks": pa.int64(),
    }
)

HOSTS = _schema(
    {
        "host": _TEXT,
        "in_scope": pa.bool_(),
        "https_answers": pa.int64(),
        "https_pages": pa.int64(),
        "https_error": _TEXT,
        "hsts": _TEXT,
        "hsts_url": _TEXT,
        "max_age": pa.int64(),
        "include_subdomains": pa.bool_(),
        "preload": pa.bool_(),
        "problem": _TEXT,
        "answers_without": pa.int64(),
        "answers_without_url": _TEXT,
        "redirects_without": pa.int64(),
        "redirects_without_url": _TEXT,
        "hsts_values": pa.int64(),
        "other_hsts": _TEXT,
        "other_hsts_url": _TEXT,
        "sent_over_http": pa.int64(),
        "sent_over_http_url": _TEXT,
        "inherited_from": _TEXT,
        "preloaded_by": _TEXT,
        "preload_list_date": _TEXT,
        "preload_requirement_failed": _TEXT,
        "browser": _TEXT,
    }
)

ENTRY_POINTS = _schema(
    {
        "host": _TEXT,
        "scheme": _TEXT,
        "url": _TEXT,
        "status": pa.int16(),
        "error": _TEXT,
        "location_url": _TEXT,
        "redirect_count": pa.int32(),
        "statuses": _TEXT,
        "final_url": _TEXT,
        "final_status": pa.int16(),
        "outcome": _TEXT,
        "permanence": _TEXT,
        "meets": pa.bool_(),
        "pages_asked": pa.int32(),
        "pages_kept": pa.int32(),
        "pages_answered": pa.int32(),
        "paths_lost": pa.int32(),
        "queries_lost": pa.int32(),
        "pages_failed": pa.int32(),
    }
)

FORMS = _schema(
    {
        "page": _TEXT,
        "pages": pa.int64(),
        "element": _TEXT,
        "method": _TEXT,
        "action": _TEXT,
        "href": _TEXT,
        "text": _TEXT,
        "rel": _TEXT,
        "sensitive": _TEXT,
        "status": pa.int16(),
        "error": _TEXT,
        "chain": _TEXT,
        "redirect_count": pa.int32(),
        "redirect_statuses": _TEXT,
        "final_url": _TEXT,
        "final_status": pa.int16(),
        "final_method": _TEXT,
        "allow": _TEXT,
        "post_status": pa.int16(),
        "verdict": _TEXT,
        "sentence": _TEXT,
    }
)

FINDINGS = _schema(
    {
        "rule": _TEXT,
        "severity": _TEXT,
        "url": _TEXT,
        "detail": _TEXT,
        "fix": _TEXT,
        "inlinks": pa.int64(),
        "first_seen": _TIME,
        "group": _TEXT,
    }
)

FIXES = _schema(
    {
        "page": _TEXT,
        "element": _TEXT,
        "text": _TEXT,
        "href": _TEXT,
        "replace_with": _TEXT,
        "target": _TEXT,
        "redirect_count": pa.int32(),
        "outcome": _TEXT,
    }
)

CONTRACTS = _schema(
    {
        "entry": pa.int32(),
        "source": _TEXT,
        "url": _TEXT,
        "code": pa.int16(),
        "target": _TEXT,
        "why": _TEXT,
        "until": _TEXT,
        "status": pa.int16(),
        "location_url": _TEXT,
        "state": _TEXT,
        "detail": _TEXT,
    }
)

CHANGES = _schema(
    {
        "kind": _TEXT,
        "rule": _TEXT,
        "severity": _TEXT,
        "severity_before": _TEXT,
        "url": _TEXT,
        "group": _TEXT,
        "detail": _TEXT,
    }
)

STANDING = _schema(
    {
        "url": _TEXT,
        "status": pa.int16(),
        "target": _TEXT,
        "since": _TIME,
        "weeks": pa.int32(),
        "sightings": pa.int32(),
        "proposed_status": pa.int16(),
        "severity": _TEXT,
        "rotating": pa.bool_(),
        "inlinks": pa.int64(),
    }
)

LEDGER = _schema(
    {
        "url": _TEXT,
        "mechanism": _TEXT,
        "status": pa.int16(),
        "target": _TEXT,
        "first_seen": _TIME,
        "last_seen": _TIME,
        "sightings": pa.int32(),
        "runs_missed": pa.int32(),
        "longest_streak": pa.int32(),
        "streak": pa.int32(),
        "streak_weeks": pa.int32(),
        "since": _TIME,
        "before_mechanism": _TEXT,
        "before_status": pa.int16(),
        "before_target": _TEXT,
        "rotating": pa.bool_(),
        "seen": pa.binary(),
    }
)
"""ledger.parquet, which lies beside the runs of a site."""

TABLES: dict[str, pa.Schema] = {
    "responses": RESPONSES,
    "links": LINKS,
    "rewalks": REWALKS,
    "variants": VARIANTS,
    "chains": CHAINS,
    "hosts": HOSTS,
    "entry_points": ENTRY_POINTS,
    "forms": FORMS,
    "findings": FINDINGS,
    "fixes": FIXES,
    "contracts": CONTRACTS,
    "changes": CHANGES,
    "standing": STANDING,
}
