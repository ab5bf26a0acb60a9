import TestSupport
import Testing

@testable import Formats

@Suite struct FragmentTests {
    private let defaults = SampleDescription.Defaults(duration: 10, bytes: 3, flags: 0x10000)

    private func segment(tfhd: [UInt8], tfhdFlags: UInt32, trun: [UInt8], trunFlags: UInt32, media: Int, time: UInt64 = 90) -> [UInt8] {
        SegmentType.box
            + box(
                "moof", fullBox("mfhd", UInt32(7).bigEndianBytes),
                box(
                    "traf", fullBox("tfhd", flags: tfhdFlags, UInt32(1).bigEndianBytes, tfhd),
                    fullBox("tfdt", version: 1, time.bigEndianBytes), fullBox("trun", version: 1, flags: trunFlags, trun)))
            + box("mdat", [UInt8](repeating: 0, count: media))
    }

    @Test func fillsInDefaultsOfTheTrack() throws {
        let bytes = segment(tfhd: [], tfhdFlags: 0, trun: UInt32(2).bigEndianBytes, trunFlags: 0, media: 6)
        let fragment = try Fragment.read(segment: bytes, defaults: defaults, name: "1")
        #expect(fragment.sequenceNumber == 7 && fragment.decodeTime == 90 && fragment.duration == 20)
        #expect(fragment.samples == Array(repeating: .init(bytes: 3, duration: 10, isSync: false), count: 2))
    }

    @Test func takesTheFragmentsOwnDefaultsFirst() throws {
        let own = UInt32(20).bigEndianBytes + UInt32(4).bigEndianBytes + UInt32(0).bigEndianBytes
        let bytes = segment(tfhd: own, tfhdFlags: 0x38, trun: UInt32(1).bigEndianBytes, trunFlags: 0, media: 4)
        let fragment = try Fragment.read(segment: bytes, defaults: defaults, name: "1")
        #expect(fragment.samples == [.init(bytes: 4, duration: 20, isSync: true)])
    }

    @Test func readsEveryFieldOfARun() throws {
        var run = UInt32(2).bigEndianBytes + UInt32(100).bigEndianBytes + UInt32(0x0200_0000).bigEndianBytes
        for sample in [(11, 5, 2), (12, 6, -2)] {
            run += UInt32(sample.0).bigEndianBytes + UInt32(sample.1).bigEndianBytes + Int32(sample.2).bigEndianBytes
        }
        let bytes = segment(tfhd: [], tfhdFlags: 0, trun: run, trunFlags: 0xB05, media: 11)
        let fragment = try Fragment.read(segment: bytes, defaults: defaults, name: "1")
        #expect(
            fragment.samples == [
                .init(bytes: 5, duration: 11, isSync: true, compositionOffset: 2),
                .init(bytes: 6, duration: 12, isSync: false, compositionOffset: -2),
            ])
        #expect(fragment.decodeTimes == [90, 101])
        #expect(fragment.compositionTimes == [92, 99])
        #expect(fragment.sampleBytes == 11)
    }

    @Test func joinsPartsWhoseTimesGoOn() throws {
        func part(_ time: UInt64) -> [UInt8] {
            segment(tfhd: [], tfhdFlags: 0, trun: UInt32(2).bigEndianBytes, trunFlags: 0, media: 6, time: time)
        }
        let fragment = try Fragment.read(segment: part(90) + part(110), defaults: defaults, name: "1")
        #expect(fragment.samples.count == 4 && fragment.duration == 40)
        for time in [100, 111] as [UInt64] {
            let message = try fault { try Fragment.read(segment: part(90) + part(time), defaults: defaults, name: "1") }
            #expect(message == "1: a part of it begins at tick \(time), the part before ends at 110")
        }
    }

    @Test func refusesMediaThatIsCutShort() throws {
        let bytes = segment(tfhd: [], tfhdFlags: 0, trun: UInt32(2).bigEndianBytes, trunFlags: 0, media: 5)
        #expect(
            try fault { try Fragment.read(segment: bytes, defaults: defaults, name: "00001.m4s") }
                == "00001.m4s: holds 5 bytes of media where its samples need 6")
    }

    @Test func refusesRunsLongerThanTheirBox() throws {
        let bytes = segment(tfhd: [], tfhdFlags: 0, trun: UInt32.max.bigEndianBytes, trunFlags: 0x200, media: 0)
        #expect(throws: FormatError.self) { try Fragment.read(segment: bytes, defaults: defaults, name: "1") }
    }

    @Test func refusesANegativeTime() throws {
        let bytes = segment(tfhd: [], tfhdFlags: 0, trun: UInt32(0).bigEndianBytes, trunFlags: 0, media: 0, time: .max - 1023)
        #expect(try fault { try Fragment.read(segment: bytes, defaults: defaults, name: "1") }.contains("negative time"))
    }

    @Test func refusesAFileWithoutAFragment() throws {
        #expect(
            try fault { try Fragment.read(segment: SegmentType.box, defaults: defaults, name: "1.m4s") }
                == "1.m4s: has no 'moof' box")
    }
}
