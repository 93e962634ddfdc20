"""Addresses of network cameras, as people type them, and what a camera answers to one."""

import base64
import hashlib
import http.client
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from fruitgui.address_secrets import SECRET

_HOST = re.compile(r"(?:[^\s/?#@:\[\]]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_SECONDS = 5.0
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
_PORTS = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart; the name and the password are as they are typed, or empty."""

    scheme: str
    user: str
    password: str
    host: str
    """With the port, if one is given."""
    path: str
    """With the query."""

    @classmethod
    def of(cls, text: str) -> "Address":
        """A password may hold what separates the parts of an address otherwise: ``#``, ``@``,
        ``:``, ``%``, ``/``."""
        scheme, _, rest = text.partition("://")
        secret, rest = _apart(rest)
        user, _, password = secret.partition(":")
        end = min((rest.find(mark) for mark in "/?" if mark in rest), default=len(rest))
        return cls(scheme.lower(), user, password, rest[:end], rest[end:])

    @property
    def has_secret(self) -> bool:
        """Whether it says who may use the camera."""
        return bool(self.user or self.password or SECRET.search(self.path))

    @property
    def shown(self) -> str:
        """Without name, password and query, nor what the path says of them."""
        path = self.path.partition("?")[0]
        if secret := SECRET.search(path):
            path = f"{path[: secret.start()]}…"
        return f"{self.scheme}://{self.host}{path}"

    @property
    def for_programs(self) -> str:
        """As programs read addresses, with what separates their parts escaped in the password. What
        was typed escaped stays so."""
        if not (self.user or self.password):
            return f"{self.scheme}://{self.host}{self.path}"
        user, password = (_escaped(part) for part in (self.user, self.password))
        return f"{self.scheme}://{user}:{password}@{self.host}{self.path}"

    @property
    def name_and_port(self) -> tuple[str, int]:
        name, colon, port = self.host.rpartition(":")
        if not colon or not port.isdecimal():
            return self.host.strip("[]"), _PORTS[self.scheme]
        return name.strip("[]"), int(port)


def _apart(rest: str) -> tuple[str, str]:
    """Name and password, and what follows them. What is a whole address to programs is read as they
    read it; only else may a password hold what ends it there."""
    end = min((rest.find(mark) for mark in "/?" if mark in rest), default=len(rest))
    secret, separator, host = rest[:end].rpartition("@")
    if _HOST.fullmatch(host):
        return (secret, rest[len(secret) + 1 :]) if separator else ("", rest)
    for place in (number for number, mark in enumerate(rest) if mark == "@"):
        after = rest[place + 1 :]
        if _HOST.fullmatch(re.split(r"[/?#]", after, maxsplit=1)[0]):
            return rest[:place], after
    return "", rest


def _escaped(typed: str) -> str:
    is_escaped = "%" in typed and _ESCAPE.sub("", typed).count("%") == 0
    return quote(unquote(typed) if is_escaped else typed, safe="")


def status_of(address: Address) -> int | None:
    """What a camera answers to an address, by the numbers of HTTP and RTSP: 200, or 401 where the
    name or the password is wrong; None where nothing answers. Takes seconds."""
    try:
        if address.scheme.startswith("rtsp"):
            return _asked(address, _ask_rtsp)
        return _asked(address, _ask_http)
    except (OSError, ValueError, IndexError, http.client.HTTPException):
        return None


_Answer = tuple[int, str]
"""A status, and what is asked for."""


def _asked(address: Address, ask: Callable[[Address, str], _Answer]) -> int:
    status, challenge = ask(address, "")
    if status == 401 and (address.user or address.password):
        status, _ = ask(address, _credentials(address, challenge))
    return status


def _ask_http(address: Address, credentials: str) -> _Answer:
    name, port = address.name_and_port
    if address.scheme == "https":
        # Cameras sign their certificates themselves.
        context = ssl._create_unverified_context()
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            name, port, timeout=_SECONDS, context=context
        )
    else:
        connection = http.client.HTTPConnection(name, port, timeout=_SECONDS)
    try:
        headers = {"Authorization": credentials} if credentials else {}
        path = quote(address.path or "/", safe="/?&=%:,;+@!$'()*~")
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, _safest(answer.headers.get_all("WWW-Authenticate") or ())
    finally:
        connection.close()


def _ask_rtsp(address: Address, credentials: str) -> _Answer:
    name, port = address.name_and_port
    plain = f"{address.scheme}://{address.host}{address.path}"
    lines = [f"DESCRIBE {plain} RTSP/1.0", "CSeq: 1", "Accept: application/sdp"]
    if credentials:
        lines.append(f"Authorization: {credentials}")
    with socket.create_connection((name, port), _SECONDS) as plain_connection:
        plain_connection.settimeout(_SECONDS)
        connection: socket.socket = plain_connection
        if address.scheme == "rtsps":
            context = ssl._create_unverified_context()
            connection = context.wrap_socket(plain_connection, server_hostname=name)
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        received = b""
        while b"\r\n\r\n" not in received and (more := connection.recv(65536)):
            received += more
        answer = received.decode("utf-8", "replace")
    head, *rest = answer.split("\r\n")
    challenges = [
        line.partition(":")[2].strip()
        for line in rest
        if line.lower().startswith("www-authenticate:")
    ]
    return int(head.split()[1]), _safest(challenges)


def _safest(challenges: Sequence[str]) -> str:
    """Of several, the one that tells the password to nobody."""
    digests = [each for each in challenges if each.lower().startswith("digest")]
    return next(iter(digests or challenges), "")


def _credentials(address: Address, challenge: str) -> str:
    """What a camera wants to hear, by its challenge: see RFC 7617 (Basic) and RFC 7616 (Digest)."""
    user, password = unquote(_escaped(address.user)), unquote(_escaped(address.password))
    if not challenge.lower().startswith("digest"):
        return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    given = dict(re.findall(r'(\w+)="?([^",]*)"?', challenge))
    algorithm = given.get("algorithm", "MD5").upper()
    if algorithm not in _HASHES:
        raise ValueError(f"a camera asks for {algorithm}")  # Nobody knows then what it would say.

    def digest(text: str) -> str:
        return _HASHES[algorithm](text.encode(), usedforsecurity=False).hexdigest()

    is_rtsp = address.scheme.startswith("rtsp")
    method = "DESCRIBE" if is_rtsp else "GET"
    uri = f"{address.scheme}://{address.host}{address.path}" if is_rtsp else address.path or "/"
    realm, nonce = given.get("realm", ""), given.get("nonce", "")
    ours = digest(f"{user}:{realm}:{password}")
    theirs = digest(f"{method}:{uri}")
    parts = {"username": user, "realm": realm, "nonce": nonce, "uri": uri}
    if "auth" in given.get("qop", ""):
        count, own = "00000001", "f1f1f1f1"
        parts["response"] = digest(f"{ours}:{nonce}:{count}:{own}:auth:{theirs}")
        quality = f', qop=auth, nc={count}, cnonce="{own}"'
    else:
        parts["response"] = digest(f"{ours}:{nonce}:{theirs}")
        quality = ""
    if "opaque" in given:
        parts["opaque"] = given["opaque"]
    if "algorithm" in given:
        quality += f", algorithm={given['algorithm']}"
    return "Digest " + ", ".join(f'{name}="{value}"' for name, value in parts.items()) + quality
