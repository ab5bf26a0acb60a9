"""Where a title is made leaves no trace in it: the same in another checkout is the same package, and a store that holds it is content."""

import shutil

import programs
from batch import Batch


def describe(folder, clip, damaged, dub):
    """Titles that give warnings of every kind: outside audio, subtitles, damage."""
    batch = Batch(folder)
    for source, name in ((clip, "a clip.mp4"), (damaged, "damaged.ts"), (dub, "dubs/french.wav")):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(source, folder / name)
    subtitles = "1\n00:00:00,100 --> 00:00:01,000\nПривет\n\nмир\n\n2\n01:00:00,000 --> 01:00:01,000\nпоздно\n"
    (folder / "a b.srt").write_bytes(subtitles.encode("cp1251"))
    batch.describe({
        "warned": {
            "source": "a clip.mp4", "audio": [{"track": 0}, {"file": "dubs/french.wav", "language": "fr"}],
            "subtitles": [{"file": "a b.srt", "language": "ru"}]},
        "damaged": {"source": "damaged.ts", "damage": "accept"},
    })
    return batch


def test_a_package_tells_no_place(tmp_path):
    clip, damaged, dub = tmp_path / "clip.mp4", tmp_path / "damaged.ts", tmp_path / "dub.wav"
    inputs = ["-f", "lavfi", "-i", "testsrc=size=320x180:rate=25:duration=6", "-f", "lavfi", "-i", "sine=duration=6"]
    programs.ffmpeg(*inputs, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "25", "-c:a", "aac", clip)
    programs.ffmpeg(*inputs, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "25", "-c:a", "aac", damaged)
    programs.ffmpeg("-f", "lavfi", "-i", "sine=duration=2", dub)
    stream = bytearray(damaged.read_bytes())
    for place in range(len(stream) // 2, len(stream) // 2 + 4000, 97):
        stream[place] ^= 0x55
    damaged.write_bytes(stream)
    one = describe(tmp_path / "one", clip, damaged, dub)
    two = describe(tmp_path / "two" / "deep er", clip, damaged, dub)
    one.run()
    two.run()
    packages = [batch.packages() for batch in (one, two)]
    for title in ("warned", "damaged"):
        first, second = (found[title] for found in packages)
        assert first.facts["warnings"], title
        text = (first.folder / "package.json").read_text()
        assert text == (second.folder / "package.json").read_text()
        for trace in (str(tmp_path), "deep er", "a clip", "a b.srt", "french.wav", "damaged.ts"):
            assert trace not in text, f"{title}: {first.facts['warnings']}"
    # A catalog that knows nothing, and a store that holds all of it.
    third = describe(tmp_path / "three", clip, damaged, dub)
    shutil.copytree(one.store, third.store)
    third.run()
    assert third.bytes_of_store() == one.bytes_of_store()
