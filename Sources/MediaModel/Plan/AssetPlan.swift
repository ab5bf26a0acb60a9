/// All that will be made of one title, decided before anything runs. A pure function of the source's facts, the request and the libraries.
package struct AssetPlan: Hashable, Sendable, Codable {
    package var id: String
    /// First 16 hex digits of a SHA-256 over everything that shapes the package's bytes.
    package var version: String
    package var source: SourceInfo
    package var presetName: String
    /// Source time that becomes the title's time 0, in seconds.
    package var origin: Rational
    package var grid: Grid
    /// nil for a title of sound alone; then `rungs` is empty too.
    package var picture: PicturePlan?
    /// Largest first.
    package var rungs: [RungPlan]
    package var dropped: [DroppedRung]
    package var audio: [AudioPlan]
    package var text: [TextPlan]
    package var images: ImagePlan?
    package var predicted: Prediction
    package var warnings: [String]
    package var acceptsDamage: Bool
    /// Pictures of the stretch that are not shown at the grid's rate, because others take their place.
    package var picturesNotShown: Int
    /// Seconds that the last picture stands, where that is longer than a picture does; nil otherwise.
    package var lastPictureHeld: Rational?
    /// What people call each input, as the manifest names it, by the hash of its content: for errors alone, and part of no key, version or
    /// package.
    package var labels: [String: String] = [:]

    package init(
        id: String, version: String, source: SourceInfo, presetName: String, origin: Rational, grid: Grid,
        picture: PicturePlan?, rungs: [RungPlan], dropped: [DroppedRung], audio: [AudioPlan], text: [TextPlan],
        images: ImagePlan?, predicted: Prediction, warnings: [String], acceptsDamage: Bool, picturesNotShown: Int = 0,
        lastPictureHeld: Rational? = nil
    ) {
        self.id = id
        self.version = version
        self.source = source
        self.presetName = presetName
        self.origin = origin
        self.grid = grid
        self.picture = picture
        self.rungs = rungs
        self.dropped = dropped
        self.audio = audio
        self.text = text
        self.images = images
        self.predicted = predicted
        self.warnings = warnings
        self.acceptsDamage = acceptsDamage
        self.picturesNotShown = picturesNotShown
        self.lastPictureHeld = lastPictureHeld
    }
}

extension AssetPlan {
    /// Ticks by which every video and audio track is composed later than it is presented; 0 where no video may be reordered. Audio alone
    /// must not be late: hls.js, which counts from the first `tfdt` of the main track, would take the edit list into account twice.
    package func compositionDelay(timescale: Int64) -> Int64 {
        rungs.contains { $0.rung.codec.reordersFrames } ? grid.compositionDelay(timescale: timescale) : 0
    }
}

/// What is done to every frame before it is scaled for a rung.
package struct PicturePlan: Hashable, Sendable, Codable {
    /// Deinterlace: one frame per field.
    package var deinterlace: Bool
    package var crop: Crop
    package var orientation: Orientation
    /// The upright picture with square pixels: pixels before any rung's scaling. Even sides.
    package var width: Int
    package var height: Int
    /// How the source's numbers are to be read, unspecified tags filled in.
    package var input: ColorTags
    /// What every rendition carries; limited range always.
    package var output: ColorTags
    /// The picture as most of the source stores it; one of another shape is fitted into it with bars. nil: none has another.
    package var stored: StoredShape?
    /// Fields that a telecine has repeated are taken out: four pictures of five are left, and none is deinterlaced twice.
    package var undoesTelecine = false

    package init(
        deinterlace: Bool, crop: Crop = Crop(), orientation: Orientation, width: Int, height: Int, input: ColorTags, output: ColorTags
    ) {
        self.deinterlace = deinterlace
        self.crop = crop
        self.orientation = orientation
        self.width = width
        self.height = height
        self.input = input
        self.output = output
    }
}

/// Pixels as the source stores them, before cropping and turning.
package struct StoredShape: Hashable, Sendable, Codable {
    package var width: Int
    package var height: Int
    /// Width of one pixel by its height.
    package var sampleAspectRatio: Rational
    /// The ratio is the container's word and holds for every picture of this size, whatever the bit stream says.
    package var isAspectFixed: Bool

    package init(width: Int, height: Int, sampleAspectRatio: Rational, isAspectFixed: Bool) {
        self.width = width
        self.height = height
        self.sampleAspectRatio = sampleAspectRatio
        self.isAspectFixed = isAspectFixed
    }
}

