"""A reader of the few ISO/IEC 14496-12 boxes that times and counts are written in, with no code in common with the product."""

import dataclasses
import pathlib
import struct

CONTAINERS = {b"moov", b"trak", b"edts", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"mvex"}


def walk(data, start=0, end=None, path=()):
    """Every box in `data`, with the types of those that it lies in: (path, payload)."""
    end = len(data) if end is None else end
    while start < end:
        size, kind = struct.unpack_from(">I4s", data, start)
        header = 8
        if size == 1:
            size, header = struct.unpack_from(">Q", data, start + 8)[0], 16
        size = size or end - start
        assert header <= size <= end - start, f"the box {kind} at {start} has the size {size}"
        here = path + (kind.decode("latin-1"),)
        yield here, data[start + header:start + size]
        if kind in CONTAINERS:
            yield from walk(data, start + header, start + size, here)
        start += size


def timescale(init):
    """Ticks per second, of `mdhd`."""
    for path, payload in walk(pathlib.Path(init).read_bytes()):
        if path[-1] == "mdhd":
            return struct.unpack_from(">I", payload, 20 if payload[0] == 1 else 12)[0]
    raise AssertionError(f"{init} has no mdhd")


def presentation_start(init):
    """The composition time that is presented first, in ticks: of the only edit, which must last to the end; 0 without an edit list."""
    for path, payload in walk(pathlib.Path(init).read_bytes()):
        if path[-1] == "elst":
            _, count, duration, start, rate = struct.unpack(">IIIiI", payload)
            assert (count, duration, rate) == (1, 0, 1 << 16), f"{init}: {count} edits, the first of {duration} ticks at {rate:#x}"
            return start
    return 0


@dataclasses.dataclass
class Segment:
    """What the fragments of one file say."""

    start: int  # tfdt of the first, ticks
    duration: int  # ticks, all samples
    samples: int
    composed: int  # the earliest composition time, ticks
    starts_with_sync: bool
    brands: list


def segment(path):
    """Reads a media segment; several fragments in it count as one run."""
    start, duration, samples, sync, brands, composed = None, 0, 0, None, [], []
    standard = {}
    for box, payload in walk(pathlib.Path(path).read_bytes()):
        if box[-1] == "styp":
            brands = [payload[at:at + 4].decode() for at in range(8, len(payload), 4)]
        elif box[-1] == "tfhd":
            standard = default_sample(payload)
        elif box[-1] == "tfdt" and start is None:
            start = struct.unpack_from(">Q" if payload[0] == 1 else ">I", payload, 4)[0]
        elif box[-1] == "trun":
            durations, flags, offsets = run_of_samples(payload, standard)
            for length, offset in zip(durations, offsets):
                composed.append(start + duration + offset)
                duration += length
            samples += len(durations)
            sync = flags[0] & 0x10000 == 0 if sync is None else sync
    assert start is not None and samples, f"{path} holds no samples"
    return Segment(start, duration, samples, min(composed), sync, brands)


def default_sample(payload):
    flags = int.from_bytes(payload[1:4], "big")
    at, found = 8, {}
    for bit, size, name in ((1, 8, "offset"), (2, 4, "description"), (8, 4, "duration"), (16, 4, "size"), (32, 4, "flags")):
        if flags & bit:
            found[name] = int.from_bytes(payload[at:at + size], "big")
            at += size
    return found


def run_of_samples(payload, standard):
    flags = int.from_bytes(payload[1:4], "big")
    count, at = struct.unpack_from(">I", payload, 4)[0], 8
    at += 4 if flags & 1 else 0
    first = None
    if flags & 4:
        first, at = struct.unpack_from(">I", payload, at)[0], at + 4
    durations, sample_flags, offsets = [], [], []
    for number in range(count):
        value = dict(standard)
        for bit, name in ((0x100, "duration"), (0x200, "size"), (0x400, "flags"), (0x800, "composition")):
            if flags & bit:
                value[name] = struct.unpack_from(">I", payload, at)[0]
                at += 4
        durations.append(value["duration"])
        # Version 1 counts with a sign.
        offset = value.get("composition", 0)
        offsets.append(offset - (1 << 32) if payload[0] == 1 and offset >= 1 << 31 else offset)
        sample_flags.append(first if number == 0 and first is not None else value.get("flags", 0))
    return durations, sample_flags, offsets
