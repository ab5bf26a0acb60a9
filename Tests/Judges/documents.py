"""The README and the articles of the reference, read as a stranger reads them: code, tables, links."""

import dataclasses
import functools
import pathlib
import re

import programs

README = programs.ROOT / "README.md"
ARTICLES = programs.ROOT / "Sources/reelmill/Documentation.docc"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclasses.dataclass
class Page:
    path: pathlib.Path

    @functools.cached_property
    def text(self):
        return self.path.read_text()

    @property
    def name(self):
        return str(self.path.relative_to(programs.ROOT))

    @property
    def prose(self):
        return BLOCK.sub("", self.text)

    @property
    def blocks(self):
        """The code blocks: language and text."""
        return BLOCK.findall(self.text)

    @property
    def spans(self):
        """Code within lines."""
        return [span.replace("\\|", "|") for span in re.findall(r"`([^`]+)`", self.prose)]

    @property
    def links(self):
        return [target for _, target in re.findall(r"\[([^\]]+)\]\(([^)\s]+)\)", self.prose)]

    @property
    def anchors(self):
        """The headings, as GitHub makes anchors of them."""
        headings = [re.sub(r"[`*]", "", line.lstrip("#").strip()) for line in self.prose.splitlines() if re.match(r"#+ ", line)]
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

    @property
    def sections(self):
        """The text below each heading of the second order."""
        parts = re.split(r"^## (.+)$", self.prose, flags=re.MULTILINE)
        return dict(zip(parts[1::2], parts[2::2]))

    def table(self, section):
        """The rows of a section's tables, without their heads; cells as they are written."""
        rows = []
        for row in self.sections[section].splitlines():
            if row.startswith("|"):
                cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
                if set("".join(cells)) <= set("-: "):
                    rows.pop()
                else:
                    rows.append(cells)
        return rows


def article(name):
    return Page(ARTICLES / f"{name}.md")


def reference():
    """What holds for users: the README and the articles."""
    return [Page(README)] + [Page(path) for path in sorted(ARTICLES.glob("*.md"))]


def pages():
    """Every Markdown file of the repository."""
    folders = [programs.ROOT / name for name in ("Sources", "Tests", "samples", "presets")]
    found = sorted(programs.ROOT.glob("*.md")) + [path for folder in folders for path in sorted(folder.rglob("*.md"))]
    return [Page(path) for path in found]


def names(cell):
    """The code of a table's cell."""
    return re.findall(r"`([^`]+)`", cell)
