"""The JSON Schemas that editors check by, and `validate`: two judges of one rule, held against each other over some hundreds of mutations."""

import copy
import json
import random
import re
from fractions import Fraction

import jsonschema
import pytest

import programs

MANIFEST = {
    "version": 1, "catalog": "sqlite:./catalog.sqlite",
    "publish": {
        "url": "s3://films/published", "endpoint": "https://s3.example.com", "region": "eu-central-1", "base_url": "https://cdn.example.com/f",
        "concurrency": 16, "part_size": 16, "addressing": "path", "storage_class": "STANDARD_IA", "checksum": "sha256", "gzip": True,
        "confirm": "head", "tags": {"a": "b"},
    },
    "sources": {"endpoint": "https://s3.example.com", "region": "eu-central-1", "addressing": "path"},
    "keep": 3, "keep_days": 30, "keep_work": 14, "work_size": "500G", "refresh": "libraries", "max_remakes": 20, "take_over": False,
    "notify": {"url": "https://ops.example.com/hook", "secret_env": "KEY"},
    "purge": {"method": "POST", "url": "https://api.example.com/purge", "headers": {"A": "b"}, "body": "{url}"},
    "defaults": {"preset": "h264-standard", "damage": "fail", "metadata": {"language": "en", "kind": "movie"}},
    "titles": [{
        "id": "one", "source": "masters/one.mov", "preset": "h264-fast", "trim": {"start": 2.5, "end": "00:01:32"},
        "tail": "hold", "program": 2, "telecine": "undo", "mixdown_gain": -3, "take_over": True,
        "crop": {"top": 138, "bottom": 138, "left": 0, "right": 2}, "damage": "accept",
        "metadata": {
            "name": "One", "kind": "episode", "year": 2024, "synopsis": "Text.", "genres": ["drama"],
            "people": [{"name": "A. Example", "role": "director"}], "maturity": 12, "language": "pt-BR",
            "series": {"id": "night", "name": "Night", "season": 1, "episode": 2},
        },
        "artwork": "https://files.example.com/one.jpg",
        "audio": [{"track": 0, "language": "en", "label": "English", "role": "main"}, {"file": "dubs/one.wav", "language": "fr"}],
        "subtitles": [{"file": "subs/one.srt", "language": "fr", "role": "captions", "encoding": "utf-8"}],
    }],
}
PRESET = {
    "version": 1, "description": "Two rungs.", "segment_seconds": 6, "gop_seconds": 2, "chunk_seconds": 30,
    "video": {
        "codec": "h264", "speed": "ultrafast", "profile": "high", "crf": 23,
        "rungs": [
            {"name": "a", "width": 640, "height": 360, "crf": 22.5, "max_rate": "2500k", "buffer_size": 2500000, "max_frame_rate": "29.97"},
            {"name": "b", "width": 320, "height": 180, "bit_rate": "200k", "max_rate": "400k", "buffer_size": "0.4M"},
        ],
    },
    "audio": [{"codec": "aac", "bit_rate": "128k"}],
}
VALUES = [
    True, False, None, "", " ", "x", "no", "true", 0, -1, 1, 3, 1.0, 1.5, 100, 1e9, 10**12, "0", "3", "007", "3.0", "1.5", "-1", "1e3", "100",
    "4500k", "7.8M", "1k", "999999M", "30000/1001", "1/0", "500", "00:00:01", "99:99:99", "0:00:01.5", [], {}, [1], {"a": 1},
    "English", "x.exe", "a.mp4", "s.ass", "http://h/f.mp4", "https://h/f.mp4", "https://u:p@h/f", "https://", "ftp://h/f", "s3://bucket/key",
    "s3://b", "s3://UP/key", "s3://bucket--use1-az4--x-s3/a", "file:./store", "file:", "file://host/x", "file:///x", "sqlite:a", "sqlite:",
    "postgres://h/d", "$HOME", "a b", "é", "-a", "A", "a" * 101, "a\nb", "4.1", "head", "h264", "main",
]
# Mutations of each kind of file; all of them, some thousands, agreed when this was written.
SAMPLE = 400
# What a schema cannot know: what else the file says, which presets, languages and encoders there are, what a template may hold.
BEYOND = [
    "there is no preset", "there is no file", "no registered", "is no (speed|profile|level|encoder) of", "needs 'codec", "the encoder",
    "must be a multiple of", "at least ten times", "is not after", "is used twice", "is called", "is only for s3", "leave", "exclude each other",
    "tags are letters", "is no name of a header", r"\$\{", "is for h264", "libx264", "bits? depth", "crf", "profile", "level", "stands in for",
    "would end at", "is also in", "whole number of GOPs", "shorter than", "above max_rate",
]


