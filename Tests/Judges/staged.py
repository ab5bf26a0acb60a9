"""Packages as a packager stages them: files and the `package.json` that lists them."""

import hashlib
import json
import pathlib
import random

TYPES = {
    "m3u8": "application/vnd.apple.mpegurl", "mpd": "application/dash+xml", "m4s": "video/iso.segment", "mp4": "video/mp4",
    "jpg": "image/jpeg", "vtt": "text/vtt",
}


# Bytes; a packager lists the checksums of such stretches of a file that has two or more.
PIECE = 16 << 20


class Staged:
    def __init__(self, folder, title="night-train", version="0123456789abcdef"):
        self.folder, self.title, self.version = pathlib.Path(folder), title, version
        self.files = {}

    def add(self, path, content):
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self.files[path] = content
        return self

    def typical(self, segments, size, seed=1, rungs=("1080p", "360p")):
        """Segments of random bytes, playlists, pictures, as many as a title has."""
        chance = random.Random(seed)
        for rung in rungs:
            self.add(f"video/{rung}/init.mp4", chance.randbytes(800))
            for number in range(segments):
                self.add(f"video/{rung}/{number + 1:05}.m4s", chance.randbytes(chance.randrange(size // 2, size)))
            lines = "".join(f"#EXTINF:6.006,\n{number + 1:05}.m4s\n" for number in range(segments))
            self.add(f"video/{rung}/media.m3u8", f"#EXTM3U\n#EXT-X-VERSION:7\n{lines}#EXT-X-ENDLIST\n".encode())
        self.add("images/poster.jpg", chance.randbytes(5000))
        self.add("images/sprite.vtt", b"WEBVTT\n")
        self.add("index.m3u8", "".join(f"video/{rung}/media.m3u8\n" for rung in rungs).encode())
        self.add("manifest.mpd", b"<MPD>" + b"<S/>" * segments + b"</MPD>")
        return self

    def seal(self):
        files = [self._listed(path, content) for path, content in sorted(self.files.items())]
        document = {"format_version": 1, "id": self.title, "version": self.version, "files": files}
        (self.folder / "package.json").write_text(json.dumps(document, indent=2) + "\n")
        return self

    @staticmethod
    def _listed(path, content):
        digest = hashlib.sha256(content).hexdigest()
        file = {"path": path, "bytes": len(content), "sha256": digest, "content_type": TYPES[path.split(".")[-1]]}
        if len(content) >= 2 * PIECE:
            pieces = [content[start:start + PIECE] for start in range(0, len(content), PIECE)]
            file["pieces"] = {"bytes": PIECE, "sha256": [hashlib.sha256(piece).hexdigest() for piece in pieces]}
        return file

    @property
    def everything(self):
        """Path to bytes, `package.json` too."""
        return {**self.files, "package.json": (self.folder / "package.json").read_bytes()}

    def type_of(self, path):
        return "application/json" if path == "package.json" else TYPES[path.split(".")[-1]]
