"""The table `[mail]` of seoaudit.toml: who gets a letter, and by which server it goes."""

from __future__ import annotations

import ipaddress
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationInfo, model_validator

from seoaudit import urls
from seoaudit.config.addresses import Mailbox, mailbox
from seoaudit.visible import on_one_line

if TYPE_CHECKING:
    from collections.abc import Callable

Security = Literal["starttls", "tls", "none"]

PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
"""RFC 8314, 3.3 and RFC 6409, 3.1; 25 is RFC 5321."""

NEEDED_FOR_MAIL = "mail needs host and from; write both below [mail] in seoaudit.toml"


def _named(read: Callable[[Any, ValidationInfo], Any]) -> Callable[[Any, ValidationInfo], Any]:
    """The same reader, with the setting's name before its complaint."""

    def named(value: Any, info: ValidationInfo) -> Any:
        try:
            return read(value, info)
        except ValueError as error:
            name = {"sender": "from"}.get(str(info.field_name), info.field_name)
            raise ValueError(f"mail.{name}: {error}") from None

    return named


def _mailbox(value: Any, _: ValidationInfo) -> Mailbox:
    if isinstance(value, Mailbox):
        return value
    if not isinstance(value, str):
        raise ValueError("is no mail address; write it in quotes, such as 'seo@example.com'")  # noqa: TRY004 - pydantic's word
    return mailbox(value)


def _host(value: Any, _: ValidationInfo) -> Any:
    """A name in A-labels, or an IP address."""
    if not isinstance(value, str):
        return value
    bare = value.strip().strip("[]")
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        found = urls.parse(f"http://{bare}/") if bare.replace("-", "").replace(".", "").isalnum() else None
    if found is None:
        raise ValueError(f"{on_one_line(value, 80)!r} is no host; write such as smtp.example.com, and the port as port")
    return urls.split(found).host


def _file(value: Any, info: ValidationInfo) -> Any:
    """A readable file, from the folder of the settings file."""
    if not isinstance(value, str):
        return value
    folder: Path = (info.context or {}).get("folder", Path())
    try:
        file = folder / Path(value).expanduser()
        with file.open("rb"):
            return file
    except RuntimeError:
        raise ValueError(f"{on_one_line(value, 80)} names a home folder that is not there") from None
    except OSError as error:
        raise ValueError(
            f"cannot read {on_one_line(value, 80)} ({error.strerror}); give the path of a readable file"
        ) from None


def _authorities(value: Any, info: ValidationInfo) -> Any:
    file = _file(value, info)
    if isinstance(file, Path):
        try:
            ssl.create_default_context(cafile=file)
        except ssl.SSLError:
            raise ValueError(f"{on_one_line(str(value), 80)} holds no certificate; give a file in PEM format") from None
    return file


Address = Annotated[Mailbox, PlainValidator(_named(_mailbox))]


class Mail(BaseModel):
    """Recipients and mail server; no letter goes out without `to`. What is secret is read from the environment, never from here."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, hide_input_in_errors=True)

    to: Annotated[tuple[Address, ...], BeforeValidator(lambda to: [to] if isinstance(to, str) else to)] = ()
    sender: Annotated[Address | None, Field(alias="from")] = None
    host: Annotated[str | None, BeforeValidator(_named(_host))] = None
    port: Annotated[int | None, Field(ge=1, le=65535)] = None
    security: Security = "starttls"
    allow_plain: bool = False
    user: str | None = None
    password_file: Annotated[Path | None, BeforeValidator(_named(_file))] = None
    ca_file: Annotated[Path | None, BeforeValidator(_named(_authorities))] = None
    attach_html: bool = False
    max_bytes: Annotated[int, Field(ge=20_000)] = 25_000_000
    timeout: Annotated[float, Field(gt=0, le=3600)] = 60
    retries: Annotated[int, Field(ge=0, le=20)] = 3
    far_fewer: Annotated[float, Field(ge=0, le=1)] = 0.5

    @model_validator(mode="after")
    def _usable(self) -> Self:
        if self.to and not self.has_server:
            raise ValueError(f"mail.to: {NEEDED_FOR_MAIL}")
        if self.user is not None and (not self.user.strip() or not self.user.isprintable()):
            raise ValueError("mail.user: is empty or holds unprintable characters; write the account's name")
        if self.host and self.security == "none" and not self.allow_plain and not _is_loopback(self.host):
            raise ValueError(
                f"mail.security: none sends the letter to {self.host} for everybody to read; write security = 'starttls' or 'tls', or allow_plain = true"
            )
        return self

    @property
    def has_server(self) -> bool:
        """Whether it says by which server, and from whom, a letter goes."""
        return self.host is not None and self.sender is not None

    @property
    def port_number(self) -> int:
        """The port given, or the usual one."""
        return self.port or PORTS[self.security]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