def leaves(node, path=()):
    """Paths of everything below a document."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield path + (key,)
            yield from leaves(value, path + (key,))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from leaves(value, path + (index,))


def changed(document, path, change):
    mutant = copy.deepcopy(document)
    node = mutant
    for key in path[:-1]:
        node = node[key]
    change(node, path[-1])
    return mutant


def mutants(document):
    """Name and document of each: a value replaced, a key left out, a key that nobody knows."""
    for path in leaves(document):
        name = ".".join(map(str, path))
        yield f"{name} left out", changed(document, path, lambda node, key: node.pop(key))
        if isinstance(path[-1], str):
            yield f"{name} misspelt", changed(document, path, lambda node, key: node.update({f"{key}x": node.pop(key)}))
        for value in VALUES:
            # No schema tells 1.0 from 1, but for a text they are two.
            if isinstance(value, float) and value.is_integer() and path[-1] in ("id", "region", "name"):
                continue
            yield f"{name} = {value!r}", changed(document, path, lambda node, key, value=value: node.__setitem__(key, value))


def disagreements(kind, mutants, folder):
    """Holds the schema and `validate` against each other over documents with names: where they differ, a line each."""
    judge = jsonschema.Draft202012Validator(json.loads(programs.demand(programs.REELMILL, "schema", kind)))
    names = {}
    for number, (name, mutant) in enumerate(mutants):
        # Each in a folder of its own: a catalog has one manifest for a title.
        path = folder / str(number) / "mutant.json"
        path.parent.mkdir()
        path.write_text(json.dumps(mutant))
        names[str(path)] = (name, not judge.is_valid(mutant))
    result = programs.reelmill("validate", "--no-files", "--json", *names)
    refused = {}
    for error in json.loads(result.stdout)["errors"]:
        refused.setdefault(error["file"], []).append(error["message"])
    known = re.compile("|".join(BEYOND))
    return [
        f"{name}: the schema {'refuses' if is_wrong else 'takes'} it, validate says {refused.get(path, 'nothing')}"
        for path, (name, is_wrong) in names.items() if is_wrong != (path in refused)
        and (is_wrong or not all(known.search(message) for message in refused[path]))]


@pytest.mark.parametrize(("kind", "document"), [("manifest", MANIFEST), ("preset", PRESET)])
def test_schema_and_validate_agree(kind, document, tmp_path):
    (tmp_path / "good.json").write_text(json.dumps(document))
    assert programs.reelmill("validate", "--no-files", tmp_path / "good.json").returncode == 0
    assert not disagreements(kind, random.Random(kind).sample(list(mutants(document)), SAMPLE), tmp_path)


def near(bound):
    """A number that is not negative, and its neighbours, with up to ten digits of a fraction and zeros that say nothing."""
    for places in (0, 3, 7, 8, 9, 10):
        for step in (-1, 0, 1):
            digits = str(max(0, int(bound * 10**places) + step)).rjust(places + 1, "0")
            text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
            yield from (text, f"0{text}", f"{text}00" if places else text)


@pytest.mark.parametrize(
    ("kind", "document", "path", "bounds"), [
        ("manifest", MANIFEST, ("work_size",), {unit: (Fraction(1 << 20, factor), Fraction(1 << 50, factor)) for unit, factor in (
            ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("T", 1 << 40))}),
        ("manifest", MANIFEST, ("titles", 0, "trim", "start"), {"": (Fraction(0), Fraction(9_999_999_999))}),
        ("manifest", MANIFEST, ("titles", 0, "trim", "end"), {"": (Fraction(90),), "00:01:": (Fraction(59), Fraction(60))}),
    ], ids=["work_size", "trim.start", "trim.end"])
def test_they_agree_near_the_bounds_of_a_number(kind, document, path, bounds, tmp_path):
    texts = {}
    for unit, places in bounds.items():
        for text in (text for place in places for text in near(place)):
            texts[f"{unit}{text}" if unit.endswith(":") else f"{text}{unit}"] = None
    mutants = [(text, changed(document, path, lambda node, key, text=text: node.__setitem__(key, text))) for text in texts]
    assert not disagreements(kind, mutants, tmp_path)
