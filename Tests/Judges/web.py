"""`reelmill-server` on loopback, and requests to it."""

import http.client
import json
import socket
import subprocess
import tempfile
import time

import programs


class Server:
    """Runs the server on a free port for as long as the `with` block lasts."""

    def __init__(self, catalog, *options):
        self.catalog, self.options = catalog, options

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        # A pipe that nobody reads could stop it.
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [programs.SERVER, "--catalog", f"sqlite:{self.catalog}", "--host", "127.0.0.1", "--port", str(self.port), *self.options],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.await_answer()
        return self

    def __exit__(self, *reason):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("the server did not stop when it was told to")
        finally:
            self.log.close()

    def said(self):
        self.log.seek(0)
        return self.log.read()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def await_answer(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}: {self.said()}")
            try:
                if self.request("/healthz").status == 200:
                    return
            except OSError:
                time.sleep(0.05)
        self.process.kill()
        raise AssertionError("the server did not answer within 30 s")

    def request(self, path, method="GET", body=None, **headers):
        """One request; underscores in header names stand for hyphens. The answer has `status`, `headers`, `body`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body=body, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            answer.body = answer.read()
            return answer
        finally:
            connection.close()

    def json(self, path):
        answer = self.request(path)
        assert answer.status == 200, f"{path}: {answer.status} {answer.body[:200]}"
        return json.loads(answer.body)
