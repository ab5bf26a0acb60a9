"""The programs under judgement, and the independent ones that judge them."""

import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# The build of `make test`; where there is none, that of `swift build`.
BUILD = next((path for path in (ROOT / ".build/testing/release", ROOT / ".build/debug") if path.exists()), ROOT / ".build/testing/release")
REELMILL = os.environ.get("REELMILL", str(BUILD / "reelmill"))
SERVER = os.environ.get("REELMILL_SERVER", str(BUILD / "reelmill-server"))
SAMPLES = os.environ.get("REELMILL_SAMPLES", str(BUILD / "reelmill-samples"))

# No judgement takes longer; one that does has hung.
PATIENCE = 600


def run(*command, timeout=PATIENCE, **options):
    """Runs a program to its end and returns it, whatever its exit status."""
    return subprocess.run(
        [str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, **options)


def demand(*command, **options):
    """Runs a program that must succeed; returns what it printed."""
    result = run(*command, **options)
    assert result.returncode == 0, f"{' '.join(map(str, command))} ended with {result.returncode}:\n{result.stderr}"
    return result.stdout


def reelmill(*arguments, **options):
    return run(REELMILL, *arguments, **options)


def ffmpeg(*arguments, **options):
    """Makes something with ffmpeg; it must succeed."""
    return demand("ffmpeg", "-nostdin", "-v", "error", "-y", *arguments, **options)


def ffprobe(path, *arguments):
    """What ffprobe says of a file, as JSON."""
    return json.loads(demand("ffprobe", "-v", "error", "-of", "json", *arguments, path))


def decode(path):
    """Decodes all of a file, playlist or MPD. Returns what ffmpeg complained of, and how many frames of the first picture it gave."""
    result = run(
        "ffmpeg", "-nostdin", "-v", "error", "-nostats", "-progress", "pipe:1", "-i", path, "-fps_mode", "passthrough", "-f", "null", "-")
    complaints = result.stderr.strip()
    if result.returncode and not complaints:
        complaints = f"ffmpeg ended with {result.returncode}"
    frames = [int(line[6:]) for line in result.stdout.splitlines() if line.startswith("frame=")]
    return complaints, frames[-1] if frames else 0
