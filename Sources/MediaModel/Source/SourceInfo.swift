/// Facts of one source file, as read from its packets and its first decoded frames: what the planner decides on.
package struct SourceInfo: Hashable, Sendable, Codable {
    /// SHA-256 of the file's bytes, in lower-case hex.
    package var fingerprint: String
    /// Size in bytes.
    package var byteCount: Int64
    /// libavformat's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    package var container: String
    /// What the container says it lasts, in seconds; nil where it says nothing.
    package var declaredDuration: Rational?
    /// The picture to use: the default track, else the largest; nil for sound alone.
    package var video: VideoTrackInfo?
    package var audio: [AudioTrackInfo]
    package var subtitles: [SubtitleTrackInfo]
    /// What is wrong with the file but may be accepted (`damage: accept`): a truncation, a packet that libavformat marked corrupt.
    package var damage: [String]
    /// What a person should know and nobody has to accept: programs that are not used, pictures of another size, a start left out.
    package var notes: [String] = []
    /// The programs of a transport stream; empty in other containers.
    package var programs: [ProgramInfo] = []
    /// Number of the program that `video` and `audio` belong to; nil where there are none.
    package var program: Int?
    /// The program that the manifest asked for; nil: nobody chose.
    package var chosenProgram: Int?
    /// Where the clock breaks and is followed; empty for an ordinary source. All times here are those after the joints.
    package var joints: [ClockJoint] = []

    package init(
        fingerprint: String, byteCount: Int64, container: String, declaredDuration: Rational?, video: VideoTrackInfo?,
        audio: [AudioTrackInfo], subtitles: [SubtitleTrackInfo], damage: [String]
    ) {
        self.fingerprint = fingerprint
        self.byteCount = byteCount
        self.container = container
        self.declaredDuration = declaredDuration
        self.video = video
        self.audio = audio
        self.subtitles = subtitles
        self.damage = damage
    }
}

/// One program of a transport stream (ISO/IEC 13818-1).
package struct ProgramInfo: Hashable, Sendable, Codable {
    /// `program_number`.
    package var number: Int
    package var pictures: Int
    package var sounds: Int

    package init(number: Int, pictures: Int, sounds: Int) {
        self.number = number
        self.pictures = pictures
        self.sounds = sounds
    }
}

/// Facts of the picture.
package struct VideoTrackInfo: Hashable, Sendable, Codable {
    /// Index of the stream in the container.
    package var stream: Int
    /// libavcodec's name of the codec, such as `h264`.
    package var codec: String
    /// Decoded pixels, before rotation.
    package var width: Int
    package var height: Int
    /// Shape of one stored pixel, width by height; 1 where the source says nothing.
    package var sampleAspectRatio: Rational
    /// How the decoded picture must be turned to stand upright.
    package var orientation: Orientation
    /// libavutil's name of the decoded pixel format, such as `yuv420p10le`.
    package var pixelFormat: String
    /// Bits of one component.
    package var bitDepth: Int
    package var color: ColorTags
    package var isInterlaced: Bool
    /// The rate on whose grid most frames stand, exactly; else the lowest standard rate that shows all but a few of them.
    package var frameRate: Rational
    /// Frames divided by the time they last, the last one counted as one of `frameRate`.
    package var averageFrameRate: Rational
    /// Most ticks of `frameRate` have a frame.
    package var hasConstantFrameRate: Bool
    /// Frames that are shown, by the index.
    package var frames: Int
    /// When the first frame is shown, on the source's clock, in seconds; may be negative.
    package var start: Rational
    /// When the last frame ends, on the source's clock, in seconds, as the file declares.
    package var end: Rational
    /// When the last frame begins, on the source's clock, in seconds.
    package var lastStart: Rational
    /// How a stretch of the source may be reached.
    package var access: VideoAccess
    /// When the first stored picture would be shown, in seconds, where the pictures from there to `start` do not decode (the file begins
    /// in the middle of a group of pictures) and are left out; nil where none are.
    package var storedStart: Rational?
    /// Width and height are those of most pictures; some have others, and are fitted into them with bars.
    package var hasOtherSizes = false
    /// The container says what shape the pixels have, and its word comes before the bit stream's.
    package var hasContainerAspect = false

    package init(
        stream: Int, codec: String, width: Int, height: Int, sampleAspectRatio: Rational, orientation: Orientation,
        pixelFormat: String, bitDepth: Int, color: ColorTags, isInterlaced: Bool, frameRate: Rational,
        averageFrameRate: Rational, hasConstantFrameRate: Bool, frames: Int, start: Rational, end: Rational,
        lastStart: Rational? = nil, access: VideoAccess
    ) {
        self.stream = stream
        self.codec = codec
        self.width = width
        self.height = height
        self.sampleAspectRatio = sampleAspectRatio
        self.orientation = orientation
        self.pixelFormat = pixelFormat
        self.bitDepth = bitDepth
        self.color = color
        self.isInterlaced = isInterlaced
        self.frameRate = frameRate
        self.averageFrameRate = averageFrameRate
        self.hasConstantFrameRate = hasConstantFrameRate
        self.frames = frames
        self.start = start
        self.end = end
        self.lastStart = lastStart ?? max(start, end - frameRate.reciprocal)
        self.access = access
    }
}

