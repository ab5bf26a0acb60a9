import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Packaging

/// Whole packages, out of tracks that the ffmpeg program encoded, judged by ffmpeg and ffprobe.
@Suite struct PackagerTests {
    let folder: TemporaryFolder
    let input: PackageInput

    init() throws {
        folder = try TemporaryFolder()
        input = try Self.title(in: folder)
    }

    /// Encoded once for all tests.
    static let tracks = Result {
        (
            try WrittenTrack.video(SamplePlan.grid, width: 320, height: 180),
            try WrittenTrack.video(SamplePlan.grid, width: 160, height: 90, bitRate: "100k", divisor: 2),
            try WrittenTrack.audio(seconds: 5.97, codec: ["-c:a", "aac", "-b:a", "128k"]),
            try WrittenTrack.audio(seconds: 5.99, codec: ["-c:a", "libopus", "-b:a", "64k"])
        )
    }

    /// Two rungs, one at half the frame rate, two chunks each; AAC and Opus; subtitles; a poster.
    static func title(in folder: TemporaryFolder) throws -> PackageInput {
        let grid = SamplePlan.grid
        let (large, small, aac, opus) = try tracks.get()
        let subtitles = try folder.write("1\n00:00:01,000 --> 00:00:03,000\nBonjour <i>à</i> tous\n", to: "fr.srt")
        let text = try TextConversion.run(
            TextPlan(
                name: "fr", file: ContentHash("f00d"), language: "fr", label: "Français", role: .subtitle),
            path: subtitles, label: "fr.srt", trimStart: .zero, grid: grid, into: folder.file("work/fr"))
        try folder.write("not really a picture", to: "work/images/poster.jpg")
        let plan = SamplePlan.plan(
            rungs: [
                SamplePlan.rung("180p", width: 320, height: 180), SamplePlan.rung("90p", width: 160, height: 90, divisor: 2),
            ],
            audio: [SamplePlan.audio("en-aac"), SamplePlan.audio("en-opus", codec: .opus)],
            text: [SamplePlan.text("fr", language: "fr", label: "Français", role: .subtitle)])
        return PackageInput(
            plan: plan,
            video: try [("large", large), ("small", small)].map { name, track in
                [
                    try track.store(0..<2, in: folder, as: "work/\(name)-0"),
                    try track.store(2..<3, in: folder, as: "work/\(name)-1"),
                ]
            },
            audio: [try aac.store(in: folder, as: "work/aac"), try opus.store(in: folder, as: "work/opus")],
            text: [TrackInput(folder: folder.file("work/fr"), record: text)],
            images: (
                folder.file("work/images"),
                ImageRecord(
                    images: [PackageImage(kind: .poster, path: "poster.jpg", width: 320, height: 180)],
                    warnings: ["a warning of the pictures"])
            ), provenance: SamplePlan.provenance)
    }

    @Test func laysOutAVersionAsTheContractSays() throws {
        let package = try Packager.assemble(input, into: folder.file("out"))
        let written = try folder.listing().filter { $0.hasPrefix("out/") }.map { String($0.dropFirst(4)) }
        #expect(written.sorted() == (package.files.map(\.path) + ["package.json"]).sorted())
        for name in [
            "index.m3u8", "manifest.mpd", "video/180p/init.mp4", "video/90p/00003.m4s", "audio/en-opus/media.m3u8",
            "text/fr/00001.vtt", "text/fr/00001.m4s", "text/fr/text.vtt", "images/poster.jpg",
        ] { #expect(written.contains(name)) }
        for file in package.files {
            let bytes = try folder.bytes(of: "out/\(file.path)")
            #expect(file.bytes == bytes.count && file.sha256 == Files.sha256(bytes), "\(file.path)")
        }
        #expect(try PackageDocument.decode(folder.bytes(of: "out/package.json")) == package)
    }

    @Test func declaresWhatWasWritten() throws {
        let package = try Packager.assemble(input, into: folder.file("out"))
        let rendition = package.renditions[0]
        #expect(rendition.codecs.hasPrefix("avc1."))
        #expect(rendition.segments.map(\.duration) == [50_000, 50_000, 50_000])
        #expect(package.renditions[1].segments.map(\.samples) == [25, 25, 25])
        let bits = rendition.segments.map { $0.bytes * 8 }
        #expect(rendition.averageBandwidth == Int((Double(bits.reduce(0, +)) / 6).rounded(.up)))
        #expect(rendition.bandwidth == Int(bits.max() ?? 0) / 2)
        #expect(rendition.buffer?.size == 2_000_000 && rendition.buffer?.underflows == 0)
        #expect(package.audio.map(\.codecs) == ["mp4a.40.2", "Opus"])
        #expect(package.audio.allSatisfy { $0.channels == 2 && $0.sampleRate == 48000 })
        #expect(package.images.map(\.path) == ["images/poster.jpg"])
        #expect(package.warnings == ["a warning of the plan", "a warning of the pictures"])
    }

    @Test func playsWithoutAComplaint() throws {
        let package = try Packager.assemble(input, into: folder.file("out"))
        #expect(try Judge.complaints(folder.file("out/manifest.mpd")) == "")
        for track in package.renditions.map(\.path) + package.audio.map(\.path) {
            #expect(try Judge.complaints(folder.file("out/\(track)/media.m3u8")) == "", "\(track)")
        }
        #expect(try Judge.frames(folder.file("out/video/180p/media.m3u8")) == 150)
        #expect(try Judge.frames(folder.file("out/video/90p/media.m3u8")) == 75)
        let text = try Program.demand(
            "ffmpeg", ["-v", "error", "-i", folder.file("out/text/fr/media.m3u8"), "-f", "webvtt", "-"])
        #expect(text.contains("00:01.000 --> 00:03.000\nBonjour <i>à</i> tous"))
    }

    @Test func sharesBytesWithTheWorkFolderAndGivesTheSameAgain() throws {
        let first = try Packager.assemble(input, into: folder.file("out"))
        let document = try folder.bytes(of: "out/package.json")
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("out/video/180p/00001.m4s"))
        #expect((attributes[.referenceCount] as? Int ?? 0) >= 2)
        #expect(try Packager.assemble(input, into: folder.file("out")) == first)
        #expect(try folder.bytes(of: "out/package.json") == document)
        #expect(!String(decoding: document, as: UTF8.self).contains(folder.path))
    }

