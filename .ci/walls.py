#!/usr/bin/env python3
"""Holds the house together: which room may depend on which, and the rules that no compiler knows.

Reads `swift package dump-package` and the sources; prints every breach, one line each, and ends with 1 if there is any.
The arrows between rooms are those of the map in Sources/README.md, exactly: a new one is a decision, made by changing the map, and one
that nobody uses any more goes from it.
"""

import json
import pathlib
import re
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import figures

ROOT = figures.ROOT
SOURCES = figures.SOURCES
LONGEST_FILE = 300
LONGEST_README = 15
LONGEST_COMMENT = 140
# Lines of the file in the middle: half of all files are shorter.
LARGEST_MEDIAN = 80
LARGEST_CIRCLE = 3

# What is larger than allowed, and is not to grow: files with the most lines that they may have, and of each room its circles' sizes.
# An entry that is larger than what is there must be made smaller, so that what was mended stays mended.
KNOWN_LONG_FILES = {}
KNOWN_CIRCLES = {"Curl": [4], "Pipeline": [13, 5], "Planning": [4], "S3": [5], "Storage": [5]}

# Rooms that do not lie in Sources.
ELSEWHERE = {"reelmill-upload": "Tests/Bench/Upload", "TestSupport": "Tests/TestSupport"}

# Modules that come with the toolchain, and those that a product brings along and whose members need an import of their own.
SYSTEM = {"Foundation", "Glibc", "Synchronization", "Dispatch"}
BROUGHT = {
    "Hummingbird": {
        "HTTPTypes", "NIOCore", "NIOFoundationCompat", "NIOHTTP1", "NIOHTTPTypes", "NIOHTTPTypesHTTP1", "NIOPosix", "HummingbirdCore",
        "ServiceLifecycle"}}
BARE = {"MediaModel", "Notation"}

FORBIDDEN = {
    r"\btry!": "try! crashes where an error could be told",
    r"\bas!": "as! crashes where an error could be told",
    r"\bfatalError\(": "fatalError crashes where an error could be told",
    r"@unchecked Sendable": "@unchecked Sendable is a promise that nobody checks",
    r"\bTODO\b": "TODO: do it, or open an issue",
}
IMPORT = re.compile(r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)")


def dependencies(target):
    for dependency in target["dependencies"]:
        for kind in ("byName", "target", "product"):
            if kind in dependency:
                yield dependency[kind][0]


def arrow_breaches(targets, arrows):
    for name, target in targets.items():
        if target["type"] == "test":
            continue
        if name not in arrows:
            yield f"Package.swift: the target '{name}' is not on the map in Sources/README.md"
            continue
        rooms, products = arrows[name]
        for dependency in dependencies(target):
            if dependency not in rooms | products:
                yield f"Package.swift: '{name}' must not depend on '{dependency}'"
    for name in arrows.keys() - targets.keys():
        yield f"Sources/README.md: the map has the room '{name}', which is no target"


def imports(lines):
    return {match[1] for match in map(IMPORT.match, lines) if match}


def unused_breaches(room, imported, arrows):
    """An arrow of the map that no file of the room follows."""
    rooms, products = arrows[room]
    for name in sorted(rooms | products):
        if not ({name} | BROUGHT.get(name, set())) & imported:
            yield f"Sources/README.md: the map has an arrow from '{room}' to '{name}', which no file follows"


def reachable(name, targets):
    found = set()
    waiting = [name]
    while waiting:
        for dependency in dependencies(targets[waiting.pop()]):
            if dependency in targets and dependency not in found:
                found.add(dependency)
                waiting.append(dependency)
    return found


def import_breaches(room, lines, place, arrows):
    rooms, products = arrows[room]
    allowed = rooms | products | (set() if room in BARE else SYSTEM)
    for product in products:
        allowed |= BROUGHT.get(product, set())
    for number, line in enumerate(lines, 1):
        match = IMPORT.match(line)
        if match and match[1] not in allowed:
            yield f"{place}:{number}: '{room}' must not import '{match[1]}'"


def line_breaches(lines, place):
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        for pattern, why in FORBIDDEN.items():
            if re.search(pattern, line if "TODO" in pattern else code):
                yield f"{place}:{number}: {why}"


