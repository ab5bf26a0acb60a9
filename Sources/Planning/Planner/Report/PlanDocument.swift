package import Foundation
package import MediaModel

/// The values that `reelmill plan --json` prints, in the words of `package.json`; keys in snake case.
package struct PlanDocument: Hashable, Sendable, Codable {
    package static let currentFormat = 1

    package var formatVersion: Int
    package var titles: [Title]
    /// Of all titles together, a line each.
    package var notes: [String]

    package init(_ outcomes: [PlanOutcome], notes: [String] = []) {
        self.notes = notes
        formatVersion = Self.currentFormat
        titles = outcomes.map(Title.init)
    }

    /// UTF-8, `format_version` first, then keys sorted, indented, with a line feed at the end.
    /// - Throws: what `JSONEncoder` throws, which it does for numbers that are not finite alone.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return Data(FormatVersionFirst.moved(in: Array(try encoder.encode(self)))) + Data("\n".utf8)
    }
}

extension PlanDocument {
    package struct Title: Hashable, Sendable, Codable {
        package var id: String
        /// What follows is absent where the title cannot be planned; `error` says why, `warnings` where its files are not here yet.
        package var version: String?
        package var state: PlanState
        /// In which respects a published version is not what this program would make; absent: in none.
        package var outdated: [RefreshScope]?
        package var source: Source
        package var preset: String?
        /// Seconds, exact.
        package var duration: Rational?
        package var video: Video?
        package var renditions: [Rendition]
        package var dropped: [DroppedRung]
        package var audio: [Audio]
        package var text: [Text]
        package var images: Images?
        package var predicted: Predicted?
        package var warnings: [String]
        package var error: String?
    }

    package struct Source: Hashable, Sendable, Codable {
        package var path: String
        package var sha256: String?
        package var bytes: Int64?
        package var container: String?
        package var video: SourceVideo?
        package var audioTracks: Int?
        package var subtitleTracks: Int?
    }

    package struct SourceVideo: Hashable, Sendable, Codable {
        package var codec: String
        package var width: Int
        package var height: Int
        package var sampleAspectRatio: Rational
        package var frameRate: Rational
        package var constantFrameRate: Bool
        package var interlaced: Bool
        /// Degrees clockwise that set it upright.
        package var rotation: Int
        package var pixelFormat: String
        package var frames: Int
        package var access: VideoAccess
    }

    /// The grid.
    package struct Video: Hashable, Sendable, Codable {
        package var frameRate: Rational
        package var frames: Int
        package var gopFrames: Int
        package var segmentFrames: Int
        package var chunks: Int
        /// Pictures of the source that no frame shows, because they come closer together than `frame_rate`.
        package var picturesNotShown: Int
        /// Seconds that the last picture stands; absent where it stands no longer than others.
        package var lastPictureHeld: Rational?
        package var color: ColorTags
    }

    package struct Rendition: Hashable, Sendable, Codable {
        package var name: String
        package var codec: VideoCodec
        /// Absent for what is published already.
        package var level: String?
        package var width: Int
        package var height: Int
        package var frameRate: Rational
        package var frames: Int
        /// Bits per second; absent under a constant rate factor.
        package var bitRate: Int?
        /// Bits per second.
        package var maxRate: Int
    }

    package struct Audio: Hashable, Sendable, Codable {
        package var name: String
        package var codec: AudioCodec
        package var bitRate: Int
        package var channels: Int
        package var sampleRate: Int
        package var language: String
        package var label: String
        package var role: AudioRole
        package var isDefault: Bool
    }

    package struct Text: Hashable, Sendable, Codable {
        package var name: String
        package var language: String
        package var label: String
        package var role: TextRole
    }

    package struct Images: Hashable, Sendable, Codable {
        package var poster: ImagePlan.Size
        package var cards: [ImagePlan.Size]
        package var tile: ImagePlan.Size
        package var tiles: Int
        /// Seconds.
        package var interval: Rational
    }

    package struct Predicted: Hashable, Sendable, Codable {
        package var bytes: Int64
        /// Whole seconds: an estimate.
        package var cpuSeconds: Int64
        package var memoryBytes: Int64
    }
}
