#!/usr/bin/env python3
"""The figures of the house: how long files are, which files of a room go round in circles, how many files an addition touches.

`python3 .ci/figures.py` prints them; walls.py holds them. Nothing is built: files are read as text.
"""

import pathlib
import re
import statistics
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ROOT / "Sources"
MAP = SOURCES / "README.md"

DECLARATION = re.compile(
    r"^(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:package|public|internal|final|indirect)\s+)*"
    r"(?:struct|enum|class|actor|protocol|typealias)\s+(\w+)", re.M)
TEXT = re.compile(r'"(?:\\\((?:[^()"]|\([^()]*\))*\)|\\.|[^"\\\n])*"')
LONG_TEXT = re.compile(r'"""(.*?)"""', re.S)
FILLED_IN = re.compile(r"\\\(((?:[^()]|\([^()]*\))*)\)")


def code(text):
    """Swift without comments and texts; what a text fills in stays."""
    filled = lambda match: " ".join(FILLED_IN.findall(match[0]))
    text = TEXT.sub(filled, LONG_TEXT.sub(filled, text))
    return "\n".join(line.split("//")[0] for line in text.splitlines())


def swift_files(folder):
    return sorted(folder.rglob("*.swift"))


def line_count(path):
    return len(path.read_text().splitlines())


def names(text):
    return set(re.findall(r"(?<![.\w])[A-Za-z_]\w*", text))


def uses(files):
    """Which of these files names a type that another declares at its top level. `files` are texts by path."""
    codes = {path: code(text) for path, text in files.items()}
    declared = {}
    for path, text in codes.items():
        for name in DECLARATION.findall(text):
            declared.setdefault(name, path)
    return {
        path: {declared[name] for name in names(text) & declared.keys() if declared[name] != path} for path, text in codes.items()}


def circles(graph):
    """The sets of files that all lead to each other (strongly connected, Tarjan), of two files and more."""
    index, low, waiting, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        waiting.append(node)
        for other in sorted(graph[node]):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in waiting:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            circle = set()
            while node not in circle:
                circle.add(waiting.pop())
            if len(circle) > 1:
                found.append(circle)

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def room_circles(room):
    return circles(uses({path: path.read_text() for path in swift_files(room)}))


def table(text, heading):
    """The rows of the table below a heading of the map, as lists of cells."""
    part = re.split(r"^## ", text, flags=re.M)
    section = next((section for section in part if section.startswith(heading + "\n")), "")
    rows = [line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def quoted(cell):
    return re.findall(r"`([^`]+)`", cell)


def arrows(text):
    """Room: the rooms, then the products of other packages, that it may depend on."""
    return {quoted(row[0])[0]: (set(quoted(row[1])), set(quoted(row[2]))) for row in table(text, "The map")}


def additions(text):
    """What may be added: the example that it is counted on, and how many files the map says that name it."""
    return {row[0]: (quoted(row[1])[0], int(row[2])) for row in table(text, "What an addition touches") if quoted(row[1])}


def files_that_name(name):
    return [path for path in swift_files(SOURCES) if re.search(rf"\b{re.escape(name)}\b", code(path.read_text()))]


def main():
    lengths = {path: line_count(path) for path in swift_files(SOURCES)}
    print(f"{'room':20}{'files':>6}{'median':>8}{'longest':>9}  circles of more than three files")
    for room in sorted(path for path in SOURCES.iterdir() if path.is_dir()):
        counts = [lengths[path] for path in swift_files(room)]
        large = [", ".join(sorted(path.stem for path in circle)) for circle in room_circles(room) if len(circle) > 3]
        if counts:
            print(f"{room.name:20}{len(counts):6}{statistics.median(counts):8.0f}{max(counts):9}  {'; '.join(large)}")
    print(f"{'all':20}{len(lengths):6}{statistics.median(lengths.values()):8.0f}{max(lengths.values()):9}")
    for what, (example, _) in additions(MAP.read_text()).items():
        files = files_that_name(example)
        print(f"{what}: {len(files)} files name {example}: {', '.join(str(path.relative_to(SOURCES)) for path in files)}")


if __name__ == "__main__":
    sys.exit(main())
