"""What the person who audits sets: thresholds from seoaudit.toml, and the spider's arguments."""

from seoaudit.config.arguments import Arguments, argument_names
from seoaudit.config.file import CONFIG_FILE, Config, ConfigError, Thresholds

__all__ = ["CONFIG_FILE", "Arguments", "Config", "ConfigError", "Thresholds", "argument_names"]