/// How exactly a source can be entered in the middle.
package enum VideoAccess: String, Hashable, Sendable, Codable {
    /// Every frame has its time, and times never jump: chunks may start anywhere.
    case seekable
    /// Times are there but cannot be trusted for seeking: decoded in one go.
    case sequential
    /// Times are there, but which picture each belongs to shows in the order alone: decoded in one go, pictures take them as they come.
    case counted
    /// No times at all (a raw stream): decoded in one go, frames numbered.
    case numbered
}

/// One of the eight ways in which a picture can be stored, as the source's display matrix says: first mirrored, then turned.
package struct Orientation: Hashable, Sendable, Codable {
    /// Mirrored left to right before turning.
    package var mirrored: Bool
    /// Degrees clockwise that set it upright: 0, 90, 180 or 270.
    package var clockwise: Int

    package static let upright = Orientation(mirrored: false, clockwise: 0)

    package init(mirrored: Bool, clockwise: Int) {
        self.mirrored = mirrored
        self.clockwise = clockwise
    }

    /// True where width and height change places.
    package var swapsSides: Bool { clockwise % 180 != 0 }
}

/// Colour description by the code points of ISO/IEC 23091-2 (H.273); 2 means unspecified.
package struct ColorTags: Hashable, Sendable, Codable {
    package var primaries: Int
    package var transfer: Int
    package var matrix: Int
    package var isFullRange: Bool

    package init(primaries: Int, transfer: Int, matrix: Int, isFullRange: Bool) {
        self.primaries = primaries
        self.transfer = transfer
        self.matrix = matrix
        self.isFullRange = isFullRange
    }

    package static let bt709 = ColorTags(primaries: 1, transfer: 1, matrix: 1, isFullRange: false)

    /// PQ (SMPTE ST 2084) or HLG (ARIB STD-B67).
    package var isHDR: Bool { transfer == 16 || transfer == 18 }
}

/// Facts of one sound track.
package struct AudioTrackInfo: Hashable, Sendable, Codable {
    package var stream: Int
    package var codec: String
    /// Samples per second.
    package var sampleRate: Int
    package var channels: Int
    /// libavutil's description of the layout, such as `stereo` or `5.1(side)`.
    package var layout: String
    /// ISO 639 code as the container has it; nil where it says nothing or `und`.
    package var language: String?
    /// The container's title of the track.
    package var label: String?
    package var isDefault: Bool
    package var isCommentary: Bool
    /// On the source's clock, in seconds.
    package var start: Rational
    package var end: Rational
    /// Seconds that packets fill: less than from `start` to `end` where there are gaps.
    package var filled: Rational

    /// - Parameter filled: nil: as long as the track lasts.
    package init(
        stream: Int, codec: String, sampleRate: Int, channels: Int, layout: String, language: String?, label: String?,
        isDefault: Bool, isCommentary: Bool, start: Rational, end: Rational, filled: Rational? = nil
    ) {
        self.stream = stream
        self.codec = codec
        self.sampleRate = sampleRate
        self.channels = channels
        self.layout = layout
        self.language = language
        self.label = label
        self.isDefault = isDefault
        self.isCommentary = isCommentary
        self.start = start
        self.end = end
        self.filled = filled ?? end - start
    }
}

/// Facts of one subtitle track inside a source.
package struct SubtitleTrackInfo: Hashable, Sendable, Codable {
    package var stream: Int
    package var codec: String
    package var language: String?
    package var label: String?
    package var isForced: Bool

    package init(stream: Int, codec: String, language: String?, label: String?, isForced: Bool) {
        self.stream = stream
        self.codec = codec
        self.language = language
        self.label = label
        self.isForced = isForced
    }
}
