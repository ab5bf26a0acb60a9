"""A batch of titles in a folder of its own: manifest, presets, sources, and what `reelmill run` makes of them."""

import contextlib
import dataclasses
import json
import pathlib
import sqlite3

import programs

# One small rung, quick to encode: for judgements that are not about ladders.
SMALL = """\
version: 1
description: One small rung, quick.
segment_seconds: 4
gop_seconds: 2
chunk_seconds: 10
video:
  codec: h264
  speed: ultrafast
  crf: 23
  rungs:
    - { name: 180p, width: 320, height: 180, max_rate: 1000k, buffer_size: 1000k }
audio:
  - { codec: aac, bit_rate: 96k }
images: none
"""


@dataclasses.dataclass
class Package:
    """A published version of a title."""

    folder: pathlib.Path
    facts: dict

    @property
    def playlists(self):
        return [self.folder / track["path"] / "media.m3u8" for track in self.facts["renditions"] + self.facts["audio"]]

    def segments(self, track):
        return [self.folder / track["path"] / f"{fact['number']:05d}.m4s" for fact in track["segments"]]


class Batch:
    def __init__(self, folder, manifest="manifest.yaml"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.manifest = self.folder / manifest
        self.store = self.folder / "store"
        self.catalog = self.folder / "catalog.sqlite"
        self.work = self.folder / "work"

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def describe(self, titles, preset="small", catalog="sqlite:./catalog.sqlite", publish="file:./store"):
        """Writes the manifest: `titles` maps an id to its source, or to all its keys. JSON is YAML."""
        entries = [
            {"id": name, **({"source": str(keys)} if isinstance(keys, (str, pathlib.Path)) else keys)} for name, keys in titles.items()]
        if preset == "small":
            self.write("presets/small.yaml", SMALL)
        self.write(self.manifest.name, json.dumps(
            {"version": 1, "catalog": catalog, "publish": publish, "defaults": {"preset": preset}, "titles": entries}, indent=2))
        return self

    def run(self, *options, status=0):
        """`reelmill run`; it must end with `status`, unless that is None."""
        result = programs.reelmill("run", self.manifest, "--work", self.work, *options)
        assert status is None or result.returncode == status, f"exit status {result.returncode}, not {status}:\n{result.stderr}"
        return result

    def status(self, exit_status):
        """What `reelmill status` says, with the exit status that it must end with."""
        result = programs.reelmill("status", "--work", self.work, "--json")
        assert result.returncode == exit_status, f"exit status {result.returncode}, not {exit_status}:\n{result.stderr}"
        return json.loads(result.stdout)

    def plan(self):
        output = programs.demand(programs.REELMILL, "plan", self.manifest, "--work", self.work, "--json")
        return {title["id"]: title for title in json.loads(output)["titles"]}

    def packages(self):
        """Every published package by its title; a title has one version here."""
        found = {}
        for path in sorted(self.store.glob("*/*/package.json")):
            found[path.parent.parent.name] = Package(path.parent, json.loads(path.read_text()))
        return found

    def package(self, title):
        return self.packages()[title]

    def query(self, sql, *values):
        """Rows of the catalog."""
        with contextlib.closing(sqlite3.connect(f"file:{self.catalog}?mode=ro", uri=True)) as db:
            return db.execute(sql, values).fetchall()

    def bytes_of_store(self):
        """Every published file with its content, by its path in the store; what the store keeps for itself is hidden."""
        files = (path for path in sorted(self.store.rglob("*")) if path.is_file() and not path.name.startswith("."))
        return {str(path.relative_to(self.store)): path.read_bytes() for path in files}