    @Test func refusesAFolderThatHoldsSomethingElse() throws {
        try folder.write("precious", to: "out/thesis.txt")
        #expect(throws: PackagingError.self) { try Packager.assemble(input, into: folder.file("out")) }
        #expect(try folder.bytes(of: "out/thesis.txt") == Array("precious".utf8))
    }

    @Test func namesTheSegmentThatHasChanged() throws {
        var bytes = try folder.bytes(of: "work/large-1/00003.m4s")
        bytes[bytes.count - 1] ^= 1
        try folder.write(bytes, to: "work/large-1/00003.m4s")
        #expect(try fault { try Packager.assemble(input, into: folder.file("out")) }.hasPrefix("video/180p/00003.m4s: has changed"))
    }

    @Test func refusesChunksOfDifferentSampleDescriptions() throws {
        try folder.write(try folder.bytes(of: "work/small-0/init.mp4"), to: "work/large-1/init.mp4")
        #expect(try fault { try Packager.assemble(input, into: folder.file("out")) }.contains("init segments of chunks 1 and 2 differ"))
    }

    @Test func refusesAFrameThatIsShownAtAnothersTime() throws {
        var bytes = try folder.bytes(of: "work/large-1/00003.m4s")
        let run = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("trun".utf8)) })
        let flags = Int(bytes[run + 6]) << 8 | Int(bytes[run + 7])
        // Version, flags and count; what is said of the whole run; the first sample's fields, of which the composition offset is the last.
        let before = [0x1, 0x4, 0x100, 0x200, 0x400].filter { flags & $0 != 0 }.count
        try #require(flags & 0x800 != 0)
        bytes[run + 12 + 4 * before + 3] ^= 1
        try folder.write(bytes, to: "work/large-1/00003.m4s")
        var shifted = input
        shifted.video[0][1].record.segments[0].sha256 = Files.sha256(bytes)
        #expect(
            try fault { try Packager.assemble(shifted, into: folder.file("out")) }
                == "video/180p/00003.m4s: does not show one frame where each is decoded: a frame is lost, doubled or shifted")
    }

    @Test func refusesAudioThatIsNotAsLateAsItsEditListSays() throws {
        let bytes = WrittenTrack.moved(try folder.bytes(of: "work/aac/00001.m4s"), by: -4800)
        try folder.write(bytes, to: "work/aac/00001.m4s")
        var early = input
        early.audio[0].record.segments[0].sha256 = Files.sha256(bytes)
        #expect(
            try fault { try Packager.assemble(early, into: folder.file("out")) }
                == "audio/en-aac/00001.m4s: begins at tick 0, its record says 4800")
    }

    @Test func refusesGapsAndMissingTracks() throws {
        var gap = input
        gap.video[0][0].record.segments.removeLast()
        #expect(
            try fault { try Packager.assemble(gap, into: folder.file("out")) } == "video/180p/00003.m4s: stands where segment 2 must be")
        var short = input
        short.video[0].removeLast()
        #expect(try fault { try Packager.assemble(short, into: folder.file("out")) } == "video/180p: has 2 segments, the plan 3")
        var silent = input
        silent.audio.removeLast()
        #expect(
            try fault { try Packager.assemble(silent, into: folder.file("out")) }
                == "night-train: the plan has 2 audio tracks, 1 were handed in")
    }

    @Test func failsATitleThatBreaksItsCap() throws {
        var plan = input.plan
        plan.rungs[0].rung.rateControl = .cappedCRF(crf: Rational(23), cap: RateCap(maxRate: 50_000, bufferSize: 50_000))
        var tight = input
        tight.plan = plan
        let error = #expect(throws: PackagingError.self) { try Packager.assemble(tight, into: folder.file("out")) }
        #expect(error?.code == .rateExceeded)
        #expect("\(error as Any)".contains("% of maxrate 50000"))
    }

    @Test func packagesSoundAlone() throws {
        var sound = input
        sound.plan = SamplePlan.plan(rungs: [], audio: input.plan.audio)
        sound.video = []
        sound.text = []
        sound.images = nil
        let package = try Packager.assemble(sound, into: folder.file("out"))
        #expect(package.video == nil && package.renditions.isEmpty)
        #expect(try Judge.complaints(folder.file("out/manifest.mpd")) == "")
    }
}