def comment_breaches(lines, place):
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_COMMENT and line.lstrip().startswith("//"):
            yield f"{place}:{number}: a comment of {len(line)} columns; {LONGEST_COMMENT} are the most"


def source_breaches(arrows):
    for room in arrows:
        imported = set()
        for path in figures.swift_files(ROOT / ELSEWHERE.get(room, f"Sources/{room}")):
            lines = path.read_text().splitlines()
            imported |= imports(lines)
            yield from import_breaches(room, lines, path.relative_to(ROOT), arrows)
            yield from comment_breaches(lines, path.relative_to(ROOT))
            if room not in ELSEWHERE:
                yield from line_breaches(lines, path.relative_to(ROOT))
        yield from unused_breaches(room, imported, arrows)


def length_breaches(lengths, known):
    """`lengths`: lines by the file's place in the repository."""
    for place, count in lengths.items():
        if count > known.get(place, LONGEST_FILE):
            yield f"{place}: {count} lines; split it, {LONGEST_FILE} are the most"
    for place in known:
        if lengths.get(place, 0) <= LONGEST_FILE:
            yield f"{place}: is no long file any more; take it from the list in .ci/walls.py"
    median = statistics.median(lengths.values())
    if median >= LARGEST_MEDIAN:
        yield f"Sources: half of all files have {median:.0f} lines or more; fewer than {LARGEST_MEDIAN} are asked"


def circle_breaches(circles, known):
    """`circles`: of each room the sets of files that name each other's types all round. `known`: of each room the sizes, largest first."""
    for room, found in circles.items():
        large = sorted((circle for circle in found if len(circle) > LARGEST_CIRCLE), key=len, reverse=True)
        allowed = known.get(room, [])
        for number, circle in enumerate(large):
            if number >= len(allowed) or len(circle) > allowed[number]:
                files = ", ".join(sorted(path.stem for path in circle))
                yield f"Sources/{room}: {len(circle)} files name each other's types all round, {LARGEST_CIRCLE} are the most: {files}"
        if [len(circle) for circle in large] < allowed:
            yield f"Sources/{room}: its circles have become smaller; write {[len(circle) for circle in large]} into .ci/walls.py"


def addition_breaches(additions, count):
    for what, (example, number) in additions.items():
        if (found := count(example)) != number:
            yield f"Sources/README.md: {found} files name '{example}' ({what}), the table says {number}"


def readme_breaches():
    for folder in sorted(path for path in SOURCES.iterdir() if path.is_dir()):
        readme = folder / "README.md"
        if not readme.exists():
            yield f"Sources/{folder.name}: has no README.md"
        elif len(readme.read_text().splitlines()) > LONGEST_README:
            yield f"Sources/{folder.name}/README.md: more than {LONGEST_README} lines"


def main():
    dump = subprocess.run(["swift", "package", "dump-package"], cwd=ROOT, capture_output=True, text=True)
    if dump.returncode:
        sys.exit(dump.stderr)
    targets = {target["name"]: target for target in json.loads(dump.stdout)["targets"]}
    text = figures.MAP.read_text()
    arrows = figures.arrows(text)
    lengths = {str(path.relative_to(ROOT)): figures.line_count(path) for path in figures.swift_files(SOURCES)}
    circles = {path.name: figures.room_circles(path) for path in sorted(SOURCES.iterdir()) if path.is_dir()}
    breaches = [
        *arrow_breaches(targets, arrows), *source_breaches(arrows), *readme_breaches(),
        *length_breaches(lengths, KNOWN_LONG_FILES), *circle_breaches(circles, KNOWN_CIRCLES),
        *addition_breaches(figures.additions(text), lambda example: len(figures.files_that_name(example)))]
    if "CFFmpeg" in reachable("reelmill-server", targets):
        breaches.append("Package.swift: reelmill-server must link no FFmpeg")
    for breach in breaches:
        print(f"error: {breach}", file=sys.stderr)
    largest = max((len(circle) for found in circles.values() for circle in found), default=0)
    print(
        f"walls: {len(targets)} targets, {len(lengths)} files, {statistics.median(lengths.values()):.0f} lines in the middle, "
        f"{max(lengths.values())} at the most, {largest} files in the largest circle, {len(breaches)} breaches", file=sys.stderr)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
