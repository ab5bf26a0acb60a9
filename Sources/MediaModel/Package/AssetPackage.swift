/// A finished package: `package.json`, every fact of it and no circumstance of its making (no clock time, path, host, worker count).
package struct AssetPackage: Hashable, Sendable, Codable {
    package static let currentFormat = 1

    package var formatVersion: Int
    package var id: String
    package var version: String
    /// Seconds, exact.
    package var duration: Rational
    package var source: PackageSource
    /// nil for sound alone.
    package var video: PackageVideo?
    /// Largest first.
    package var renditions: [VideoRendition]
    package var audio: [AudioRendition]
    package var text: [TextRendition]
    package var images: [PackageImage]
    /// What made the images; nil without any, and in what an earlier program wrote.
    package var imagesPiece: PackagePiece?
    package var provenance: Provenance
    package var warnings: [String]
    /// Every file but `package.json` itself, sorted by path.
    package var files: [PackageFile]

    package init(
        id: String, version: String, duration: Rational, source: PackageSource, video: PackageVideo?,
        renditions: [VideoRendition], audio: [AudioRendition], text: [TextRendition], images: [PackageImage],
        provenance: Provenance, warnings: [String], files: [PackageFile]
    ) {
        self.formatVersion = Self.currentFormat
        self.id = id
        self.version = version
        self.duration = duration
        self.source = source
        self.video = video
        self.renditions = renditions
        self.audio = audio
        self.text = text
        self.images = images
        self.provenance = provenance
        self.warnings = warnings
        self.files = files
    }
}

/// What the package was made from.
package struct PackageSource: Hashable, Sendable, Codable {
    /// SHA-256 of the source file, lower-case hex.
    package var sha256: String
    package var bytes: Int64

    package init(sha256: String, bytes: Int64) {
        self.sha256 = sha256
        self.bytes = bytes
    }
}

/// The grid, in the words of the plan's JSON.
package struct PackageVideo: Hashable, Sendable, Codable {
    package var frameRate: Rational
    package var frames: Int
    package var gopFrames: Int
    package var segmentFrames: Int
    package var chunks: Int
    /// `cicp` code points that every rendition carries.
    package var color: ColorTags

    package init(frameRate: Rational, frames: Int, gopFrames: Int, segmentFrames: Int, chunks: Int, color: ColorTags) {
        self.frameRate = frameRate
        self.frames = frames
        self.gopFrames = gopFrames
        self.segmentFrames = segmentFrames
        self.chunks = chunks
        self.color = color
    }
}

/// The track that a rung became. Bit rates in bits per second, measured in the written bytes.
package struct VideoRendition: Hashable, Sendable, Codable {
    package var name: String
    package var codec: VideoCodec
    /// RFC 6381, read from the written sample description.
    package var codecs: String
    package var width: Int
    package var height: Int
    package var frameRate: Rational
    package var frames: Int
    /// Asked of the encoder, bits per second; nil under a constant rate factor.
    package var bitRate: Int?
    /// Cap asked of the encoder, bits per second.
    package var maxRate: Int
    /// Peak over any run of segments that lasts 0.5 to 1.5 target durations (RFC 8216, 4.3.4.2).
    package var bandwidth: Int
    package var averageBandwidth: Int
    /// nil where nobody looked.
    package var buffer: RateBufferReport?
    /// Folder in the package, such as `video/1080p`.
    package var path: String
    package var timescale: Int64
    package var segments: [SegmentFact]
    /// What it was joined from, in order; nil in what an earlier program wrote.
    package var pieces: [PackagePiece]?

    package init(
        name: String, codec: VideoCodec, codecs: String, width: Int, height: Int, frameRate: Rational, frames: Int,
        bitRate: Int?, maxRate: Int, bandwidth: Int, averageBandwidth: Int, buffer: RateBufferReport? = nil, path: String,
        timescale: Int64, segments: [SegmentFact]
    ) {
        self.name = name
        self.codec = codec
        self.codecs = codecs
        self.width = width
        self.height = height
        self.frameRate = frameRate
        self.frames = frames
        self.bitRate = bitRate
        self.maxRate = maxRate
        self.bandwidth = bandwidth
        self.averageBandwidth = averageBandwidth
        self.buffer = buffer
        self.path = path
        self.timescale = timescale
        self.segments = segments
    }
}

