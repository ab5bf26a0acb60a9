"""`reelmill-server` on raw connections: which it closes, when, and which requests it refuses."""

import json
import re
import socket

import pytest

import programs
from web import Server

# No judgement waits for a limit as it is; one that waits so long has met none.
PATIENCE = 60


@pytest.fixture(scope="module")
def strict(demo, tmp_path_factory):
    """A server with short limits, and a store with a file that no socket buffer holds."""
    store = tmp_path_factory.mktemp("large")
    folder = store / "film" / "0123456789abcdef"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text("{}")
    with open(folder / "large.mp4", "wb") as file:
        file.truncate(64 << 20)
    with Server(demo.catalog, "--media", str(store), "--header-timeout", "1", "--idle-timeout", "2") as server:
        yield server


def connect(server, buffer=None):
    connection = socket.socket()
    if buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    connection.settimeout(PATIENCE)
    connection.connect(("127.0.0.1", server.port))
    return connection


def answers(server, request):
    """All that comes until the server closes the connection."""
    with connect(server) as connection:
        connection.sendall(request.encode())
        return everything(connection)


def everything(connection):
    pieces = []
    while piece := connection.recv(1 << 16):
        pieces.append(piece)
    return b"".join(pieces).decode("latin-1")


def one_answer(connection):
    """One answer with a length, as text."""
    text = ""
    while "\r\n\r\n" not in text:
        piece = connection.recv(1 << 16)
        assert piece, f"the server has closed the connection after: {text!r}"
        text += piece.decode("latin-1")
    head, body = text.split("\r\n\r\n", 1)
    length = int(re.search(r"content-length: (\d+)", head, re.I)[1])
    while len(body) < length:
        body += connection.recv(1 << 16).decode("latin-1")
    return head


@pytest.mark.parametrize("request_text", [
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Close\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, CLOSE\r\n\r\n",
    "GET /healthz HTTP/1.0\r\n\r\n",
    "GET /healthz HTTP/1.0\r\nHost: localhost\r\nConnection: Close\r\n\r\n",
])
def test_a_connection_is_closed_where_the_client_asks_for_it(server, request_text):
    """With the limits that a server has, nothing but the request makes it end so soon."""
    text = answers(server, request_text)
    assert text.startswith("HTTP/1.1 200 ") and "\r\nconnection: close\r\n" in text.lower()
    # What follows is not answered.
    assert answers(server, request_text * 2).count("HTTP/1.1 200 ") == 1


@pytest.mark.parametrize("version, header, word", [
    ("1.1", "", None), ("1.1", "Connection: Keep-Alive\r\n", None), ("1.0", "Connection: Keep-Alive\r\n", "keep-alive")])
def test_a_connection_stays_open_where_it_may(server, version, header, word):
    with connect(server) as connection:
        for _ in range(3):
            connection.sendall(f"GET /healthz HTTP/{version}\r\nHost: localhost\r\n{header}\r\n".encode())
            head = one_answer(connection).lower()
            assert head.startswith("http/1.1 200 ") and "connection: close" not in head
            assert word is None or f"connection: {word}" in head
        # Several at once are answered in their order.
        connection.sendall((f"GET /healthz HTTP/{version}\r\nHost: localhost\r\n{header}\r\n" * 2).encode()
                           + b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert re.findall(r"HTTP/1\.1 (\d+) ", everything(connection)) == ["200", "200", "404"]


@pytest.mark.parametrize("headers", [
    "", "Host:\r\n", "Host: localhost\r\nHost: localhost\r\n", "Host: localhost\r\nHost: other\r\n", "Host: two words\r\n", "Host: a/b\r\n",
    "Host: user@localhost\r\n", "Host: localhost:80a\r\n"])
def test_a_request_names_one_host(server, headers):
    text = answers(server, f"GET /healthz HTTP/1.1\r\n{headers}Connection: close\r\n\r\n")
    assert text.startswith("HTTP/1.1 400 ")
    assert json.loads(text.split("\r\n\r\n", 1)[1])["status"] == 400


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "films.example.org:", "[::1]:8080", "a_b.example"])
def test_every_good_host_will_do(server, host):
    assert answers(server, f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").startswith("HTTP/1.1 200 ")


def test_what_is_no_request_is_refused(server):
    for text in ["nonsense\r\n\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n"]:
        assert answers(server, text).startswith("HTTP/1.1 400 "), text


def test_half_a_header_is_not_waited_for(strict):
    assert answers(strict, "GET /healthz HTTP/1.1\r\nHost: loc").startswith("HTTP/1.1 408 ")


def test_an_idle_connection_is_closed(strict):
    with connect(strict) as connection:
        assert everything(connection) == ""
    with connect(strict) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        one_answer(connection)
        assert everything(connection) == ""
    # A body of which nothing comes.
    text = answers(strict, "POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n")
    assert text.startswith("HTTP/1.1 405 ")


def test_a_client_that_reads_nothing_is_let_go(strict):
    with connect(strict, buffer=4096) as connection:
        connection.sendall(b"GET /media/film/0123456789abcdef/large.mp4 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        # Another connection tells when the limit must be over: it is idle for as long, and begins afterwards.
        with connect(strict) as clock:
            everything(clock)
        with connect(strict) as clock:
            everything(clock)
        received = 0
        try:
            while piece := connection.recv(1 << 16):
                received += len(piece)
        except ConnectionResetError:
            pass
    assert 0 < received < 64 << 20


def test_a_slow_client_gets_all_of_a_file(strict):
    with connect(strict) as connection:
        connection.sendall(b"GET /media/film/0123456789abcdef/large.mp4 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert len(everything(connection)) > 64 << 20


def test_the_version_is_told():
    server, pipeline = programs.demand(programs.SERVER, "--version"), programs.demand(programs.REELMILL, "--version")
    assert server == f"reelmill-server {pipeline.split()[1]}\n"


@pytest.mark.parametrize("option", ["--header-timeout", "--idle-timeout"])
def test_a_limit_of_nothing_is_a_usage_error(option):
    result = programs.run(programs.SERVER, "--catalog", "sqlite:x", option, "0")
    assert result.returncode == 64 and option in result.stderr
