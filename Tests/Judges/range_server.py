"""An HTTP server for judgements: files with ranges and conditions, or without, and whims that real servers have."""

import hashlib
import http.server
import re
import threading


class File:
    def __init__(self, content, ranges=True, etag=True, gate=None, refuse=None):
        """`gate(start)`: called before a body is sent, with where it begins; it may wait. `refuse`: a status for everything."""
        self.content, self.ranges, self.marked, self.gate, self.refuse = content, ranges, etag, gate, refuse

    @property
    def etag(self):
        return f'"{hashlib.md5(self.content).hexdigest()}"' if self.marked else None


class RangeServer:
    """`with RangeServer() as server:`; `server.files` maps paths to files, `server.requests` lists (method, path, range, body, headers).

    `tls`: an SSL context of a certificate for localhost.
    """

    def __init__(self, tls=None):
        self.files, self.requests, self.lock = {}, [], threading.Lock()
        # What hooks are answered: a list of statuses, the last one for ever.
        self.hook_statuses = [200]
        # Called before a hook is answered; it may wait.
        self.hook_gate = lambda: None
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def handle(self):
                try:
                    super().handle()
                except ConnectionError:
                    pass

            def __getattr__(self, name):
                if name.startswith("do_"):
                    return lambda: outer._answer(self)
                raise AttributeError(name)

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

        self.listener = Server(("127.0.0.1", 0), Handler)
        if tls:
            self.listener.socket = tls.wrap_socket(self.listener.socket, server_side=True)
        port = self.listener.server_address[1]
        self.url = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"

    def __enter__(self):
        threading.Thread(target=self.listener.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown()
        self.listener.server_close()

    def asked(self, path, method="GET"):
        """The ranges that were asked for, in order; None for everything."""
        with self.lock:
            return [entry[2] for entry in self.requests if entry[0] == method and entry[1].split("?")[0] == path]

    def _answer(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        wanted = handler.headers.get("Range")
        with self.lock:
            self.requests.append((handler.command, handler.path, wanted, body, dict(handler.headers)))
            path = handler.path.split("?")[0]
            file = self.files.get(path)
        if path.startswith("/hook"):
            self.hook_gate()
            with self.lock:
                status = self.hook_statuses.pop(0) if len(self.hook_statuses) > 1 else self.hook_statuses[0]
            return self._send(handler, status, {}, b"")
        if file is None or file.refuse:
            return self._send(handler, file.refuse if file else 404, {}, b"no")
        content, etag = file.content, file.etag
        headers = {"ETag": etag} if etag else {}
        if file.ranges:
            headers["Accept-Ranges"] = "bytes"
        if "If-Match" in handler.headers and handler.headers["If-Match"] != etag:
            return self._send(handler, 412, {}, b"")
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", wanted or "")
        if handler.command != "GET" or not match or not file.ranges or handler.headers.get("If-Range", etag) != etag:
            if handler.command == "GET" and file.gate:
                file.gate(0)
            return self._send(handler, 200, headers, content)
        start, end = int(match[1]), min(int(match[2]), len(content) - 1)
        if file.gate:
            file.gate(start)
        headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
        self._send(handler, 206, headers, content[start:end + 1])

    @staticmethod
    def _send(handler, status, headers, body):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)
