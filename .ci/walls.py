#!/usr/bin/env python3
"""Holds the house together: which room may depend on which, and the rules that no compiler knows.

Reads `swift package dump-package` and the sources; prints every breach, one line each, and ends with 1 if there is any.
A new arrow between rooms is a decision: it is made by changing ARROWS here, together with DESIGN or the README.
"""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ROOT / "Sources"
LONGEST_FILE = 350
LONGEST_README = 15

# Room: the rooms, then the products of other packages, that it may depend on.
ARROWS = {
    # Doors, bindings, floor.
    "CFFmpeg": (set(), set()),
    "CCurl": (set(), set()),
    "Libav": ({"CFFmpeg", "MediaModel"}, set()),
    "Curl": ({"CCurl"}, set()),
    "MediaModel": (set(), set()),
    "Notation": (set(), set()),
    "FileSystem": ({"MediaModel", "Notation"}, {"Crypto"}),
    # Formats and the client: they know no plan, no source and no package.
    "Formats": ({"MediaModel"}, set()),
    "S3": ({"MediaModel", "Notation", "FileSystem", "Curl"}, {"Crypto"}),
    # Stages: none imports another.
    "Planning": ({"MediaModel"}, {"Yams", "Crypto"}),
    "Transcoding": ({"MediaModel", "Libav"}, {"Crypto"}),
    "Packaging": ({"MediaModel", "Formats"}, {"Crypto"}),
    "Storage": ({"MediaModel", "Notation", "FileSystem", "S3", "Curl"}, {"Crypto"}),
    "Fetching": ({"MediaModel", "Notation", "FileSystem", "S3", "Curl"}, {"Crypto"}),
    "Cataloging": ({"MediaModel"}, {"GRDB"}),
    # Engine: knows tasks, and nothing of media.
    "Engine": (set(), {"Crypto", "GRDB"}),
    # Page.
    "Pipeline": (
        {"MediaModel", "Notation", "Formats", "S3", "Curl", "Planning", "Transcoding", "Packaging", "Storage", "Fetching", "Cataloging",
            "Engine"},
        {"Crypto", "GRDB"}),
    # Apps.
    "Serving": ({"MediaModel", "Cataloging"}, {"Hummingbird", "Logging"}),
    "reelmill": ({"Pipeline", "MediaModel"}, {"ArgumentParser"}),
    "reelmill-server": ({"Serving"}, {"ArgumentParser"}),
    "reelmill-samples": ({"Libav", "MediaModel"}, set()),
    # Beside.
    "reelmill-upload": ({"MediaModel", "Packaging", "Storage"}, set()),
    "TestSupport": ({"MediaModel", "Formats"}, {"Crypto"}),
}

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


def arrow_breaches(targets):
    for name, target in targets.items():
        if target["type"] == "test":
            continue
        if name not in ARROWS:
            yield f"Package.swift: the target '{name}' is not among the rooms in .ci/walls.py"
            continue
        rooms, products = ARROWS[name]
        for dependency in dependencies(target):
            if dependency not in rooms | products:
                yield f"Package.swift: '{name}' must not depend on '{dependency}'"


def reachable(name, targets):
    found = set()
    waiting = [name]
    while waiting:
        for dependency in dependencies(targets[waiting.pop()]):
            if dependency in targets and dependency not in found:
                found.add(dependency)
                waiting.append(dependency)
    return found


def import_breaches(room, lines, place):
    rooms, products = ARROWS[room]
    allowed = rooms | products | (set() if room in BARE else SYSTEM)
    for product in products:
        allowed |= BROUGHT.get(product, set())
    for number, line in enumerate(lines, 1):
        match = IMPORT.match(line)
        if match and match[1] not in allowed:
            yield f"{place}:{number}: '{room}' must not import '{match[1]}'"


def source_breaches():
    for path in sorted(SOURCES.rglob("*.swift")):
        room, place = path.relative_to(SOURCES).parts[0], path.relative_to(ROOT)
        lines = path.read_text().splitlines()
        if room in ARROWS:
            yield from import_breaches(room, lines, place)
        if len(lines) > LONGEST_FILE:
            yield f"{place}: {len(lines)} lines; split it, {LONGEST_FILE} are the most"
        for number, line in enumerate(lines, 1):
            code = line.split("//")[0]
            for pattern, why in FORBIDDEN.items():
                if re.search(pattern, line if "TODO" in pattern else code):
                    yield f"{place}:{number}: {why}"


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
    breaches = [*arrow_breaches(targets), *source_breaches(), *readme_breaches()]
    if "CFFmpeg" in reachable("reelmill-server", targets):
        breaches.append("Package.swift: reelmill-server must link no FFmpeg")
    for breach in breaches:
        print(f"error: {breach}", file=sys.stderr)
    print(f"walls: {len(targets)} targets, {len(breaches)} breaches", file=sys.stderr)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
