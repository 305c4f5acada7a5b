"""What the person who audits sets: seoaudit.toml with thresholds and mail, and the spider's arguments."""

from seoaudit.config.addresses import Mailbox
from seoaudit.config.arguments import Arguments, argument_names
from seoaudit.config.credentials import Credentials, credentials
from seoaudit.config.expected import Expected
from seoaudit.config.file import CONFIG_FILE, Config, ConfigError, Thresholds
from seoaudit.config.mail import Mail

__all__ = [
    "CONFIG_FILE",
    "Arguments",
    "Config",
    "ConfigError",
    "Credentials",
    "Expected",
    "Mail",
    "Mailbox",
    "Thresholds",
    "argument_names",
    "credentials",
]
