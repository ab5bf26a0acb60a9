/// One addressable file of a rendition, as it was written.
package struct SegmentFact: Hashable, Sendable, Codable {
    /// From 1, as in its file name.
    package var number: Int
    /// Ticks of the track's timescale, from the title's start: the `tfdt` (ISO/IEC 14496-12, 8.8.12).
    package var start: Int64
    /// Ticks.
    package var duration: Int64
    /// Coded frames (video), packets (audio) or cues (text) in it.
    package var samples: Int
    /// Of the whole file.
    package var bytes: Int64
    /// SHA-256, lower-case hex.
    package var sha256: String

    package init(number: Int, start: Int64, duration: Int64, samples: Int, bytes: Int64, sha256: String) {
        self.number = number
        self.start = start
        self.duration = duration
        self.samples = samples
        self.bytes = bytes
        self.sha256 = sha256
    }

    /// `00001` and so on: the file's name without its ending.
    package static func stem(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}

/// What encoding a run of segments left behind: an init segment and segments, in a folder, `init.mp4` and `00001.m4s` onwards.
package struct MediaRecord: Hashable, Sendable, Codable {
    /// Ticks per second.
    package var timescale: Int64
    package var segments: [SegmentFact]
    /// Things that were tolerated, such as a decode error under `damage: accept`.
    package var warnings: [String]
    package var initBytes: Int64
    /// SHA-256 of `init.mp4`, lower-case hex.
    package var initSHA256: String

    package init(timescale: Int64, segments: [SegmentFact], warnings: [String], initBytes: Int64, initSHA256: String) {
        self.timescale = timescale
        self.segments = segments
        self.warnings = warnings
        self.initBytes = initBytes
        self.initSHA256 = initSHA256
    }
}

/// The still pictures as written, in a folder.
package struct ImageRecord: Hashable, Sendable, Codable {
    package var images: [PackageImage]
    package var warnings: [String]

    package init(images: [PackageImage], warnings: [String]) {
        self.images = images
        self.warnings = warnings
    }
}
