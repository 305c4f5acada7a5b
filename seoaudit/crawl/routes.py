"""`connect_to`: which address is asked under which name."""

from __future__ import annotations

from typing import NamedTuple


class Route(NamedTuple):
    """One entry in curl's form HOST:PORT:ADDRESS:PORT; an empty part stands for any, or for the same."""

    host: str
    port: str
    address: str
    to_port: str

    @classmethod
    def read(cls, entry: str) -> Route:
        """The four parts of an entry; IPv6 addresses stand in brackets."""
        fields: list[str] = []
        depth = 0
        current = ""
        for char in entry:
            depth += (char == "[") - (char == "]")
            if char == ":" and not depth:
                fields.append(current)
                current = ""
            else:
                current += char
        host, port, address, to_port = [*fields, current]
        return cls(host.lower(), port, address, to_port)

    def leads(self, host: str, port: str) -> bool:
        """Whether it is for this host and port."""
        return self.host in ("", host) and self.port in ("", port)
