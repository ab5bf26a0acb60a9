"""Builds the articles of Sources/reelmill/Documentation.docc as pages, into .build/documentation, with the toolchain's docc.

In the repository the articles link to each other's files, so that they can be read where they lie. DocC knows articles by their names
instead, and headings by other anchors than GitHub's; so a copy is built, in which the links are written as DocC wants them. A link that leads
out of the articles becomes plain text there. Warnings are errors.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
ARTICLES = ROOT / "Sources/reelmill/Documentation.docc"
HOME = "Documentation.md"
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


def anchors(text):
    """GitHub's anchor of each heading, and DocC's."""
    headings = [line.lstrip("#").strip().replace("`", "") for line in text.splitlines() if line.startswith("## ") or line.startswith("### ")]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"): re.sub(r"\s+", "-", heading) for heading in headings}


def rewritten(name, texts):
    """An article with DocC's links; code stays as it is."""

    def link(match):
        words, target = match.groups()
        path, _, anchor = target.partition("#")
        if re.match(r"https?://", target):
            return match.group(0)
        if path and path not in texts:
            return words
        article = path or name
        if anchor and anchor not in anchors(texts[article]):
            sys.exit(f"{name}: error: {target}: there is no such heading in {article}")
        fragment = f"#{anchors(texts[article])[anchor]}" if anchor else ""
        place = "Reelmill" if article == HOME else article.removesuffix(".md")
        return f"[{words}](doc:{place}{fragment})"

    pieces = re.split(r"(^```.*?^```$)", texts[name], flags=re.MULTILINE | re.DOTALL)
    text = "".join(piece if piece.startswith("```") else LINK.sub(link, piece) for piece in pieces)
    if name == HOME:
        title, rest = text.split("\n", 1)
        text = f"{title}\n\n@Metadata {{\n    @TechnologyRoot\n}}\n{rest}"
    return text


def main():
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".build/documentation"
    texts = {article.name: article.read_text() for article in sorted(ARTICLES.glob("*.md"))}
    shutil.rmtree(output, ignore_errors=True)
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        catalogue = pathlib.Path(folder) / ARTICLES.name
        catalogue.mkdir()
        for name in texts:
            place = "Reelmill.md" if name == HOME else name
            (catalogue / place).write_text(rewritten(name, texts))
        command = ["docc", "convert", catalogue, "--output-dir", output, "--warnings-as-errors"]
        command += ["--fallback-display-name", "Reelmill", "--fallback-bundle-identifier", "reelmill"]
        if (status := subprocess.run(command).returncode) != 0:
            sys.exit(status)
    print(f"{output}: to read it, start 'python3 -m http.server --directory {output}' and open http://127.0.0.1:8000/documentation/reelmill/")


if __name__ == "__main__":
    main()
