import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from fruitgui.camera.addresses import Address, status_of


@pytest.mark.parametrize(
    ("typed", "user", "password", "host", "path"),
    [
        ("rtsp://10.0.0.7/live", "", "", "10.0.0.7", "/live"),
        ("rtsp://me:secret@10.0.0.7:554/live", "me", "secret", "10.0.0.7:554", "/live"),
        ("rtsp://me:a#b@c:d%e/f@cam/live?n=1", "me", "a#b@c:d%e/f", "cam", "/live?n=1"),
        ("http://cam/video?user=a@b", "", "", "cam", "/video?user=a@b"),
        ("rtsp://me:pw@10.0.0.7/live@2", "me", "pw", "10.0.0.7", "/live@2"),
        ("rtsp://me:pw@10.0.0.7/l?user=a@b.c", "me", "pw", "10.0.0.7", "/l?user=a@b.c"),
        ("http://cam:8080/a@b", "", "", "cam:8080", "/a@b"),
        ("rtsp://me:pw@[fe80::1]:554/s", "me", "pw", "[fe80::1]:554", "/s"),
        ("HTTP://카메라.local/live", "", "", "카메라.local", "/live"),
    ],
)
def test_an_address_is_taken_apart_as_it_is_meant(
    typed: str, user: str, password: str, host: str, path: str
) -> None:
    address = Address.of(typed)
    assert (address.user, address.password) == (user, password)
    assert (address.host, address.path) == (host, path)


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("p@ss#w:rd", "p%40ss%23w%3Ard"),
        ("100%", "100%25"),
        ("50%x", "50%25x"),
        ("p%40ss", "p%40ss"),  # Escaped already.
        ("사과", "%EC%82%AC%EA%B3%BC"),
    ],
)
def test_programs_get_a_password_escaped(typed: str, escaped: str) -> None:
    given = Address.of(f"rtsp://me:{typed}@cam/live").for_programs
    assert given == f"rtsp://me:{escaped}@cam/live"


def test_secrets_are_known_and_not_shown() -> None:
    for typed in (
        "rtsp://me:x@cam/live",
        "http://cam/live?ch=1&Token=x",
        "http://cam/?usr=a&pwd=b",
    ):
        address = Address.of(typed)
        assert address.has_secret
        assert "x" not in address.shown
        assert "pwd" not in address.shown
    for harmless in ("http://cam/live?channel=1", "http://cam/?design=1", "rtsp://cam/passage/1"):
        assert not Address.of(harmless).has_secret
    in_path = Address.of("rtsp://cam/a/user=admin_password=hunter2_channel=1.sdp")
    assert in_path.has_secret
    assert in_path.shown == "rtsp://cam/a/…"


@contextmanager
def rtsp_camera(*answers: str) -> Iterator[tuple[str, list[str]]]:
    """Gives these answers, a connection each; and what it was asked."""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for answer in answers:
                connection, _ = server.accept()
                with connection:
                    asked.append(connection.recv(65536).decode())
                    connection.sendall(answer.encode())

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", asked
        thread.join()


DIGEST = (
    "RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n"
    'WWW-Authenticate: Basic realm="x"\r\n'
    'WWW-Authenticate: Digest realm="cam", nonce="n1"\r\n\r\n'
)


def test_a_camera_that_refuses_a_password_is_told_from_one_that_is_off() -> None:
    with rtsp_camera(DIGEST, DIGEST) as (host, asked):
        assert status_of(Address.of(f"rtsp://me:wr@ng@{host}/live")) == 401
    assert "Authorization" not in asked[0]
    # The password itself is not sent where the camera need not hear it.
    assert 'Digest username="me", realm="cam", nonce="n1"' in asked[1]
    with rtsp_camera(DIGEST, "RTSP/1.0 200 OK\r\n\r\n") as (host, _):
        assert status_of(Address.of(f"rtsp://me:right@{host}/live")) == 200
    assert status_of(Address.of("rtsp://127.0.0.1:1/live")) is None


def test_who_answers_nothing_or_nonsense_does_not_answer() -> None:
    for answer in ("", "\x15\x03\x01", "RTSP/1.0\r\n\r\n"):
        with rtsp_camera(answer) as (host, _):
            assert status_of(Address.of(f"rtsp://me:x@{host}/live")) is None


def test_no_verdict_is_given_on_what_is_not_understood() -> None:
    unknown = 'RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm="c", nonce="n", '
    with rtsp_camera(unknown + "algorithm=SHA-512\r\n\r\n") as (host, _):
        assert status_of(Address.of(f"rtsp://me:right@{host}/live")) is None
    known = unknown + 'algorithm=SHA-256, opaque="o"\r\n\r\n'
    with rtsp_camera(known, "RTSP/1.0 200 OK\r\n\r\n") as (host, asked):
        assert status_of(Address.of(f"rtsp://me:right@{host}/live")) == 200
    assert 'opaque="o"' in asked[1]
