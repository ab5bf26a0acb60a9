"""`reelmill-server` on loopback, and requests to it."""

import http.client
import json
import os
import re
import subprocess
import tempfile

import programs
from runs import wait_until


class Server:
    """Runs the server on a free port for as long as the `with` block lasts."""

    def __init__(self, catalog, *options):
        self.catalog, self.options = catalog, options

    def __enter__(self):
        # A pipe that nobody reads could stop it.
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [programs.SERVER, "--catalog", f"sqlite:{self.catalog}", "--host", "127.0.0.1", "--port", "0", *self.options],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        try:
            self.port = self.await_port()
            self.await_answer()
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise
        return self

    def __exit__(self, *reason):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("the server did not stop when it was told to")
        finally:
            self.log.close()

    def said(self):
        # The server writes where this file stands: it must not be moved.
        return os.pread(self.log.fileno(), 1 << 20, 0).decode()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def await_port(self):
        """The one that the server says it listens on."""
        return int(wait_until(lambda: self.is_running() and re.search(r"http://127\.0\.0\.1:(\d+)/ serves ", self.said()))[1])

    def await_answer(self):
        wait_until(lambda: self.is_running() and self.answers())

    def is_running(self):
        assert self.process.poll() is None, f"the server ended with {self.process.returncode}: {self.said()}"
        return True

    def answers(self):
        try:
            return self.request("/healthz").status == 200
        except OSError:
            return False

    def request(self, path, method="GET", body=None, **headers):
        """One request; underscores in header names stand for hyphens. The answer has `status`, `headers`, `body`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
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
