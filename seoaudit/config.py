"""What the person who audits sets: thresholds from seoaudit.toml, and the spider's arguments, read and checked once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

CONFIG_FILE = "seoaudit.toml"


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
    allowed_domains: tuple[str, ...] = ()


class Config(BaseModel):
    """The whole of seoaudit.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    thresholds: Thresholds = Thresholds()

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read `path`, or seoaudit.toml of the working directory if it is there; raises ConfigError with one line."""
        file = path or Path(CONFIG_FILE)
        if path is None and not file.exists():
            return cls()
        try:
            return cls.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        except OSError as error:
            raise ConfigError(f"config: cannot read {file} ({error.strerror}); give the path of a readable file") from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"config: {file} is not UTF-8 text; save it as UTF-8") from error
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"config: {file} is not valid TOML: {error}; mend that line") from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise ConfigError(f"config: {file}: {where}: {first['msg']}; see the README for the settings") from error
