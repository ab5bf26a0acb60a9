/// A preset, resolved: every rung with all its settings, defaults filled in. What the file says; what is made of it for one source is an
/// `AssetPlan`.
package struct Preset: Hashable, Sendable, Codable {
    package var name: String
    package var summary: String
    /// Seconds; the grid takes the nearest whole frames.
    package var segmentDuration: Rational
    package var gopDuration: Rational
    package var chunkDuration: Rational
    /// Largest first.
    package var rungs: [Rung]
    package var audio: [AudioFormat]
    /// nil: no poster, cards or sprite.
    package var images: ImageSettings?

    package init(
        name: String, summary: String, segmentDuration: Rational, gopDuration: Rational, chunkDuration: Rational,
        rungs: [Rung], audio: [AudioFormat], images: ImageSettings?
    ) {
        self.name = name
        self.summary = summary
        self.segmentDuration = segmentDuration
        self.gopDuration = gopDuration
        self.chunkDuration = chunkDuration
        self.rungs = rungs
        self.audio = audio
        self.images = images
    }
}

/// A planned encode of the picture.
package struct Rung: Hashable, Sendable, Codable {
    /// Folder name of the rendition, `[a-z0-9-]`, such as `1080p`.
    package var name: String
    package var codec: VideoCodec
    /// libavcodec's name of the encoder, such as `libx264`.
    package var encoder: String
    /// The box that the picture is fitted into, for a landscape picture; sides change places for a portrait one. Pixels.
    package var width: Int
    package var height: Int
    /// Faster sources are divided by a whole number; nil leaves them.
    package var maxFrameRate: Rational?
    package var rateControl: RateControl
    /// The encoder's own preset: `medium` for x264 and x265, `8` for SVT-AV1.
    package var speed: String
    /// The encoder's profile, such as `high` or `main10`; nil leaves the choice to it.
    package var profile: String?
    /// Such as `4.1`; nil: the lowest that holds the rung.
    package var level: String?
    /// 8 or 10 bits of one component.
    package var bitDepth: Int
    /// Options handed to the encoder as they are, such as `x264-params`.
    package var options: [String: String]

    package init(
        name: String, codec: VideoCodec, encoder: String, width: Int, height: Int, maxFrameRate: Rational?,
        rateControl: RateControl, speed: String, profile: String?, level: String?, bitDepth: Int,
        options: [String: String]
    ) {
        self.name = name
        self.codec = codec
        self.encoder = encoder
        self.width = width
        self.height = height
        self.maxFrameRate = maxFrameRate
        self.rateControl = rateControl
        self.speed = speed
        self.profile = profile
        self.level = level
        self.bitDepth = bitDepth
        self.options = options
    }
}

package enum VideoCodec: String, Hashable, Sendable, Codable, CaseIterable {
    case h264, hevc, av1

    /// The encoder that a preset gets when it names none.
    package var defaultEncoder: String {
        switch self {
        case .h264: "libx264"
        case .hevc: "libx265"
        case .av1: "libsvtav1"
        }
    }

    /// Frames may be decoded in another order than they are shown. A temporal unit of AV1 holds the frames that are decoded early and the
    /// one that is shown: its units are in order.
    package var reordersFrames: Bool { self != .av1 }
}

/// How an encoder spends its bits. All figures in bits per second, buffers in bits.
package enum RateControl: Hashable, Sendable, Codable {
    /// Constant rate factor under a cap: easy pictures cost less, hard ones never more than `maxRate` through a buffer of `bufferSize`.
    case cappedCRF(crf: Rational, cap: RateCap)
    /// The title's bits, `bitRate` times its length, shared out over all chunks by a first pass.
    case twoPass(bitRate: Int, cap: RateCap)

    package var cap: RateCap {
        switch self {
        case .cappedCRF(_, let cap), .twoPass(_, let cap): cap
        }
    }
}

package struct RateCap: Hashable, Sendable, Codable {
    /// Bits per second.
    package var maxRate: Int
    /// Bits.
    package var bufferSize: Int

    package init(maxRate: Int, bufferSize: Int) {
        self.maxRate = maxRate
        self.bufferSize = bufferSize
    }
}

/// One way in which every sound of a title is encoded.
package struct AudioFormat: Hashable, Sendable, Codable {
    package var codec: AudioCodec
    /// Bits per second.
    package var bitRate: Int
    package var channels: Int
    /// Samples per second.
    package var sampleRate: Int

    package init(codec: AudioCodec, bitRate: Int, channels: Int = 2, sampleRate: Int = 48000) {
        self.codec = codec
        self.bitRate = bitRate
        self.channels = channels
        self.sampleRate = sampleRate
    }
}

package enum AudioCodec: String, Hashable, Sendable, Codable, CaseIterable {
    case aac, opus

    /// PCM samples that a coded frame holds: AAC at the track's rate, Opus at 48 kHz.
    package var frameSamples: Int {
        switch self {
        case .aac: 1024
        case .opus: 960
        }
    }

    /// Seconds that a coded frame lasts, exact.
    /// - Parameter sampleRate: the track's, samples per second.
    package func frameDuration(sampleRate: Int) -> Rational {
        switch self {
        case .aac: Rational(Int64(frameSamples), Int64(sampleRate))
        case .opus: Rational(Int64(frameSamples), 48000)
        }
    }
}

package struct ImageSettings: Hashable, Sendable, Codable {
    /// The box that the poster is fitted into, for a landscape picture. Pixels.
    package var posterWidth: Int
    package var cardWidths: [Int]
    /// The sprite's tile: its longer side in pixels.
    package var spriteWidth: Int
    package var spriteColumns: Int
    package var spriteRows: Int
    /// Seconds between two tiles; the planner may take more for a long title.
    package var spriteInterval: Rational
    /// 1 to 100.
    package var quality: Int

    package init(
        posterWidth: Int = 1280, cardWidths: [Int] = [320, 640], spriteWidth: Int = 160, spriteColumns: Int = 10,
        spriteRows: Int = 10, spriteInterval: Rational = Rational(2), quality: Int = 82
    ) {
        self.posterWidth = posterWidth
        self.cardWidths = cardWidths
        self.spriteWidth = spriteWidth
        self.spriteColumns = spriteColumns
        self.spriteRows = spriteRows
        self.spriteInterval = spriteInterval
        self.quality = quality
    }
}
