"""`reelmill-server` over loopback: the API, the files, and nothing else."""

import hashlib
import socket

import pytest


@pytest.fixture(scope="module")
def title(server):
    return server.json("/api/v1/titles/" + server.json("/api/v1/titles")["titles"][0]["id"])


def test_api_lists_what_was_published(server, demo):
    listing = server.json("/api/v1/titles")
    assert listing["format_version"] == 1
    assert {title["id"] for title in listing["titles"]} == demo.packages().keys()


def test_every_url_of_every_title_leads_somewhere(server, demo):
    for name, package in demo.packages().items():
        title = server.json(f"/api/v1/titles/{name}")
        assert title["version"] == package.facts["version"]
        urls = [title["hls"], title["dash"], title["poster"], title["sprite_vtt"], *(card["url"] for card in title["cards"])]
        urls += [track["url"] for track in title["audio"] + title["text"]]
        for url in filter(None, urls):
            assert server.request(url, "HEAD").status == 200, url


# By the ending of a name (Apple's HLS authoring specification, 10.4; RFC 8216, 4; ISO/IEC 23009-1, annex C).
TYPES = {
    "m3u8": "application/vnd.apple.mpegurl", "mpd": "application/dash+xml", "m4s": "video/iso.segment", "mp4": "video/mp4", "vtt": "text/vtt",
    "jpg": "image/jpeg", "webp": "image/webp", "png": "image/png", "json": "application/json"}


def type_of(path):
    """An init segment is of what its folder is of."""
    if path.endswith(".mp4"):
        return {"audio": "audio/mp4", "text": "application/mp4"}.get(path.split("/")[0], TYPES["mp4"])
    return TYPES[path.rsplit(".", 1)[1]]


def test_files_are_what_was_published(server, demo):
    for name, package in demo.packages().items():
        for file in package.facts["files"]:
            answer = server.request(f"/media/{name}/{package.facts['version']}/{file['path']}")
            assert answer.status == 200, f"{name}: {file['path']}"
            assert hashlib.sha256(answer.body).hexdigest() == file["sha256"], f"{name}: {file['path']}"
            told = [answer.headers["Content-Type"].split(";")[0], file["content_type"].split(";")[0]]
            assert told == [type_of(file["path"])] * 2, f"{name}: {file['path']}"
            assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_byte_ranges(server, title):
    url = title["hls"]
    whole = server.request(url).body
    for wanted, first, last in [("0-9", 0, 9), ("10-", 10, len(whole) - 1), ("-5", len(whole) - 5, len(whole) - 1),
                                ("3-999999", 3, len(whole) - 1)]:
        answer = server.request(url, Range=f"bytes={wanted}")
        assert answer.status == 206, wanted
        assert answer.body == whole[first:last + 1]
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"
    beyond = server.request(url, Range=f"bytes={len(whole)}-")
    assert beyond.status == 416 and beyond.headers["Content-Range"] == f"bytes */{len(whole)}"
    assert server.request(url).headers["Accept-Ranges"] == "bytes"


def test_conditional_requests(server, title):
    url = title["hls"]
    tag = server.request(url).headers["ETag"]
    unchanged = server.request(url, If_None_Match=tag)
    assert unchanged.status == 304 and unchanged.body == b"" and unchanged.headers["ETag"] == tag
    assert server.request(url, If_None_Match='"another"').status == 200
    assert server.request(url, If_Range='"another"', Range="bytes=0-3").status == 200
    assert server.request(url, If_Range=tag, Range="bytes=0-3").status == 206


def test_head_is_get_without_the_body(server, title):
    for path in ["/", "/healthz", "/api/v1/titles", title["hls"], title["poster"]]:
        get, head = server.request(path), server.request(path, "HEAD")
        assert (head.status, head.body) == (get.status, b""), path
        assert head.headers["Content-Type"] == get.headers["Content-Type"]
        assert head.headers["Content-Length"] == get.headers["Content-Length"] == str(len(get.body)), path


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(server, title, method):
    for path in ["/", "/api/v1/titles", title["hls"]]:
        answer = server.request(path, method, body=b"x")
        assert answer.status == 405, f"{method} {path}: {answer.status}"


@pytest.mark.parametrize("path", [
    "/api/v1/titles/no-such-title", "/nothing", "/media/no-such-title/0000000000000000/index.m3u8", "/media/../catalog.sqlite",
    "/media/%2e%2e/catalog.sqlite", "/media/..%2fcatalog.sqlite", "/media//etc/passwd", "/media/%2fetc%2fpasswd", "/media/"])
def test_what_is_not_published_is_not_there(server, path):
    answer = server.request(path)
    assert answer.status in (400, 404), f"{path}: {answer.status}"
    assert b"root:" not in answer.body and not answer.body.startswith(b"SQLite")


def test_nonsense_does_not_stop_the_server(server):
    for text in [b"\x00\x01\x02\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET " + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n"]:
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            # An answer is not owed to it.
            connection.settimeout(10)
            connection.sendall(text)
            try:
                connection.recv(1000)
            except OSError:
                pass
    assert server.request("/healthz").status == 200


def test_the_catalog_is_not_written(server, demo):
    before = demo.catalog.stat().st_mtime_ns
    server.json("/api/v1/titles")
    assert demo.catalog.stat().st_mtime_ns == before
    assert not list(demo.catalog.parent.glob("catalog.sqlite-*"))
