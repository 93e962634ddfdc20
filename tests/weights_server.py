"""A small web server that stands for those from which weights are downloaded."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CONTENT = bytes(range(256)) * 4096


@dataclass
class Server:
    """A small web server that can break the line."""

    address: str = ""
    breaks_after: list[int] = field(default_factory=list)
    """After so many bytes the line breaks, once for each entry."""
    content: bytes = CONTENT
    starts: list[int] = field(default_factory=list)
    """Where each answer started."""
    redirects_with: dict[str, str] = field(default_factory=dict)
    """What a redirection says, of addresses like Hugging Face's."""
    asked: list[str] = field(default_factory=list)
    """The path of each request."""
    flows: threading.Event = field(default_factory=threading.Event)
    """While it is not set, nothing but the head of an answer is sent."""


@contextmanager
def serving() -> Iterator[Server]:
    """A server at an address of this computer."""
    state = Server()
    state.flows.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            if "/resolve/" in self.path:
                self.send_response(302)
                self.send_header("Location", f"{state.address}/stored")
                self.send_header("Content-Length", "0")
                for header, value in state.redirects_with.items():
                    self.send_header(header, value)
                self.end_headers()
                return
            if "missing" in self.path:
                self.send_error(404)
                return
            asked = self.headers.get("Range")
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
            state.starts.append(start)
            if start >= len(state.content):
                self.send_error(416)
                return
            rest = state.content[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(rest)))
            self.end_headers()
            if state.breaks_after:
                rest = rest[: state.breaks_after.pop(0)]
                self.close_connection = True
            state.flows.wait()
            self.wfile.write(rest)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        state.address = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield state
        http.shutdown()
        thread.join()
