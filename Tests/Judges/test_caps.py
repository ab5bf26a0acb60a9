"""A declared cap is kept, whatever the encoder thinks of it: SVT-AV1 goes over it where there is grain."""

import programs

CAP = 600
SECONDS = 2
PRESET = f"""\
version: 1
segment_seconds: {SECONDS}
gop_seconds: {SECONDS}
chunk_seconds: 10
video:
  codec: av1
  speed: 10
  crf: 30
  rungs:
    - {{ name: 180p, width: 320, height: 180, max_rate: {CAP}k, buffer_size: {CAP}k }}
audio: [{{ codec: aac, bit_rate: 96k }}]
images: none
"""


def rates(path):
    """Bits a second of each segment, by the packets that ffprobe finds."""
    bits = {}
    for packet in programs.ffprobe(path, "-select_streams", "v", "-show_entries", "packet=pts_time,size")["packets"]:
        number = int(float(packet["pts_time"]) / SECONDS + 0.001)
        bits[number] = bits.get(number, 0) + 8 * int(packet["size"])
    return [total / SECONDS for _, total in sorted(bits.items())]


def test_av1_keeps_a_cap_that_its_encoder_does_not_keep(batch):
    clip = batch.folder / "grain.mp4"
    programs.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=4,noise=alls=15:allf=t:all_seed=1", "-c:v", "libx264", "-preset", "ultrafast",
        "-crf", "10", "-pix_fmt", "yuv420p", clip)
    # What the encoder makes of it when it is asked once. Where that fits by now, this judge needs a dearer clip.
    asked = batch.folder / "asked.mp4"
    programs.ffmpeg(
        "-i", clip, "-c:v", "libsvtav1", "-preset", "10", "-crf", "30", "-g", 25 * SECONDS, "-maxrate", f"{CAP}k", "-bufsize", f"{CAP}k",
        "-svtav1-params", "lp=1:scd=0", asked)
    assert max(rates(asked)) > 1.2 * CAP * 1000
    batch.write("presets/grain.yaml", PRESET)
    batch.describe({"film": clip.name}, preset="grain").run()
    package = batch.package("film")
    rendition, = package.facts["renditions"]
    found = rates(package.folder / rendition["path"] / "media.m3u8")
    assert len(found) == 2 and max(found) <= 1.1 * CAP * 1000, found
    # It was made coarser, not spoilt: most of what it may have is used.
    assert max(found) > 0.5 * CAP * 1000, found
    assert rendition["max_rate"] == CAP * 1000
