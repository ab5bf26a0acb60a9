import Testing

@testable import Transcoding

@Suite struct AnnouncedBreaksTests {
    /// A transport stream of packets of one PID each; those at `flagged` announce a break.
    private static func stream(_ count: Int, stride: Int = 188, lead: Int = 0, flagged: Set<Int>, pid: Int = 0x100) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: lead)
        for number in 0..<count {
            let control: UInt8 = flagged.contains(number) ? 0x30 : 0x10
            bytes += [0x47, UInt8(pid >> 8), UInt8(pid & 255), control, 1, flagged.contains(number) ? 0x80 : 0x00]
            bytes += [UInt8](repeating: 0xAA, count: stride - 6)
        }
        return bytes
    }

    private static func breaks(_ bytes: [UInt8], pieces: [Range<Int>]) -> AnnouncedBreaks {
        let breaks = AnnouncedBreaks()
        for piece in pieces {
            let part = Array(bytes[piece])
            breaks.see(part.span.bytes, at: Int64(piece.lowerBound))
        }
        return breaks
    }

    @Test(arguments: [(188, 0), (192, 4), (204, 0)], [1881, 1883, 1885, 4000])
    func theyAreFoundWhereverThePiecesEnd(_ form: (stride: Int, lead: Int), _ cut: Int) {
        let bytes = Self.stream(30, stride: form.stride, lead: form.lead, flagged: [10, 20])
        let breaks = Self.breaks(bytes, pieces: [0..<cut, cut..<bytes.count])
        for number in [10, 20] {
            let place = Int64(form.lead + number * form.stride)
            #expect(breaks.announces([0x100], after: place - 1, upTo: place))
            #expect(!breaks.announces([0x100], after: place, upTo: place + 100))
            #expect(!breaks.announces([0x101], after: place - 1, upTo: place))
        }
        #expect(!breaks.announces([0x100], after: -1, upTo: Int64(form.lead + 9 * form.stride)))
    }

    @Test func whatIsReadTwiceCountsOnce() {
        let bytes = Self.stream(30, flagged: [10, 20])
        let breaks = Self.breaks(bytes, pieces: [0..<2000, 0..<2000, 1880..<bytes.count])
        #expect(breaks.announces([0x100], after: 0, upTo: 1880) && breaks.announces([0x100], after: 1880, upTo: 3760))
        #expect(!breaks.announces([0x100], after: 3760, upTo: .max))
    }

    @Test func noOtherFileAnnouncesAnything() {
        let breaks = Self.breaks([UInt8](repeating: 0x47, count: 100) + [UInt8](repeating: 0, count: 10_000), pieces: [0..<10_100])
        #expect(!breaks.announces([0x07, 0], after: -1, upTo: .max))
        #expect(!Self.breaks([1, 2, 3], pieces: [0..<3]).announces([0], after: -1, upTo: .max))
    }
}
