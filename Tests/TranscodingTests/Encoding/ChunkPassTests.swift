import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Transcoding

/// Chunks encoded one by one, put together, and held against the plan by `ffprobe` and by their own boxes.
@Suite struct ChunkPassTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func film(_ name: String = "film.mp4", frames: Int = 50, size: String = "64x48", rate: String = "25") throws -> String {
        try Clip.make(
            folder.file(name), video: "testsrc2=size=\(size):rate=\(rate),trim=end_frame=\(frames)", options: ["-g", "12", "-bf", "2"])
    }

    private func emptyFolder() throws -> String { try JoinedTrack.emptyFolder(in: folder) }

    private func encode(_ title: SmallTitle, rung: Int = 0, purposes: [ChunkPass.Purpose]? = nil) throws -> JoinedTrack {
        try JoinedTrack.encode(title, rung: rung, purposes: purposes, in: folder)
    }

    @Test(arguments: ["25", "30000/1001"])
    func chunksJoinWithoutASeam(_ rate: String) throws {
        let title = try SmallTitle(
            try film(frames: 50, rate: rate), chunkStarts: [0, 1],
            rungs: [SmallTitle.rung(frameRate: try #require(Rational(rate)), speed: "veryfast")])
        try encode(title).check(title.plan)
    }

    @Test func theMiddleOfTheFilmIsInTheRightPlace() throws {
        let path = try Clip.make(
            folder.file("numbered.mp4"), video: SmallTitle.numbered(60), options: SmallTitle.fine + ["-g", "9", "-bf", "3"])
        let fine = RateControl.cappedCRF(crf: Rational(4), cap: RateCap(maxRate: 4_000_000, bufferSize: 4_000_000))
        let title = try SmallTitle(path, chunkStarts: [0, 1, 2], rungs: [SmallTitle.rung(control: fine, speed: "veryfast")])
        let track = try encode(title)
        let raw = folder.file("joined.yuv")
        try Program.demand("ffmpeg", ["-v", "error", "-i", track.path, "-f", "rawvideo", "-pix_fmt", "yuv420p", raw])
        let bytes = try folder.bytes(of: "joined.yuv")
        #expect(stride(from: 24 * 64 + 32, to: bytes.count, by: 64 * 48 * 3 / 2).map { SmallTitle.number(of: bytes[$0]) } == Array(0..<60))
    }

    @Test func halfTheFrameRateHasTheSameSegmentTimes() throws {
        let rungs = [SmallTitle.rung("full", frameRate: Rational(50)), SmallTitle.rung("half", divisor: 2, frameRate: Rational(50))]
        let title = try SmallTitle(try film(frames: 65, rate: "50"), chunkStarts: [0, 2], rungs: rungs)
        let tracks = try [0, 1].map { try encode(title, rung: $0) }
        for rung in [0, 1] { try tracks[rung].check(title.plan, rung: rung) }
        #expect(tracks[0].segments.map(\.start) == tracks[1].segments.map(\.start))
        #expect(tracks[0].segments.map(\.duration) == tracks[1].segments.map(\.duration))
        #expect(tracks[1].segments.map(\.samples) == [10, 10, 13])
    }

    @Test func howRungsAreGroupedChangesNoByte() throws {
        let rungs = [SmallTitle.rung("a"), SmallTitle.rung("b", width: 32, height: 24)]
        let title = try SmallTitle(try film(frames: 30), rungs: rungs)
        let folders = try [emptyFolder(), emptyFolder()]
        let outcomes = try ChunkPass.run(
            source: title.path, plan: title.plan, index: title.index, chunk: 0,
            lanes: [0, 1].map { ChunkPass.Lane(rung: $0, purpose: .encode(folder: folders[$0])) }, dressing: SmallTitle.bare)
        let together = try outcomes.map { try #require($0.record) }
        #expect(try [0, 1].map { try encode(title, rung: $0).records[0] } == together)
        #expect(outcomes.allSatisfy { $0.codedBytes > 0 })
    }

    @Test(arguments: [VideoCodec.hevc, .av1])
    func theOtherCodecs(_ codec: VideoCodec) throws {
        let rung = SmallTitle.rung(
            width: 128, height: 96, codec: codec,
            control: .cappedCRF(crf: Rational(35), cap: RateCap(maxRate: 500_000, bufferSize: 500_000)),
            speed: codec == .av1 ? "12" : "ultrafast", bitDepth: codec == .hevc ? 10 : 8)
        let title = try SmallTitle(try film(frames: 50, size: "128x96"), chunkStarts: [0, 1], rungs: [rung])
        let track = try encode(title)
        #expect(try Judge.entries(track.path, "stream=codec_name") == [codec.rawValue])
        try track.check(title.plan)
    }

    @Test(arguments: [VideoCodec.h264, .hevc])
    func twoPassesHitTheBitRate(_ codec: VideoCodec) throws {
        // An easy chunk, then a hard one, in a folder whose name a careless word would break.
        let path = try Clip.make(
            folder.file("film: 'one'.mp4"),
            video: "testsrc2=size=128x96:rate=25,trim=end_frame=200,noise=alls=12:allf=t:enable='gte(n,100)'", options: ["-crf", "10"])
        let wanted = 200_000
        let rung = SmallTitle.rung(
            width: 128, height: 96, codec: codec, control: .twoPass(bitRate: wanted, cap: RateCap(maxRate: 600_000, bufferSize: 600_000)),
            speed: codec == .h264 ? "medium" : "superfast")
        let title = try SmallTitle(path, gop: 50, segment: 50, chunkStarts: [0, 2], rungs: [rung])
        var costs: [Int] = []
        let statistics = try (0..<2).map { _ in try emptyFolder() + "/it's: statistics" }
        for chunk in 0..<2 {
            let outcome = try ChunkPass.run(
                source: path, plan: title.plan, index: title.index, chunk: chunk,
                lanes: [ChunkPass.Lane(rung: 0, purpose: .measure(statistics: statistics[chunk]))], dressing: SmallTitle.bare)[0]
            #expect(outcome.record == nil)
            costs.append(outcome.codedBytes)
            // Its first line holds the options: a first pass is x264's quick one.
            let written = try String(contentsOfFile: statistics[chunk], encoding: .utf8).prefix { $0 != "\n" }
            #expect(codec == .hevc || written.contains("subme=2"), "\(written)")
        }
        #expect(costs[1] > costs[0])
        let total = costs.reduce(0, +)
        let rates = costs.map { 2 * wanted * $0 / total }
        let track = try encode(
            title, purposes: rates.indices.map { .encodeMeasured(folder: "", statistics: statistics[$0], bitRate: rates[$0]) })
        let coded = try Judge.entries(track.path, "packet=size").compactMap { Int($0) }.reduce(0, +)
        let rate = Double(coded) * 8 / 8
        #expect(abs(rate / Double(wanted) - 1) < 0.1, "\(rate) bit/s, chunks asked for \(rates)")
        try track.check(title.plan)
    }

    @Test func aFrameCanBeRefused() throws {
        let title = try SmallTitle(try film(frames: 30), rungs: [SmallTitle.rung()])
        var left = 5
        let error = #expect(throws: TranscodingError.self) {
            _ = try ChunkPass.run(
                source: title.path, plan: title.plan, index: title.index, chunk: 0,
                lanes: [ChunkPass.Lane(rung: 0, purpose: .encode(folder: try emptyFolder()))], dressing: SmallTitle.bare,
                onFrame: {
                    left -= 1
                    return left > 0
                })
        }
        #expect(error?.code == .interrupted)
        #expect(left == 0)
    }

    @Test func aFolderThatIsNotThereIsNamed() throws {
        let title = try SmallTitle(try film(frames: 20), rungs: [SmallTitle.rung()])
        let error = #expect(throws: TranscodingError.self) {
            _ = try ChunkPass.run(
                source: title.path, plan: title.plan, index: title.index, chunk: 0,
                lanes: [ChunkPass.Lane(rung: 0, purpose: .encode(folder: folder.file("missing")))], dressing: SmallTitle.bare)
        }
        #expect(error?.code == .output)
        #expect(error?.description.contains("missing/init.mp4") == true)
    }

    @Test(
        arguments: [
            // A tenth of a second, reordered or not; below eight frames a second two frames are deeper than the quarter of a second of
            // audio.
            (VideoCodec.h264, [:], "25", 2500), (.h264, ["x264-params": "bframes=0"], "25", 2500), (.h264, [:], "5", 2000),
            (.hevc, [:], "25", 2500), (.hevc, ["x265-params": "bframes=0"], "25", 2500), (.av1, [:], "25", 0),
        ] as [(VideoCodec, [String: String], String, Int64)])
    func theFirstPictureIsComposedWhereThePresentationBegins(
        _ codec: VideoCodec, _ options: [String: String], _ rate: String, _ delay: Int64
    ) throws {
        let speed = codec == .av1 ? "12" : "veryfast"
        let rung = SmallTitle.rung(
            width: 128, height: 96, codec: codec,
            control: .cappedCRF(crf: Rational(35), cap: RateCap(maxRate: 500_000, bufferSize: 500_000)),
            frameRate: try #require(Rational(rate)), speed: speed, options: options)
        let title = try SmallTitle(try film(frames: 40, size: "128x96", rate: rate), chunkStarts: [0, 1], rungs: [rung])
        for chunk in 0..<2 {
            let path = try emptyFolder()
            let ticks = title.plan.grid.frameTicks
            let dressing = SegmentDressing(segmentType: [], finishInit: { $0 + [UInt8($1 / 100)] })
            let outcome = try ChunkPass.run(
                source: title.path, plan: title.plan, index: title.index, chunk: chunk,
                lanes: [ChunkPass.Lane(rung: 0, purpose: .encode(folder: path))], dressing: dressing)[0]
            var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(path)/init.mp4")))
            #expect(bytes.popLast() == UInt8(delay / 100))
            bytes += try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(path)/0000\(chunk + 1).m4s")))
            let file = try folder.write(bytes, to: "composed-\(chunk).mp4")
            #expect(outcome.record?.segments.count == 1)
            let composed = try Judge.entries(file, "packet=pts").compactMap { Int64($0) }.sorted()
            #expect(composed == (0..<20).map { delay + (Int64(chunk) * 20 + $0) * ticks })
            #expect(try Judge.entries(file, "packet=dts").compactMap { Int64($0) } == (0..<20).map { (Int64(chunk) * 20 + $0) * ticks })
        }
    }

    @Test func theBoxesAroundAreTheCallers() throws {
        let title = try SmallTitle(try film(frames: 20), rungs: [SmallTitle.rung()])
        let path = try emptyFolder()
        let dressing = SegmentDressing(segmentType: Array("HEAD".utf8), finishInit: { bytes, _ in bytes + Array("TAIL".utf8) })
        let outcome = try ChunkPass.run(
            source: title.path, plan: title.plan, index: title.index, chunk: 0,
            lanes: [ChunkPass.Lane(rung: 0, purpose: .encode(folder: path))],
            dressing: dressing)[0]
        let start = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(path)/init.mp4")))
        #expect(start.suffix(4) == Array("TAIL".utf8)[...])
        #expect(outcome.record?.initBytes == Int64(start.count))
        #expect(outcome.record?.initSHA256 == Fingerprint.of(start))
        let segment = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(path)/00001.m4s")))
        #expect(segment.starts(with: Array("HEAD".utf8)))
        #expect(outcome.record?.segments.first?.sha256 == Fingerprint.of(segment))
    }
}
