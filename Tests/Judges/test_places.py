"""Where a title is made leaves no trace in it: the same in another checkout is the same package, and a store that holds it is content."""

import re
import shutil

import programs
from batch import SMALL, Batch
from runs import count_of_done


def describe(folder, clip, damaged, dub, poster, torn):
    """Titles that give warnings of every kind: outside audio, subtitles, artwork, damage."""
    batch = Batch(folder)
    for source, name in ((clip, "a clip.mp4"), (damaged, "damaged.ts"), (dub, "dubs/french.mka"), (poster, "art/poster of it.png"), (torn, "dubs/torn.m4a")):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(source, folder / name)
    subtitles = "1\n00:00:00,100 --> 00:00:01,000\nПривет\n\nмир\n\n2\n01:00:00,000 --> 01:00:01,000\nпоздно\n"
    (folder / "a b.srt").write_bytes(subtitles.encode("cp1251"))
    batch.write("presets/pictured.yaml", SMALL.replace("images: none\n", ""))
    batch.describe({
        "warned": {
            "source": "a clip.mp4", "audio": [{"track": 0}, {"file": "dubs/french.mka", "language": "fr"}],
            "artwork": "art/poster of it.png",
            "subtitles": [{"file": "a b.srt", "language": "ru"}]},
        "damaged": {
            "source": "damaged.ts", "damage": "accept", "audio": [{"track": 0}, {"file": "dubs/torn.m4a", "language": "fr"}]},
        "pictured": {"source": "a clip.mp4", "artwork": "art/poster of it.png", "preset": "pictured"},
    })
    return batch


def test_a_package_tells_no_place(tmp_path):
    clip, damaged, dub, poster, torn = (tmp_path / name for name in ("clip.mp4", "damaged.ts", "dub.mka", "poster.png", "torn.m4a"))
    inputs = ["-f", "lavfi", "-i", "testsrc=size=320x180:rate=25:duration=6", "-f", "lavfi", "-i", "sine=duration=6"]
    programs.ffmpeg(*inputs, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "25", "-c:a", "aac", clip)
    programs.ffmpeg(*inputs, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "25", "-c:a", "aac", damaged)
    # A hole of three seconds, of which the title warns.
    programs.ffmpeg("-f", "lavfi", "-i", "sine=duration=6", "-af", "aselect='not(between(t,1,4))'", "-c:a", "flac", dub)
    programs.ffmpeg("-f", "lavfi", "-i", "testsrc2=size=640x360", "-frames:v", "1", poster)
    programs.ffmpeg("-f", "lavfi", "-i", "anoisesrc=duration=6:seed=1", "-c:a", "aac", torn)
    for path in (damaged, torn):
        content = bytearray(path.read_bytes())
        for place in range(len(content) // 2, len(content) // 2 + 4000, 97):
            content[place] ^= 0x55
        path.write_bytes(content)
    one = describe(tmp_path / "one", clip, damaged, dub, poster, torn)
    two = describe(tmp_path / "two" / "deep er", clip, damaged, dub, poster, torn)
    one.run()
    two.run()
    packages = [batch.packages() for batch in (one, two)]
    for title in ("warned", "damaged", "pictured"):
        first, second = (found[title] for found in packages)
        assert first.facts["warnings"] or title == "pictured", title
        text = (first.folder / "package.json").read_text()
        assert text == (second.folder / "package.json").read_text()
        for trace in (str(tmp_path), "deep er", "a clip", "a b.srt", "french.mka", "damaged.ts", "torn", "poster of it"):
            assert trace not in text, f"{title}: {first.facts['warnings']}"
    warnings = " ".join(warning for found in packages[0].values() for warning in found.facts["warnings"])
    for part in ("outside file", "subtitle '", "artwork", r"stream 0: \d+ pictures? .* decoded", r"outside audio '[^']+': stream 0: \d+ packets .* decoded"):
        assert re.search(part, warnings), warnings
    # A checkout that has moved with its store and its catalog is up to date, and nothing is made again.
    moved = tmp_path / "moved" / "one"
    moved.parent.mkdir()
    (tmp_path / "one").rename(moved)
    batch = Batch(moved)
    content = batch.bytes_of_store()
    batch.run()
    assert batch.bytes_of_store() == content and count_of_done(batch) == 0
    moved.rename(tmp_path / "one")
    # A catalog that knows nothing, and a store that holds all of it.
    third = describe(tmp_path / "three", clip, damaged, dub, poster, torn)
    shutil.copytree(one.store, third.store)
    third.run()
    assert third.bytes_of_store() == one.bytes_of_store()