/// One sound in one coding. Bit rates in bits per second.
package struct AudioRendition: Hashable, Sendable, Codable {
    package var name: String
    package var codec: AudioCodec
    /// RFC 6381, read from the written sample description.
    package var codecs: String
    /// Language as BCP 47, such as `fr`.
    package var language: String
    package var label: String
    package var role: AudioRole
    package var isDefault: Bool
    package var channels: Int
    /// Samples per second.
    package var sampleRate: Int
    /// Asked of the encoder.
    package var bitRate: Int
    /// Peak in the written bytes, as a picture's.
    package var bandwidth: Int
    package var averageBandwidth: Int
    /// Folder in the package, such as `audio/en-aac`.
    package var path: String
    /// Ticks per second of `segments`.
    package var timescale: Int64
    package var segments: [SegmentFact]
    /// What it was joined from: one piece; nil in what an earlier program wrote.
    package var pieces: [PackagePiece]?

    package init(
        name: String, codec: AudioCodec, codecs: String, language: String, label: String, role: AudioRole,
        isDefault: Bool, channels: Int, sampleRate: Int, bitRate: Int, bandwidth: Int, averageBandwidth: Int,
        path: String, timescale: Int64, segments: [SegmentFact]
    ) {
        self.name = name
        self.codec = codec
        self.codecs = codecs
        self.language = language
        self.label = label
        self.role = role
        self.isDefault = isDefault
        self.channels = channels
        self.sampleRate = sampleRate
        self.bitRate = bitRate
        self.bandwidth = bandwidth
        self.averageBandwidth = averageBandwidth
        self.path = path
        self.timescale = timescale
        self.segments = segments
    }
}

/// One subtitle or caption track, as WebVTT segments.
package struct TextRendition: Hashable, Sendable, Codable {
    package var name: String
    /// Language as BCP 47, such as `fr`.
    package var language: String
    package var label: String
    package var role: TextRole
    /// Folder in the package, such as `text/fr`.
    package var path: String
    /// Ticks per second of `segments`: the video's.
    package var timescale: Int64
    package var segments: [SegmentFact]

    package init(
        name: String, language: String, label: String, role: TextRole, path: String, timescale: Int64,
        segments: [SegmentFact]
    ) {
        self.name = name
        self.language = language
        self.label = label
        self.role = role
        self.path = path
        self.timescale = timescale
        self.segments = segments
    }
}

/// One still picture of the package.
package struct PackageImage: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable {
        case poster, card, sprite
        /// The WebVTT map of the sprites.
        case spriteMap = "sprite_map"
    }

    package var kind: Kind
    /// In the package, such as `images/poster.jpg`.
    package var path: String
    /// Pixels; 0 for the map.
    package var width: Int
    package var height: Int

    package init(kind: Kind, path: String, width: Int, height: Int) {
        self.kind = kind
        self.path = path
        self.width = width
        self.height = height
    }
}

/// How a package came to be.
package struct Provenance: Hashable, Sendable, Codable {
    /// Program version; catalog only, not encoded, so releases write the same bytes.
    package var reelmill: String = ""
    package var preset: String
    package var libraries: [LibraryIdentity]

    private enum CodingKeys: String, CodingKey { case preset, libraries }

    package init(reelmill: String, preset: String, libraries: [LibraryIdentity]) {
        self.reelmill = reelmill
        self.preset = preset
        self.libraries = libraries
    }
}

/// One file of the package.
package struct PackageFile: Hashable, Sendable, Codable {
    /// Relative to the version's folder, with forward slashes.
    package var path: String
    package var bytes: Int64
    package var sha256: String
    package var contentType: String
    /// nil: the file is too small for them.
    package var pieces: FilePieces?

    package init(path: String, bytes: Int64, sha256: String, contentType: String, pieces: FilePieces? = nil) {
        self.path = path
        self.bytes = bytes
        self.sha256 = sha256
        self.contentType = contentType
        self.pieces = pieces
    }
}
