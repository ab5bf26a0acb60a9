"""Transport streams that are spliced: from one packet on, the clock is another one, counters start anew, and the stream says so or not."""

TABLES = (0, 0x11, 0x1000)


def packets_of(path):
    data = path.read_bytes()
    return [data[at:at + 188] for at in range(0, len(data), 188)]


def pid(packet):
    return (packet[1] & 31) << 8 | packet[2]


def move_stamp(packet, at, ticks):
    """A presentation or decoding time of a PES header."""
    time = (packet[at] >> 1 & 7) << 30 | packet[at + 1] << 22 | packet[at + 2] >> 1 << 15 | packet[at + 3] << 7 | packet[at + 4] >> 1
    time = (time + ticks) % (1 << 33)
    packet[at] = packet[at] & 0xF1 | time >> 30 << 1
    packet[at + 1], packet[at + 2] = time >> 22 & 255, (time >> 15 & 127) << 1 | 1
    packet[at + 3], packet[at + 4] = time >> 7 & 255, (time & 127) << 1 | 1


def move_reference(packet, ticks):
    """The clock reference of an adaptation field, its 90 kHz part."""
    time = packet[6] << 25 | packet[7] << 17 | packet[8] << 9 | packet[9] << 1 | packet[10] >> 7
    time = (time + ticks) % (1 << 33)
    packet[6:10] = bytes([time >> 25 & 255, time >> 17 & 255, time >> 9 & 255, time >> 1 & 255])
    packet[10] = packet[10] & 0x7F | (time & 1) << 7


def move(packet, ticks, counters):
    packet = bytearray(packet)
    payload = 5 + packet[4] if packet[3] & 0x20 else 4
    if packet[3] & 0x20 and packet[4] and packet[5] & 0x10:
        move_reference(packet, ticks)
    if packet[1] & 0x40 and packet[3] & 0x10 and packet[payload:payload + 3] == b"\0\0\1":
        flags = packet[payload + 7] >> 6
        if flags & 2:
            move_stamp(packet, payload + 9, ticks)
        if flags == 3:
            move_stamp(packet, payload + 14, ticks)
    if packet[3] & 0x10:
        packet[3] = packet[3] & 0xF0 | (packet[3] + counters) & 15
    return packet


def spliced(path, picture, leap, announced, counters=5):
    """The stream with its clock `leap` seconds ahead from its picture number `picture` on, which must be a key picture."""
    packets, number = packets_of(path), -1
    for place, packet in enumerate(packets):
        if pid(packet) == 0x100 and packet[1] & 0x40:
            number += 1
            if number == picture:
                break
    while pid(packets[place - 1]) in TABLES:
        place -= 1
    spliced, seen = packets[:place], set()
    for packet in packets[place:]:
        moved = move(packet, round(leap * 90_000), counters)
        number = pid(moved)
        if announced and number not in (*TABLES, *seen):
            if moved[3] & 0x20 and moved[4]:
                moved[5] |= 0x80
            else:
                # A packet of its own that says this and nothing else; it does not count.
                spliced.append(bytes([0x47, moved[1] & 0x1F, moved[2], 0x20 | (moved[3] - 1) & 15, 183, 0x80]) + b"\xff" * 182)
        seen.add(number)
        spliced.append(bytes(moved))
    return b"".join(spliced)
