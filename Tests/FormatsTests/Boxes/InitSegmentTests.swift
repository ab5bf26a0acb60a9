import TestSupport
import Testing

@testable import Formats

@Suite struct InitSegmentTests {
    private let sample = box("ftyp", Array("iso6".utf8), [0, 0, 2, 0], Array("iso6cmfcmp41".utf8))

    private func raw(_ source: String = "sine=duration=1", codec: [String]) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        try Program.demand(
            "ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", source] + codec
                + ["-f", "mp4", "-movflags", "+cmaf+empty_moov+default_base_moof", folder.file("a.mp4")])
        let bytes = try folder.bytes(of: "a.mp4")
        let head = try BoxReader(bytes, name: "a.mp4").boxes().filter { ["ftyp", "moov"].contains($0.type) }
        return head.flatMap { Array(bytes[$0.range]) }
    }

    @Test func dropsUserDataOfLibavformatAndPutsSizesRight() throws {
        let before = try raw(codec: ["-c:a", "libopus"])
        let after = InitSegment.finished(before)
        let old = BoxReader(before, name: "before")
        let new = BoxReader(after, name: "after")
        #expect(try old.first("moov", "udta") != nil)
        #expect(try new.first("moov", "udta") == nil)
        #expect(try new.boxes().map(\.type) == ["ftyp", "moov"])
        let moov = try #require(try new.first("moov"))
        #expect(try new.boxes(in: moov.payload).map(\.type) == ["mvhd", "trak", "mvex"])
        #expect(InitSegment.finished(after) == after)
    }

    @Test func setsTheStreamIdentifierToZero() throws {
        let before = try raw(codec: ["-c:a", "aac"])
        let after = InitSegment.finished(before)
        func identifier(_ bytes: [UInt8]) throws -> UInt64 {
            let reader = BoxReader(bytes, name: "init.mp4")
            let entry = try #require(try SampleEntry.first(in: reader))
            let esds = try #require(try reader.first("esds", in: entry.children))
            var cursor = try reader.fullCursor(esds).cursor
            _ = try Descriptor.header(&cursor)
            return try cursor.integer(2)
        }
        #expect(try identifier(before) == 1)
        #expect(try identifier(after) == 0)
        #expect(try SampleDescription.read(initSegment: after, name: "init.mp4").codecs == "mp4a.40.2")
    }

    @Test func dropsMetadataBeforeTheTracks() throws {
        let moov = box("moov", box("ID32", [1, 2]), box("mvhd", [3]), box("meta", [4]), box("trak", [5]))
        #expect(InitSegment.finished(sample + moov) == sample + box("moov", box("mvhd", [3]), box("trak", [5])))
    }

    @Test func saysWherePresentationBegins() throws {
        let before = try raw("color=size=64x48:duration=1", codec: ["-c:v", "libx264", "-pix_fmt", "yuv420p"])
        let after = InitSegment.finished(before, compositionStart: 2000)
        let reader = BoxReader(after, name: "init.mp4")
        let track = try #require(try reader.first("moov", "trak"))
        #expect(try reader.boxes(in: track.payload).map(\.type) == ["tkhd", "edts", "mdia"])
        let list = try #require(try reader.first("edts", "elst", in: track.payload))
        // Version 0, one edit: the rest of the track, from tick 2000, at the normal rate.
        #expect(Array(after[list.payload]) == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x07, 0xD0, 0, 1, 0, 0])
        #expect(try SampleDescription.read(initSegment: after, name: "init.mp4").compositionStart == 2000)
        #expect(InitSegment.finished(after, compositionStart: 2000) == after)
        let without = InitSegment.finished(before)
        #expect(try BoxReader(without, name: "init.mp4").first("moov", "trak", "edts") == nil)
        #expect(try SampleDescription.read(initSegment: without, name: "init.mp4").compositionStart == 0)
    }

    @Test func isOfTheBrandThatAllowsEditLists() throws {
        let after = InitSegment.finished(box("ftyp", Array("iso5".utf8), [0, 0, 2, 0], Array("iso5".utf8)) + box("moov", box("mvhd", [1])))
        #expect(after == sample + box("moov", box("mvhd", [1])))
    }

    @Test func givesBackWhatIsNoInitSegment() {
        for bytes in [[], [0, 0, 0, 200, 1], Array("not a box at all".utf8)] as [[UInt8]] {
            #expect(InitSegment.finished(bytes) == bytes)
        }
    }
}

@Suite struct SegmentTypeTests {
    @Test func namesTheBrandsOfADashSegment() throws {
        let reader = BoxReader(SegmentType.box, name: "styp")
        let found = try reader.boxes()
        #expect(found.map(\.type) == ["styp"] && found[0].range == 0..<28)
        var cursor = reader.cursor(found[0])
        #expect(try cursor.characters(4) == "msdh")
        #expect(try cursor.integer(4) == 0)
        #expect(try cursor.characters(12) == "msdhcmfscmff")
    }
}
