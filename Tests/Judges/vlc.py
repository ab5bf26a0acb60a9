"""VLC 3 as a judge: what its demuxers hand on, and when it would be played. By libvlc, because the program refuses to be root."""

import ctypes
import subprocess
import sys
import time

ENDED, FAILED = 6, 7
# Seconds for one film; what is only written is not played at its own speed.
PATIENCE = 120


def record(address, path):
    """Writes a film as VLC reads it into a Matroska file; in a process of its own, which takes VLC's threads with it."""
    done = subprocess.run(
        [sys.executable, __file__, address, str(path)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=2 * PATIENCE)
    assert done.returncode == 0, f"{address}: {done.stderr}"


def main(address, path):
    vlc = ctypes.CDLL("libvlc.so.5")
    for name in ("libvlc_new", "libvlc_media_new_location", "libvlc_media_player_new_from_media"):
        getattr(vlc, name).restype = ctypes.c_void_p
    words = [b"--intf=dummy", b"--ignore-config", b"--no-video-title-show"]
    instance = ctypes.c_void_p(vlc.libvlc_new(len(words), (ctypes.c_char_p * len(words))(*words)))
    assert instance, "libvlc finds no plugins"
    media = ctypes.c_void_p(vlc.libvlc_media_new_location(instance, address.encode()))
    vlc.libvlc_media_add_option(media, f":sout=#std{{access=file,mux=avformat{{mux=matroska}},dst={path}}}".encode())
    player = ctypes.c_void_p(vlc.libvlc_media_player_new_from_media(media))
    vlc.libvlc_media_player_play(player)
    end = time.monotonic() + PATIENCE
    while (state := vlc.libvlc_media_player_get_state(player)) not in (ENDED, FAILED):
        assert time.monotonic() < end, f"hangs in state {state}"
        time.sleep(0.05)
    vlc.libvlc_media_player_stop(player)
    vlc.libvlc_media_player_release(player)
    vlc.libvlc_release(instance)
    assert state == ENDED, "VLC reads it with an error"


if __name__ == "__main__":
    main(*sys.argv[1:])
