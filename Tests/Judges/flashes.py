"""When a film's picture turns white and its sound turns loud, as ffmpeg decodes it."""

import re

import programs

LIGHT, LOUD = "lavfi.signalstats.YAVG", "lavfi.astats.Overall.RMS_level"


def onsets_of_light(path):
    """Seconds of the file's own clock."""
    printed = programs.demand(
        "ffmpeg", "-nostdin", "-v", "error", "-copyts", "-i", path, "-map", "0:v:0",
        "-vf", f"signalstats,metadata=print:key={LIGHT}:file=-", "-fps_mode", "passthrough", "-f", "null", "-")
    return onsets(printed, LIGHT, threshold=120)


def onsets_of_sound(path, resolution=0.005):
    """As above; samples of `resolution` seconds are looked at together."""
    printed = programs.demand(
        "ffmpeg", "-nostdin", "-v", "error", "-copyts", "-i", path, "-map", "0:a:0",
        "-af", f"aresample=48000,asetnsamples=n={int(48000 * resolution)}:p=0,astats=metadata=1:reset=1,"
        f"ametadata=print:key={LOUD}:file=-", "-f", "null", "-")
    return onsets(printed, LOUD, threshold=-20)


def onsets(printed, key, threshold):
    found, was_on, time = [], False, None
    for line in printed.splitlines():
        if match := re.search(r"pts_time:(-?[\d.]+)", line):
            time = float(match[1])
        elif line.startswith(key + "="):
            text = line.split("=")[1]
            is_on = text not in ("-inf", "nan") and float(text) > threshold
            if is_on and not was_on:
                found.append(time)
            was_on = is_on
    return found
