"""Upgrades beneath a published store: other libraries, another text of a built-in preset, another format of the engine, an older catalog."""

import contextlib
import json
import os
import pathlib
import sqlite3

import programs
from batch import SMALL
from runs import rows_of_journal

SCHEMA_FIVE = pathlib.Path(__file__).with_name("schema_five.sql")


class Nights:
    """Runs of one batch, each with what an upgrade has changed by then."""

    def __init__(self, batch, is_new=True):
        self.batch = batch
        self.presets = batch.folder / "built-in"
        if is_new:
            self.presets.mkdir(parents=True)
            self.say()

    def say(self, crf=23):
        """What the built-in preset h264-fast says from now on."""
        (self.presets / "h264-fast.yaml").write_text(SMALL.replace("crf: 23", f"crf: {crf}"))

    def _environment(self, upgrade):
        words = [f"presets:{self.presets}", *upgrade]
        return {**os.environ, "REELMILL_TEST_UPGRADE": ",".join(words)}

    def run(self, *options, upgrade=(), status=0):
        events = self.batch.folder / "events.ndjson"
        result = programs.run(
            programs.REELMILL, "run", self.batch.manifest, "--work", self.batch.work, "--events", events, *options,
            env=self._environment(upgrade))
        assert result.returncode == status, f"exit status {result.returncode}, not {status}:\n{result.stderr}"
        self.said = result.stderr
        self.events = [json.loads(line) for line in events.read_text().splitlines()] if events.exists() else []
        return result

    def plan(self, upgrade=()):
        output = programs.demand(
            programs.REELMILL, "plan", self.batch.manifest, "--work", self.batch.work, "--json", env=self._environment(upgrade))
        self.notes = json.loads(output)["notes"]
        return {title["id"]: title for title in json.loads(output)["titles"]}

    def plan_fails(self):
        result = programs.run(
            programs.REELMILL, "plan", self.batch.manifest, "--work", self.batch.work, env=self._environment(()))
        return result.returncode == 1 and "is missing" in result.stdout

    def status(self):
        return json.loads(programs.demand(programs.REELMILL, "status", "--work", self.batch.work, "--json"))

    @property
    def states(self):
        """What became of each title in the last run."""
        return dict(rows_of_journal(self.batch, "SELECT title, state FROM titles WHERE run = (SELECT max(id) FROM runs)"))

    @property
    def made(self):
        """Titles for which a worker made anything in the last run."""
        rows = rows_of_journal(
            self.batch, "SELECT DISTINCT title FROM tasks WHERE kind <> 'probe' AND run = (SELECT max(id) FROM runs) ORDER BY title")
        return [title for title, in rows]

    @property
    def current(self):
        return dict(self.batch.query("SELECT id, current_version FROM titles"))


def make_older(batch):
    """Leaves the catalog as a program of schema five left it, which kept no note of what was asked."""
    old = batch.catalog.with_suffix(".five")
    with contextlib.closing(sqlite3.connect(old)) as db:
        db.executescript(SCHEMA_FIVE.read_text())
        db.execute("ATTACH ? AS new", (str(batch.catalog),))
        tables = [name for name, in db.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        for table in tables:
            columns = ", ".join(row[1] for row in db.execute(f"PRAGMA main.table_info({table})"))
            db.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
        db.execute("DELETE FROM main.schema_version WHERE version > 5")
        db.commit()
    old.replace(batch.catalog)
