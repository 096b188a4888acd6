"""The HTTP client of the services: slow, within bounds of size and time, and bound to one host."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx2

from assistant import __version__
from vectorstore.errors import OnlineError
from vectorstore.servers import client_of, origin_of

_MOST_BYTES = 10 * 1024 * 1024
_TIMEOUT_SECONDS = 30.0  # of an answer as a whole
_MOST_TRIES = 3
_MOST_REDIRECTS = 3
_LONGEST_WAIT_SECONDS = 120.0
_FIRST_WAIT_SECONDS = 5.0  # where a service that has enough does not say how long
_BUSY = (429, 503)
_log = logging.getLogger(__name__)


class HttpClient:
    """The connection to one service. Use it as a context manager."""

    def __init__(
        self,
        address: str,
        *,
        seconds_between: float,
        timeout_seconds: float = _TIMEOUT_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.host = urlsplit(address).hostname or address
        self._address = address
        self._seconds_between = seconds_between
        self._timeout_seconds = timeout_seconds
        self._sleep = sleep
        self._free_at = 0.0  # when the next request may be made
        self._client = client_of(address, timeout_seconds)
        # A packed answer could become larger than is held.
        self._client.headers.update({"User-Agent": f"research-assistant/{__version__}", "Accept-Encoding": "identity"})

    def close(self) -> None:
        self._client.close()

    def get(self, parameters: Mapping[str, str]) -> bytes:
        """Return what the service answers. Where it has enough for now, it is asked again as late as it says.

        Raises OnlineError if it cannot be reached, refuses, or answers with too much or too late.
        """
        for again in range(_MOST_TRIES):
            self._sleep(max(0.0, self._free_at - time.monotonic()))
            self._free_at = time.monotonic() + self._seconds_between
            status, headers, content = self._answer(self._client.build_request("GET", self._address, params=parameters))
            if status == 200:
                return content
            if status not in _BUSY:
                raise OnlineError(f"{self.host} refused with status {status}; try again later.")
            seconds = _wait_of(headers.get("Retry-After"), again)
            if seconds > _LONGEST_WAIT_SECONDS:
                raise OnlineError(f"{self.host} wants no request for {seconds:,.0f} s; run the same command then.")
            _log.info("%s has enough for %s s", self.host, seconds)
            self._free_at = time.monotonic() + seconds
        raise OnlineError(f"{self.host} has enough requests for now; run the same command later.")

    def _answer(self, request: httpx2.Request) -> tuple[int, httpx2.Headers, bytes]:
        """Return the status, the headers and the content of an answer; a redirect is followed within the service."""
        ends_at = time.monotonic() + self._timeout_seconds
        try:
            for _ in range(_MOST_REDIRECTS + 1):
                response = self._client.send(request, stream=True)
                try:
                    if response.next_request is None:
                        return response.status_code, response.headers, self._content(response, ends_at)
                finally:
                    response.close()
                request = response.next_request
                if origin_of(str(request.url)) != origin_of(self._address):
                    raise OnlineError(f"{self.host} sends requests on to {request.url.host}, which was not asked.")
        except httpx2.TimeoutException as error:
            raise OnlineError(f"{self.host} did not answer in time; try again later.") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise OnlineError(f"{self.host} cannot be reached; look whether this machine is online.") from error
        raise OnlineError(f"{self.host} sends requests on without end; try again later.")

    def _content(self, response: httpx2.Response, ends_at: float) -> bytes:
        content = bytearray()
        for part in response.iter_raw():
            content += part
            if len(content) > _MOST_BYTES:
                raise OnlineError(f"{self.host} answers with more than {_MOST_BYTES // 1024**2} MiB; nothing was kept.")
            if time.monotonic() > ends_at:
                raise OnlineError(f"{self.host} did not answer in time; try again later.")
        return bytes(content)


def _wait_of(retry_after: str | None, again: int) -> float:
    """Return the seconds that a service wants to be left alone: as it says, in seconds or until when; else longer each
    time."""
    said = (retry_after or "").strip()
    if said.isdecimal() and len(said) < 10:
        return float(said)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return float(_FIRST_WAIT_SECONDS * 2**again)
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
