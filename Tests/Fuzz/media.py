"""Makes the file that a case describes, with the ffmpeg program."""

import math
import pathlib
import sys
from fractions import Fraction

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Judges"))

import programs  # noqa: E402
from case import LENGTH, flash_frames  # noqa: E402

PICTURES = {
    "h264": ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", "25", "-crf", "20"],
    "h264-b": ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "3", "-x264-params", "b-pyramid=normal:b-adapt=0", "-g", "25", "-crf", "20"],
    "hevc": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=25", "-tag:v", "hvc1"],
    "mpeg4": ["-c:v", "mpeg4", "-q:v", "3", "-g", "12"],
    "mpeg4-b": ["-c:v", "mpeg4", "-q:v", "3", "-g", "12", "-bf", "2"],
    "mpeg2": ["-c:v", "mpeg2video", "-q:v", "3", "-g", "12", "-bf", "2"],
    "mjpeg": ["-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p"],
    "flv1": ["-c:v", "flv", "-q:v", "3", "-g", "12"],
    "vp8": ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "300k", "-g", "50"],
}
SOUNDS = {
    "aac": ["-c:a", "aac"], "pcm": ["-c:a", "pcm_s16le"], "opus": ["-c:a", "libopus"], "mp3": ["-c:a", "libmp3lame"],
    "mp2": ["-c:a", "mp2"], "ac3": ["-c:a", "ac3"], "vorbis": ["-c:a", "libvorbis"],
}


def make(case, folder):
    """The file of a case; parts are joined byte by byte."""
    path = folder / f"{case.seed}.{case.container}"
    if len(case.parts) == 1:
        return make_part(case, case.parts[0], path)
    whole = b"".join(
        make_part(case, part, folder / f"{case.seed}-{number}.{case.container}").read_bytes() for number, part in enumerate(case.parts))
    path.write_bytes(whole)
    return path


def make_part(case, part, path):
    rate = Fraction(case.rate)
    # What comes later is made shorter, and its input is moved: ffmpeg takes a hole at the start of what filters give away.
    late = late_frames(part, rate)
    picture = [f"color=black:size=64x48:rate={case.rate},trim=end_frame={part.frames - part.held - late}"]
    if part.marks:
        bright = "+".join(f"between(n,{mark - late},{mark - late + flash_frames(case.rate) - 1})" for mark in part.marks)
        picture.append(f"drawbox=color=white:t=fill:enable='{bright}'")
    if part.jitter:
        picture.append("settb=1/60000")
        picture.append(f"setpts='round(60000*{rate.denominator}/{rate.numerator}*({jittered('N', part, case.seed)}))'")
    if part.dropped:
        gone = "+".join(f"between(n,{first},{last})" for first, last in runs(part.dropped))
        picture.append(f"select='not({gone})'")
    seconds = float(part.frames / rate) - part.late_sound
    starts = [time - part.late_sound for time in beep_times(case, part)]
    beeps = "+".join(f"between(t,{start:.6f},{start + LENGTH:.6f})" for start in starts) or "0"
    sound = [f"aevalsrc='if({beeps},0.8*sin(2*PI*1000*t),0)':sample_rate={44100 if case.container == 'flv' else 48000}:duration={seconds:.6f}"]
    if part.silence[1]:
        sound.append(f"aselect='not(between(t,{part.silence[0]:.6f},{part.silence[1]:.6f}))'")
    options = ["-fps_mode", "passthrough"] if case.container not in ("avi", "mpg") or part.dropped else []
    if part.jitter:
        options += ["-enc_time_base", "1/60000"]
    if case.container in ("ts", "mpg"):
        options += ["-muxdelay", "0", "-muxpreload", "0"]
    if case.bend in ("offset clock", "early clock", "restart", "jump"):
        options += ["-output_ts_offset", f"{part.clock:.6f}"]
    if part.clock < 0:
        options += ["-avoid_negative_ts", "disabled"]
    if case.container == "avi" and not part.dropped:
        options += ["-fps_mode", "cfr"]
    whole = path
    if case.bend in ("cut copy", "no times"):
        whole = path.with_name(f"{path.stem}-whole.mp4" if case.bend == "no times" else f"{path.stem}-whole{path.suffix}")
    pixels = [] if case.picture == "mjpeg" else ["-pix_fmt", "yuv420p"]
    carried = SOUNDS["aac" if whole.suffix == ".mp4" else case.sound]
    programs.ffmpeg(
        "-itsoffset", f"{float(late / rate):.6f}", "-f", "lavfi", "-i", ",".join(picture),
        "-itsoffset", f"{part.late_sound:.6f}", "-f", "lavfi", "-i", ",".join(sound), *pixels, *PICTURES[case.picture], *carried,
        "-threads", "1", *options, whole)
    if case.bend == "cut copy":
        programs.ffmpeg("-ss", f"{part.clock:.3f}", "-i", whole, "-c", "copy", path)
    elif case.bend == "no times":
        programs.ffmpeg("-i", whole, "-c:v", "copy", *SOUNDS[case.sound], path)
    return path


def jittered(number, part, seed):
    return f"{number}+{part.jitter:.4f}*sin({number}*{number}*1.3+{seed % 7})" if part.jitter else number


def late_frames(part, rate):
    return math.ceil(part.late_picture * rate)


def runs(numbers):
    """Numbers as first and last of each stretch without a hole."""
    found = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def flash_times(case, part):
    """Seconds of the part's clock at which each flash is shown first."""
    times = []
    for mark in part.marks:
        frames = [frame for frame in range(mark, mark + flash_frames(case.rate)) if frame not in part.dropped]
        frames = [frame for frame in frames if frame < part.frames - part.held and frame >= late_frames(part, Fraction(case.rate))]
        if frames:
            moved = part.jitter * math.sin(frames[0] * frames[0] * 1.3 + case.seed % 7) if part.jitter else 0
            times.append((frames[0] + moved) * case.frame)
    return times


def beep_times(case, part):
    return [mark * case.frame for mark in part.marks if mark * case.frame >= part.late_sound]
