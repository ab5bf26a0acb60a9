import MediaModel
import TestSupport
import Testing

@testable import Packaging

@Suite struct PackageDocumentTests {
    private let package = SamplePackage.package(
        SamplePackage.ladder, audio: [SamplePackage.audio("en-aac", isDefault: true)],
        text: [SamplePackage.text("fr", language: "fr", label: "Français", role: .subtitle)])

    @Test func comesBackAsItWas() throws {
        var full = package
        full.renditions[0].buffer = RateBufferReport(size: 1, lowestFullness: -2, underflows: 3, peakRate: 4)
        full.images = [PackageImage(kind: .spriteMap, path: "images/sprite.vtt", width: 0, height: 0)]
        #expect(try PackageDocument.decode(PackageDocument.encode(full)) == full)
    }

    /// Others read these names; a change is a new format.
    @Test func keepsTheNamesOfTheContract() throws {
        let text = String(decoding: try PackageDocument.encode(package), as: UTF8.self)
        for line in [
            "\"format_version\" : 1", "\"id\" : \"night-train\"", "\"frame_rate\" : \"30000/1001\"", "\"gop_frames\" : 60",
            "\"segment_frames\" : 180", "\"chunks\" : 1", "\"max_rate\" : 12000000", "\"average_bandwidth\" : 6000000",
            "\"content_type\" : \"video/iso.segment\"", "\"build_id\" : \"abc123\"", "\"duration\" : \"3003/200\"",
            "\"path\" : \"video/1080p\"", "\"label\" : \"Français\"",
        ] { #expect(text.contains(line), "\(line)") }
        #expect(text.hasSuffix("}\n"))
        #expect(try PackageDocument.encode(package) == PackageDocument.encode(package))
    }

    @Test func refusesWhatItCannotRead() throws {
        #expect(
            try fault { try PackageDocument.decode(Array("{".utf8), name: "x/package.json") }.hasPrefix("x/package.json: is no package"))
        let newer = String(decoding: try PackageDocument.encode(package), as: UTF8.self)
            .replacing("\"format_version\" : 1", with: "\"format_version\" : 99")
        #expect(try fault { try PackageDocument.decode(Array(newer.utf8)) }.contains("format_version 99, which is newer"))
    }
}
