"""The check that holds the rooms apart and the files small, held to its word: every rule is broken once, and it is noticed."""

import importlib.util
import pathlib

import programs


def module(name):
    spec = importlib.util.spec_from_file_location(name, programs.ROOT / ".ci" / f"{name}.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


walls = module("walls")
figures = module("figures")
MAP = """
## The map
| room | rooms that it imports | packages | what it is for |
|---|---|---|---|
| `MediaModel` | | | facts |
| `Transcoding` | `MediaModel`, `Libav` | `Crypto` | frames |
| `Packaging` | `MediaModel` | | titles |

## What an addition touches
| to add | counted on | files | which |
|---|---|---|---|
| a task | `ImagesTask` | 3 | its own, and two that name it |
| a rule | none yet | | |
"""
ARROWS = figures.arrows(MAP)


def target(*dependencies, kind="regular"):
    return {"type": kind, "dependencies": [{"byName": [name, None]} for name in dependencies]}


def targets(**others):
    return {name: target() for name in ARROWS} | others


def circle(*names):
    return {pathlib.Path(f"{name}.swift") for name in names}


def test_a_stage_that_depends_on_another_is_a_breach():
    found = list(walls.arrow_breaches(targets(Packaging=target("MediaModel", "Storage")), ARROWS))
    assert found == ["Package.swift: 'Packaging' must not depend on 'Storage'"]


def test_an_unknown_room_is_a_breach():
    assert list(walls.arrow_breaches(targets(Shortcuts=target()), ARROWS))


def test_a_room_of_the_map_that_is_no_target_is_a_breach():
    known = targets()
    del known["Packaging"]
    assert list(walls.arrow_breaches(known, ARROWS)) == ["Sources/README.md: the map has the room 'Packaging', which is no target"]


def test_an_import_past_the_door_is_a_breach():
    lines = ["import MediaModel", "package import CFFmpeg", "@preconcurrency import struct Yams.Node"]
    found = list(walls.import_breaches("Transcoding", lines, "here.swift", ARROWS))
    assert [breach.split(": ")[0] for breach in found] == ["here.swift:2", "here.swift:3"]


def test_the_floor_imports_nothing():
    assert list(walls.import_breaches("MediaModel", ["import Foundation"], "here.swift", ARROWS))


def test_an_arrow_that_nobody_follows_is_a_breach():
    imported = walls.imports(["package import MediaModel", "import Crypto"])
    found = list(walls.unused_breaches("Transcoding", imported, ARROWS))
    assert found == ["Sources/README.md: the map has an arrow from 'Transcoding' to 'Libav', which no file follows"]


def test_what_crashes_is_a_breach():
    found = list(walls.line_breaches(["let a = try! b()", "// try! is a word", "let c = d as! E", "// TODO"], "here.swift"))
    assert [breach.split(": ")[0] for breach in found] == ["here.swift:1", "here.swift:3", "here.swift:4"]


def test_a_long_comment_is_a_breach():
    lines = ["    /// " + "a" * 132, "    /// " + "a" * 133, 'let words = "' + "a" * 140 + '"']
    assert [breach.split(": ")[0] for breach in walls.comment_breaches(lines, "here.swift")] == ["here.swift:2"]


def test_a_long_file_is_a_breach():
    assert not list(walls.length_breaches({"a.swift": 300, "b.swift": 10, "c.swift": 10}, {}))
    assert list(walls.length_breaches({"a.swift": 301, "b.swift": 10, "c.swift": 10}, {}))
    assert not list(walls.length_breaches({"a.swift": 301, "b.swift": 10, "c.swift": 10}, {"a.swift": 301}))
    assert list(walls.length_breaches({"a.swift": 302, "b.swift": 10, "c.swift": 10}, {"a.swift": 301}))


def test_a_long_file_that_has_become_short_leaves_the_list():
    assert list(walls.length_breaches({"a.swift": 300, "b.swift": 10, "c.swift": 10}, {"a.swift": 301}))


def test_a_house_of_long_files_is_a_breach():
    assert list(walls.length_breaches({"a.swift": 80, "b.swift": 80, "c.swift": 10}, {}))


def test_a_circle_of_four_files_is_a_breach():
    three, four = circle("A", "B", "C"), circle("D", "E", "F", "G")
    assert not list(walls.circle_breaches({"Room": [three]}, {}))
    assert list(walls.circle_breaches({"Room": [three, four]}, {}))
    assert not list(walls.circle_breaches({"Room": [three, four]}, {"Room": [4]}))
    assert list(walls.circle_breaches({"Room": [four | circle("H")]}, {"Room": [4]}))
    assert list(walls.circle_breaches({"Room": [four, circle("H", "I", "J", "K")]}, {"Room": [4]}))


def test_a_circle_that_has_become_smaller_leaves_the_list():
    assert list(walls.circle_breaches({"Room": [circle("A", "B", "C")]}, {"Room": [4]}))
    assert list(walls.circle_breaches({"Room": [circle("A", "B", "C", "D")]}, {"Room": [5]}))


def test_circles_are_found_in_code_and_not_in_what_is_said_about_it():
    files = {
        "A": "package struct A { var b: B? }", "B": "final class B {\n    func c() -> [C] { [] }\n}",
        "C": "enum C {\n    // D\n    case d(text: String)\n    var a: String { \"\\(A()) is no D\" }\n}", "D": "struct D { let a: A }",
    }
    assert figures.circles(figures.uses(files)) == [{"A", "B", "C"}]


def test_a_count_that_is_not_what_is_there_is_a_breach():
    additions = figures.additions(MAP)
    assert additions == {"a task": ("ImagesTask", 3)}
    assert not list(walls.addition_breaches(additions, lambda example: 3))
    assert list(walls.addition_breaches(additions, lambda example: 4))
