import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Transcoding

/// One rung of all chunks of a title, encoded one by one and put together as the packager would join them.
struct JoinedTrack {
    var folders: [String] = []
    var records: [MediaRecord] = []
    /// Of each segment, from its `tfdt`.
    var decodeTimes: [Int64] = []
    /// The init segment and all segments, in one file.
    var path: String

    var segments: [SegmentFact] { records.flatMap(\.segments) }

    /// - Parameters:
    ///   - folder: where it is made.
    ///   - purposes: one a chunk, for a second pass; their folders are not used.
    static func encode(
        _ title: SmallTitle, rung: Int = 0, purposes: [ChunkPass.Purpose]? = nil, in folder: TemporaryFolder
    ) throws -> JoinedTrack {
        var track = JoinedTrack(path: folder.file("joined-\(UUID().uuidString).mp4"))
        for chunk in 0..<title.plan.grid.chunkCount {
            let path = try emptyFolder(in: folder)
            var purpose = ChunkPass.Purpose.encode(folder: path)
            if case .encodeMeasured(_, let statistics, let bitRate) = purposes?[chunk] {
                purpose = .encodeMeasured(folder: path, statistics: statistics, bitRate: bitRate)
            }
            let outcomes = try ChunkPass.run(
                source: title.path, plan: title.plan, index: title.index, chunk: chunk,
                lanes: [ChunkPass.Lane(rung: rung, purpose: purpose)], dressing: SmallTitle.bare)
            track.folders.append(path)
            track.records.append(try #require(outcomes.first?.record))
        }
        try track.join()
        return track
    }

    static func emptyFolder(in folder: TemporaryFolder) throws -> String {
        let path = folder.file("lane-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private mutating func join() throws {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folders[0])/init.mp4"))
        for (folder, record) in zip(folders, records) {
            for segment in record.segments {
                let content = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(SegmentFact.stem(segment.number)).m4s"))
                #expect(Int64(content.count) == segment.bytes)
                decodeTimes.append(try decodeTime([UInt8](content)))
                bytes += content
            }
        }
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    /// `baseMediaDecodeTime` of the first `tfdt` (ISO/IEC 14496-12, 8.8.12).
    private func decodeTime(_ bytes: [UInt8]) throws -> Int64 {
        let type = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("tfdt".utf8)) })
        let field = bytes[type + 4] == 1 ? bytes[(type + 8)..<(type + 16)] : bytes[(type + 8)..<(type + 12)]
        return field.reduce(0) { $0 << 8 | Int64($1) }
    }

    /// What holds for every track: counts, times, key frames on the grid alone, and nothing that a decoder complains about.
    func check(_ plan: AssetPlan, rung: Int = 0) throws {
        let (grid, divisor) = (plan.grid, plan.rungs[rung].frameDivisor)
        #expect(segments.map(\.number) == Array(1...grid.segmentCount))
        for (number, segment) in segments.enumerated() {
            let frames = grid.frames(ofSegment: number)
            #expect(segment.start == Int64(frames.lowerBound) * grid.frameTicks)
            #expect(segment.duration == Int64(frames.count) * grid.frameTicks)
        }
        #expect(decodeTimes == segments.map(\.start))
        #expect(Set(records.map(\.initSHA256)).count == 1, "the sample descriptions of the chunks differ")
        let frames = (grid.frames + divisor - 1) / divisor
        #expect(try Judge.frames(path) == frames)
        #expect(try Judge.complaints(path) == "")
        let step = grid.frameTicks * Int64(divisor)
        let decoding = try Judge.entries(path, "packet=dts").compactMap { Int64($0) }
        #expect(decoding.count == frames)
        #expect(zip(decoding, decoding.dropFirst()).allSatisfy { $1 - $0 == step })
        let shown = try Judge.entries(path, "packet=pts").compactMap { Int64($0) }.sorted()
        #expect(zip(shown, shown.dropFirst()).allSatisfy { $1 - $0 == step })
        let keys = try Judge.entries(path, "packet=flags").enumerated().filter { $0.element.hasPrefix("K") }.map(\.offset)
        #expect(keys == Array(stride(from: 0, to: grid.frames, by: grid.gopFrames)).map { $0 / divisor })
    }
}

extension Judge {
    /// MD5 of every decoded picture of a file's first picture track, in the order in which they are shown, as `ffmpeg` sees them.
    static func pictureHashes(_ path: String, filters: String = "null") throws -> [String] {
        let output = try Program.demand(
            "ffmpeg",
            [
                "-nostdin", "-v", "quiet", "-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-vf", filters, "-pix_fmt", "yuv420p",
                "-f",
                "framemd5", "-",
            ])
        return output.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }.compactMap {
            $0.split(separator: ",").last.map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }
}
