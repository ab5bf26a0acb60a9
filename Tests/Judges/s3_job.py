"""Drives the store at a real server: the test bundle's `S3StoreJobTests` does what a JSON file says, in a process of its own."""

import json
import os
import pathlib
import subprocess
import tempfile
import time

import programs

BUNDLE = os.environ.get("REELMILL_TESTS", str(programs.BUILD / "reelmillPackageTests.xctest"))


class Job:
    """One call of the store, under way."""

    def __init__(self, server, action, **words):
        self.folder = tempfile.TemporaryDirectory(prefix="reelmill-job-")
        folder = pathlib.Path(self.folder.name)
        self.report = folder / "report.json"
        words["settings"] = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in words.get("settings", {}).items()}
        words = {"action": action, "endpoint": server.endpoint, "report": str(self.report), "prefix": "", **words}
        (folder / "job.json").write_text(json.dumps({key: str(value) if isinstance(value, pathlib.Path) else value for key, value in words.items()}))
        environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        self.process = subprocess.Popen(
            [BUNDLE, "--testing-library", "swift-testing", "--filter", "S3StoreJobTests"], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
            env={**environment, **server.environment, "REELMILL_S3_JOB": str(folder / "job.json")})

    def peak_memory(self):
        """Bytes that it ever held, looked at until it ends."""
        peak = 0
        while self.process.poll() is None:
            text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
            peak = max([peak] + [int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("VmHWM")])
            time.sleep(0.02)
        return peak

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def result(self, timeout=programs.PATIENCE):
        """What the job reported: facts, or `error` and `description`."""
        output, _ = self.process.communicate(timeout=timeout)
        assert self.report.exists(), f"the job ended without a report:\n{output}"
        return json.loads(self.report.read_text())


def run(server, action, **words):
    return Job(server, action, **words).result()


def publish(server, staged, **words):
    return run(server, "publish", staged=staged.folder, **words)
