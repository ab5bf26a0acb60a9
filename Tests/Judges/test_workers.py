"""The same manifest with one worker and with two: the same bytes, whatever fresh memory holds."""

import pytest

import programs
from batch import Batch

# Two rungs of x264 at a slower speed, chunks of 10 s, two sounds in two codecs, pictures: everything that could depend on who does it.
PRESET = """\
version: 1
segment_seconds: 4
gop_seconds: 2
chunk_seconds: 10
video:
  codec: h264
  speed: medium
  crf: 25
  rungs:
    - { name: 360p, width: 640, height: 360, max_rate: 800k, buffer_size: 800k }
    - { name: 180p, width: 320, height: 180, max_rate: 300k, buffer_size: 300k }
audio:
  - { codec: aac, bit_rate: 96k }
  - { codec: opus, bit_rate: 64k }
"""


# The other encoders, and two passes.
SMALL = """\
version: 1
segment_seconds: 4
gop_seconds: 2
chunk_seconds: 10
video:
  codec: {codec}
  speed: {speed}
  rungs:
    - {{ name: 360p, width: 640, height: 360, {rate}, max_rate: {cap}, buffer_size: {cap} }}
    - {{ name: 180p, width: 320, height: 180, {rate}, max_rate: {cap}, buffer_size: {cap} }}
audio:
  - {{ codec: aac, bit_rate: 96k }}
images: none
"""
PRESETS = {
    "h264": PRESET,
    "hevc": SMALL.format(codec="hevc", speed="veryfast", rate="crf: 28", cap="900k"),
    "av1": SMALL.format(codec="av1", speed=10, rate="crf: 45", cap="8M"),
    "h264 in two passes": SMALL.format(codec="h264", speed="veryfast", rate="bit_rate: 400k", cap="900k"),
    "hevc in two passes": SMALL.format(codec="hevc", speed="ultrafast", rate="bit_rate: 400k", cap="900k"),
}


@pytest.mark.parametrize("preset", PRESETS)
def test_workers_change_no_byte(preset, tmp_path, monkeypatch):
    clip = tmp_path / "clip.mp4"
    programs.ffmpeg(
        "-f", "lavfi", "-i", "mandelbrot=size=640x360:rate=30000/1001:end_scale=0.0003", "-f", "lavfi", "-i", "anoisesrc=color=pink:seed=1",
        "-t", "27", "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-pix_fmt", "yuv420p", "-c:a", "aac", clip)
    stores = []
    for workers, garbage in (("1", "85"), ("2", "170")):
        # The C library fills fresh memory with it. A codec that reads what it never wrote is caught at once, not by chance.
        monkeypatch.setenv("MALLOC_PERTURB_", garbage)
        batch = Batch(tmp_path / f"workers-{workers}")
        batch.write("presets/two.yaml", PRESETS[preset])
        batch.describe({"one": clip, "other": {"source": str(clip), "trim": {"start": 3.5, "end": 9}}}, preset="two")
        batch.run("--workers", workers)
        stores.append(batch.bytes_of_store())
    assert stores[0].keys() == stores[1].keys()
    different = [path for path in stores[0] if stores[0][path] != stores[1][path]]
    assert not different
    assert sum(path.endswith("package.json") for path in stores[0]) == 2
