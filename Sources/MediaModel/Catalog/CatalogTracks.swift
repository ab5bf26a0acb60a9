/// A video rendition as the catalog has it: `VideoRendition` without its segments. Bit rates in bits per second.
package struct CatalogRendition: Hashable, Sendable, Codable {
    package var name: String
    package var codec: VideoCodec
    /// RFC 6381.
    package var codecs: String
    package var width: Int
    package var height: Int
    package var frameRate: Rational
    package var frames: Int
    /// Asked of the encoder; nil under a constant rate factor.
    package var bitRate: Int?
    package var maxRate: Int
    /// Measured peak.
    package var bandwidth: Int
    package var averageBandwidth: Int
    /// Folder in the package, such as `video/1080p`.
    package var path: String

    package init(
        name: String, codec: VideoCodec, codecs: String, width: Int, height: Int, frameRate: Rational, frames: Int,
        bitRate: Int?, maxRate: Int, bandwidth: Int, averageBandwidth: Int, path: String
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
        self.path = path
    }
}

/// A sound track as the catalog has it: `AudioRendition` without its segments. Bit rates in bits per second.
package struct CatalogAudioTrack: Hashable, Sendable, Codable {
    package var name: String
    package var codec: AudioCodec
    /// RFC 6381.
    package var codecs: String
    /// BCP 47.
    package var language: String
    package var label: String
    package var role: AudioRole
    package var isDefault: Bool
    package var channels: Int
    /// Samples per second.
    package var sampleRate: Int
    package var bitRate: Int
    package var bandwidth: Int
    package var averageBandwidth: Int
    /// Folder in the package, such as `audio/en-stereo`.
    package var path: String

    package init(
        name: String, codec: AudioCodec, codecs: String, language: String, label: String, role: AudioRole, isDefault: Bool,
        channels: Int, sampleRate: Int, bitRate: Int, bandwidth: Int, averageBandwidth: Int, path: String
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
    }
}

/// A subtitle track as the catalog has it: `TextRendition` without its segments.
package struct CatalogTextTrack: Hashable, Sendable, Codable {
    package var name: String
    /// BCP 47.
    package var language: String
    package var label: String
    package var role: TextRole
    /// Folder in the package, such as `text/fr`.
    package var path: String

    package init(name: String, language: String, label: String, role: TextRole, path: String) {
        self.name = name
        self.language = language
        self.label = label
        self.role = role
        self.path = path
    }
}
