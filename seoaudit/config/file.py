"""seoaudit.toml: the thresholds, how letters go out, the redirects that are meant, and what a schedule reads of its sites."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from seoaudit.config.expected import Expected
from seoaudit.config.mail import Mail

CONFIG_FILE = "seoaudit.toml"

_SECRET = re.compile("pass|secret|token", re.IGNORECASE)


class ConfigError(Exception):
    """A value that cannot be used; the text is one line that names the argument and the mend."""


class Thresholds(BaseModel):
    """Where a rule starts to speak; the defaults' sources stand in docs/rules.md."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    chain_low: Annotated[int, Field(ge=1)] = 2
    chain_medium: Annotated[int, Field(ge=1)] = 3
    chain_high: Annotated[int, Field(ge=1)] = 5
    chain_critical: Annotated[int, Field(ge=1)] = 10
    slow_hop_ms: Annotated[float, Field(gt=0)] = 500
    slow_chain_ms: Annotated[float, Field(gt=0)] = 1000
    chain_hosts: Annotated[int, Field(ge=2)] = 3
    funnel_sources: Annotated[int, Field(ge=2)] = 10
    funnel_share: Annotated[float, Field(gt=0, le=1)] = 0.2
    sitewide_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    temporary_max_age_s: Annotated[int, Field(ge=0)] = 86400
    temporary_low_days: Annotated[int, Field(ge=1)] = 28
    temporary_medium_days: Annotated[int, Field(ge=1)] = 90
    temporary_high_days: Annotated[int, Field(ge=1)] = 180
    temporary_low_sightings: Annotated[int, Field(ge=1)] = 4
    temporary_medium_sightings: Annotated[int, Field(ge=1)] = 12
    temporary_high_sightings: Annotated[int, Field(ge=1)] = 26
    changed_days: Annotated[int, Field(ge=0)] = 28
    redirect_min_days: Annotated[int, Field(ge=1)] = 365
    allowed_domains: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        steps = (self.chain_low, self.chain_medium, self.chain_high, self.chain_critical)
        if list(steps) != sorted(steps):
            raise ValueError(f"chain_low, chain_medium, chain_high and chain_critical must not fall: {steps}")
        days = (self.temporary_low_days, self.temporary_medium_days, self.temporary_high_days)
        if list(days) != sorted(days):
            raise ValueError(f"temporary_low_days, temporary_medium_days and temporary_high_days must not fall: {days}")
        return self


def _entries(value: Any) -> Any:
    if isinstance(value, list | tuple) and all(isinstance(entry, dict) for entry in value):
        return value
    raise ValueError("site: is no list of sites; write [[site]] in two brackets above each of them")


class Config(BaseModel):
    """The whole of seoaudit.toml; `schedule` and `site` as they were written: `read_sites` checks them where they are needed."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    thresholds: Thresholds = Thresholds()
    mail: Mail = Mail()
    expected: tuple[Expected, ...] = ()
    schedule: dict[str, Any] = {}
    site: Annotated[tuple[dict[str, Any], ...], BeforeValidator(_entries)] = ()

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read `path`, or seoaudit.toml of the working directory if it is there; raises ConfigError with one line."""
        file = path or Path(CONFIG_FILE)
        if path is None and not file.exists():
            return cls()
        try:
            settings = tomllib.loads(file.read_text(encoding="utf-8"))
            return cls.model_validate(settings, context={"folder": file.parent})
        except OSError as error:
            raise ConfigError(
                f"config: cannot read {file} ({error.strerror}); give the path of a readable file"
            ) from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"config: {file} is not UTF-8 text; save it as UTF-8") from error
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"config: {file} is not valid TOML: {error}; mend that line") from error
        except ValidationError as error:
            raise ConfigError(f"config: {file}: {_complaint(error)}") from error


def _complaint(error: ValidationError) -> str:
    """The first thing that is wrong with a settings file, and the mend."""
    first = error.errors()[0]
    where = _place(first["loc"])
    if first["type"] == "extra_forbidden":
        name = str(first["loc"][-1])
        if _SECRET.search(name):
            return f"{where}: a password does not belong in a settings file; set SEOAUDIT_SMTP_PASSWORD, or name a file with it as mail.password_file"
        near = difflib.get_close_matches(name, [*_siblings(first["loc"])], 1)
        return f"{where}: there is no such setting; {f'did you mean {near[0]}?' if near else 'the README lists them'}"
    if first["type"] == "value_error":
        told = str(first["ctx"]["error"])
        named = told.startswith(f"{first['loc'][0]}.") or not any(isinstance(part, int) for part in first["loc"])
        return told if named else f"{where}: {told}"
    if first["loc"] == ("expected",):
        return "expected: is a list of entries; begin each with [[expected]], in two brackets"
    return f"{where}: {first['msg'].lower()}, not {short(str(first['input']))}; the README lists the settings"


def _place(loc: tuple[int | str, ...]) -> str:
    """Where in the file: `thresholds.chain_low`, and `expected[2].source` for the second of the entries."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")


def _siblings(loc: tuple[int | str, ...]) -> list[str]:
    """The names that would have been known there."""
    if loc[0] == "expected":
        return [*Expected.model_fields]
    models = (Config, Thresholds, Mail)
    return [field.alias or name for model in models for name, field in model.model_fields.items()]


def short(text: str) -> str:
    """What was given, fit for one line."""
    text = "".join(character if character.isprintable() else "\ufffd" for character in text[:81])
    return text if len(text) <= 80 else f"{text[:80]}…"
