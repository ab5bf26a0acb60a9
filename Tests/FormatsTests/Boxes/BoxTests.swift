import TestSupport
import Testing

@testable import Formats

@Suite struct BoxTests {
    @Test func findsNestedBoxes() throws {
        let bytes = box("moov", box("mvhd", [1]), box("trak", box("tkhd", [2, 3]))) + box("mdat", [4])
        let reader = BoxReader(bytes, name: "x.mp4")
        #expect(try reader.boxes().map(\.type) == ["moov", "mdat"])
        let tkhd = try #require(try reader.first("moov", "trak", "tkhd"))
        #expect(Array(bytes[tkhd.payload]) == [2, 3])
        #expect(try reader.first("moov", "mvex") == nil)
    }

    @Test func readsLargeAndOpenEndedSizes() throws {
        let large = UInt32(1).bigEndianBytes + Array("mdat".utf8) + UInt64(18).bigEndianBytes + [7, 8]
        let open = UInt32(0).bigEndianBytes + Array("mdat".utf8) + [9]
        let boxes = try BoxReader(large + open, name: "x.mp4").boxes()
        #expect(boxes.map(\.payload) == [16..<18, 26..<27])
    }

    @Test func refusesImpossibleSizes() throws {
        let message = try fault { try BoxReader(UInt32(100).bigEndianBytes + Array("moov".utf8), name: "x.mp4").boxes() }
        #expect(message == "x.mp4: box 'moov' at byte 0 has the impossible size 100")
        #expect(throws: FormatError.self) { try BoxReader(UInt32(4).bigEndianBytes + Array("moov".utf8), name: "x").boxes() }
        #expect(throws: FormatError.self) { try BoxReader([0, 0, 0], name: "x").boxes() }
        let huge = UInt32(1).bigEndianBytes + Array("mdat".utf8) + UInt64.max.bigEndianBytes
        #expect(throws: FormatError.self) { try BoxReader(huge, name: "x").boxes() }
    }

    @Test func writesFullBoxes() {
        #expect(fullBox("trex", version: 1, flags: 0x020304, [5]) == [0, 0, 0, 13] + Array("trex".utf8) + [1, 2, 3, 4, 5])
    }
}