/// One encode of the picture, fitted to its source.
package struct RungPlan: Hashable, Sendable, Codable {
    package var rung: Rung
    /// Pixels of the rendition, square, even.
    package var width: Int
    package var height: Int
    /// Every n-th frame of the grid is kept.
    package var frameDivisor: Int
    package var frameRate: Rational
    package var frames: Int
    /// As declared in the stream: `rung.level`, or the lowest that holds size, rate and bit rate.
    package var level: String

    package init(
        rung: Rung, width: Int, height: Int, frameDivisor: Int, frameRate: Rational, frames: Int, level: String
    ) {
        self.rung = rung
        self.width = width
        self.height = height
        self.frameDivisor = frameDivisor
        self.frameRate = frameRate
        self.frames = frames
        self.level = level
    }
}

package struct DroppedRung: Hashable, Sendable, Codable {
    package var name: String
    /// One sentence without a full stop, such as `larger than the source (1280x720)`.
    package var reason: String

    package init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }
}

/// One sound in one format.
package struct AudioPlan: Hashable, Sendable, Codable {
    /// Folder name, such as `en-aac` or `2-fr-opus`.
    package var name: String
    /// nil: a track of the source; else an outside file, which starts with the title's source.
    package var file: ContentHash?
    /// Stream of the source or of the outside file.
    package var stream: Int
    package var format: AudioFormat
    /// BCP 47; `und` where nobody says.
    package var language: String
    package var label: String
    package var role: AudioRole
    /// The one that plays when nobody chooses.
    package var isDefault: Bool
    /// Decibels added where channels are mixed down; 0 for what is not.
    package var mixdownGain: Rational
    /// Where the clock of its file breaks and is followed.
    package var joints: [ClockJoint]

    package init(
        name: String, file: ContentHash?, stream: Int, format: AudioFormat, language: String, label: String,
        role: AudioRole, isDefault: Bool, mixdownGain: Rational = .zero, joints: [ClockJoint] = []
    ) {
        self.name = name
        self.file = file
        self.stream = stream
        self.format = format
        self.language = language
        self.label = label
        self.role = role
        self.isDefault = isDefault
        self.mixdownGain = mixdownGain
        self.joints = joints
    }
}

/// One subtitle file.
package struct TextPlan: Hashable, Sendable, Codable {
    /// Folder name, such as `fr` or `2-en-captions`.
    package var name: String
    package var file: ContentHash
    package var language: String
    package var label: String
    package var role: TextRole
    /// nil: UTF-8, or what files in its language come in.
    package var encoding: TextEncoding?
    /// Its name says so (`.vtt`): without WebVTT's signature it is wrong, and not SubRip.
    package var isNamedWebVTT: Bool

    package init(
        name: String, file: ContentHash, language: String, label: String, role: TextRole, encoding: TextEncoding? = nil,
        isNamedWebVTT: Bool = false
    ) {
        self.isNamedWebVTT = isNamedWebVTT
        self.name = name
        self.file = file
        self.language = language
        self.label = label
        self.role = role
        self.encoding = encoding
    }

    /// As a warning names it: by the label that people see, which no other subtitle of the title has.
    package var description: String { "subtitle '\(label)'" }
}

/// The still pictures.
package struct ImagePlan: Hashable, Sendable, Codable {
    package struct Size: Hashable, Sendable, Codable {
        package var width: Int
        package var height: Int

        package init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// The manifest's artwork; nil: the best frame.
    package var artwork: ContentHash?
    package var poster: Size
    /// Card sizes when a frame is used; an artwork keeps its own shape at the same widths.
    package var cards: [Size]
    package var tile: Size
    package var columns: Int
    package var rows: Int
    /// The grid's frame that each tile shows, one every `interval` seconds; the last tile covers the end.
    package var tileFrames: [Int]
    /// Seconds.
    package var interval: Rational
    /// 1 to 100.
    package var quality: Int

    package init(
        artwork: ContentHash?, poster: Size, cards: [Size], tile: Size, columns: Int, rows: Int, tileFrames: [Int],
        interval: Rational, quality: Int
    ) {
        self.artwork = artwork
        self.poster = poster
        self.cards = cards
        self.tile = tile
        self.columns = columns
        self.rows = rows
        self.tileFrames = tileFrames
        self.interval = interval
        self.quality = quality
    }
}

/// What a run will cost, before it runs.
package struct Prediction: Hashable, Sendable, Codable {
    /// Of the package.
    package var bytes: Int64
    package var cpuSeconds: Double
    /// Of one worker at its peak.
    package var memoryBytes: Int64

    package init(bytes: Int64, cpuSeconds: Double, memoryBytes: Int64) {
        self.bytes = bytes
        self.cpuSeconds = cpuSeconds
        self.memoryBytes = memoryBytes
    }
}
