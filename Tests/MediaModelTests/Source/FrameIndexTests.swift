import MediaModel
import Testing

/// An index is written, kept, read again, and perhaps damaged in between.
@Suite struct FrameIndexTests {
    /// As a film has it: B-frames, a key frame every 48 pictures, sound in between, sizes that vary.
    private func film(frames: Int) -> FrameIndex {
        let order: [Int64] = [0, 4, 2, 1, 3]
        var position: Int64 = 48
        var random: UInt64 = 7
        let packets = (0..<frames).map { number in
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let size = 3000 + Int32(random >> 33 & 0xFFFF)
            defer { position += Int64(size) + (number % 2 == 0 ? 0 : 683) }
            return FrameIndex.Packet(
                presentation: (Int64(number / 5 * 5) + order[number % 5]) * 1001, decoding: Int64(number - 2) * 1001, position: position,
                byteCount: size, isKey: number % 48 == 0, isDiscarded: false)
        }
        return FrameIndex(timeBase: Rational(1, 24000), packets: packets)
    }

    /// Whatever a container may say, at the edges of what the numbers hold.
    private var oddities: FrameIndex {
        func packet(_ presentation: Int64?, _ decoding: Int64?, _ position: Int64, _ size: Int32, discarded: Bool = false)
            -> FrameIndex.Packet
        {
            FrameIndex.Packet(
                presentation: presentation, decoding: decoding, position: position, byteCount: size, isKey: discarded,
                isDiscarded: discarded)
        }
        return FrameIndex(
            timeBase: Rational(1, 90000),
            packets: [
                FrameIndex.Packet(
                    presentation: 7, decoding: nil, position: 9, byteCount: 2, isKey: false, isDiscarded: false, isSecondField: true,
                    isInferred: true),
                packet(nil, nil, -1, 0), packet(-1, nil, 0, 1, discarded: true), packet(.max, .min + 1, .max, .max),
                packet(.min + 1, .max, -1, .min), packet(nil, 5, 1, 2), packet(5, nil, 0, 3), packet(6, 3, 1 << 40, 4, discarded: true),
            ])
    }

    @Test func whatWasWrittenIsRead() throws {
        for index in [film(frames: 500), oddities, FrameIndex(timeBase: .zero, packets: [])] {
            #expect(FrameIndex(encoded: index.encoded) == index)
        }
    }

    @Test func aTimeThatIsNotThereStaysSo() throws {
        let read = try #require(FrameIndex(encoded: oddities.encoded))
        #expect(read.packets.map { $0.presentation == nil } == [false, true, false, false, false, true, false, false])
        #expect(read.packets.map { $0.decoding == nil } == [true, true, true, false, false, false, true, false])
        #expect(read.packets.map(\.isInferred) == [true] + Array(repeating: false, count: 7))
        #expect(read.packets.map(\.isShown) == [false, true, false, true, true, true, true, false])
    }

    @Test func aLongFilmIsSmall() {
        let film = film(frames: 2 * 3600 * 24)
        #expect(film.encoded.count < 2_000_000)
        #expect(MemoryLayout<FrameIndex.Packet>.stride <= 32)
    }

    @Test func noChangedByteGoesUnseen() {
        let bytes = film(frames: 20).encoded
        for offset in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[offset] ^= 1 << bit
                #expect(FrameIndex(encoded: damaged) == nil, "bit \(bit) of byte \(offset)")
            }
        }
    }

    @Test func noCutGoesUnseen() {
        let bytes = film(frames: 20).encoded
        for length in 0..<bytes.count { #expect(FrameIndex(encoded: Array(bytes.prefix(length))) == nil) }
        #expect(FrameIndex(encoded: bytes + [0]) == nil)
    }

    /// Bytes that nobody wrote, under a checksum that holds.
    @Test func noBytesBringItDown() {
        func sealed(_ body: [UInt8]) -> [UInt8] {
            let sum = body.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            return body + (0..<8).map { UInt8(truncatingIfNeeded: sum >> UInt64($0 * 8)) }
        }
        let endless = [UInt8](repeating: 0xFF, count: 12)
        #expect(FrameIndex(encoded: sealed([2, 2, 2, 0])) == FrameIndex(timeBase: .one, packets: []))
        for body in [
            [], [1, 2, 2, 0], [2, 2, 0, 0], [2, 1, 2, 0], [2, 2, 2] + endless, [2] + endless, [2, 2, 2, 1], [2, 2, 2, 1, 64, 0, 0],
        ] {
            #expect(FrameIndex(encoded: sealed(body)) == nil, "\(body)")
        }
        var random: UInt64 = 1
        for _ in 0..<2000 {
            let body = (0..<40).map { _ in
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: random >> 40)
            }
            _ = FrameIndex(encoded: sealed([2, 2, 2, UInt8(body[0] & 7)] + body))
        }
    }
}
