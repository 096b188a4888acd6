"""Connections to the address that was checked: a name is looked up once, and what it gave is what is connected to."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterator, Sequence
from typing import Any

import httpx2

# Where clouds tell a machine's credentials to whoever asks from it, besides link-local 169.254.169.254.
_METADATA = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")))


class ForbiddenAddress(httpx2.ConnectError):
    """A server's name leads to an address that no model has."""


class StraightTransport(httpx2.HTTPTransport):
    """Raises ForbiddenAddress for a host whose name leads where no model is."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            found = socket.getaddrinfo(request.url.host, None, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpx2.ConnectError(str(error)) from error
        *others, last = _pinned(request, found)
        for pinned in others:
            try:
                return super().handle_request(pinned)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue
        return super().handle_request(last)


class StraightAsyncTransport(httpx2.AsyncHTTPTransport):
    """The same, in an event loop."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(request.url.host, None, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpx2.ConnectError(str(error)) from error
        *others, last = _pinned(request, found)
        for pinned in others:
            try:
                return await super().handle_async_request(pinned)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue
        return await super().handle_async_request(last)


def _pinned(request: httpx2.Request, found: Sequence[Any]) -> Iterator[httpx2.Request]:
    """Yield the request to each address that was found; its Host and its certificate stay those of the name."""
    host = request.url.host
    addresses = dict.fromkeys(str(address[0]) for *_, address in found)
    for address in addresses:
        _check(host, address)
    for address in addresses:
        yield httpx2.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )


def _check(host: str, address: str) -> None:
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if ip.is_link_local or ip in _METADATA:
        raise ForbiddenAddress(f"{host} leads to {ip}, an address of the machine's own network where no model is")
    if host == "localhost" and not ip.is_loopback:
        raise ForbiddenAddress(f"{host} leads to {ip} and not to this machine")
