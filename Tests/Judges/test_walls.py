"""The check that holds the rooms apart, held to its word: a new arrow is noticed."""

import importlib.util

import programs

spec = importlib.util.spec_from_file_location("walls", programs.ROOT / ".ci" / "walls.py")
walls = importlib.util.module_from_spec(spec)
spec.loader.exec_module(walls)


def target(*dependencies, kind="regular"):
    return {"type": kind, "dependencies": [{"byName": [name, None]} for name in dependencies]}


def test_a_stage_that_depends_on_another_is_a_breach():
    found = list(walls.arrow_breaches({"Packaging": target("MediaModel", "Storage")}))
    assert found == ["Package.swift: 'Packaging' must not depend on 'Storage'"]


def test_an_unknown_room_is_a_breach():
    assert list(walls.arrow_breaches({"Shortcuts": target()}))


def test_an_import_past_the_door_is_a_breach():
    lines = ["import MediaModel", "package import CFFmpeg", "@preconcurrency import struct Yams.Node"]
    found = list(walls.import_breaches("Transcoding", lines, "here.swift"))
    assert [breach.split(": ")[0] for breach in found] == ["here.swift:2", "here.swift:3"]


def test_the_floor_imports_nothing():
    assert list(walls.import_breaches("MediaModel", ["import Foundation"], "here.swift"))
