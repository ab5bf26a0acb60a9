import MediaModel

/// One clip to be made: what is seen, what is heard, and the file that holds both.
struct Film {
    /// Relative path; the ending names the container.
    var file: String
    var picture: Picture
    var sound: Sound?

    /// libavformat's name of the container.
    var container: String {
        switch file.split(separator: ".").last {
        case "mov": "mov"
        case "mkv": "matroska"
        default: "mp4"
        }
    }
}

/// Moving pictures by libavfilter's own sources.
struct Picture {
    /// A graph that makes its frames itself and ends in RGB or YUV of any size; what follows it scales and tags.
    var graph: String
    /// Stored pixels, before `orientation`.
    var width: Int
    var height: Int
    var frameRate: Rational
    /// Whole frames; the film ends after them.
    var frames: Int
    var orientation: Orientation = .upright
    /// Times as the graph gives them, in milliseconds, instead of one frame after another.
    var hasVariableRate = false
}

/// Sound by libavfilter's own sources.
struct Sound {
    /// A graph that ends in 48 kHz float samples of `channels`.
    var graph: String
    var channels: Int
    /// libavcodec's name of the encoder, and the sample format it takes.
    var encoder: String
    var sampleFormat: String
    /// Bits per second; 0 for PCM.
    var bitRate: Int
    var language: String?
}

extension Sound {
    static func aac(_ graph: String, channels: Int = 2, language: String? = nil) -> Sound {
        Sound(graph: graph, channels: channels, encoder: "aac", sampleFormat: "fltp", bitRate: 64000 * channels, language: language)
    }

    static func pcm(_ graph: String, channels: Int = 2, language: String? = nil) -> Sound {
        Sound(graph: graph, channels: channels, encoder: "pcm_s16le", sampleFormat: "s16", bitRate: 0, language: language)
    }

    static func ac3(_ graph: String, channels: Int, language: String? = nil) -> Sound {
        Sound(graph: graph, channels: channels, encoder: "ac3", sampleFormat: "fltp", bitRate: 448_000, language: language)
    }
}
