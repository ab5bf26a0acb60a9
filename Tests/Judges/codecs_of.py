"""The RFC 6381 string that a stream should be declared with, by what ffprobe sees of it. A regular expression where ffprobe sees less."""

H264_PROFILES = {"Constrained Baseline": "42[4c-f]0", "Baseline": "42..", "Main": "4d..", "High": "64..", "High 10": "6e.."}
AV1_PROFILES = {"Main": 0, "High": 1, "Professional": 2}


def expected(stream):
    name, profile, level = stream["codec_name"], stream.get("profile"), stream.get("level")
    if name == "h264":
        return f"avc1\\.{H264_PROFILES[profile]}{level:02x}"
    if name == "hevc":
        number = {"Main": 1, "Main 10": 2}[profile]
        return rf"hvc1\.{number}\.[0-9A-F]+\.[LH]{level}(\.[0-9A-F]+)*"
    if name == "av1":
        depth = "10" if "10" in stream["pix_fmt"] else "08"
        return rf"av01\.{AV1_PROFILES[profile]}\.{level:02d}[MH]\.{depth}.*"
    if name == "aac":
        return r"mp4a\.40\.2"
    if name == "opus":
        return "[Oo]pus"
    raise AssertionError(f"a stream of {name}")
