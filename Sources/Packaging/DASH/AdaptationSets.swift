import Formats
import MediaModel

/// The adaptation sets of the period (ISO/IEC 23009-1, 5.3.3). Children follow the schema's order: AudioChannelConfiguration,
/// EssentialProperty, SupplementalProperty, Label, Accessibility, Role, SegmentTemplate, Representation.
enum AdaptationSets {
    private static let roles = "urn:mpeg:dash:role:2011"

    /// One set for each video codec, in the order of the package.
    static func video(_ package: AssetPackage) -> [XMLElement] {
        var codecs: [VideoCodec] = []
        for rendition in package.renditions where !codecs.contains(rendition.codec) { codecs.append(rendition.codec) }
        return codecs.enumerated().map { index, codec in
            videoSet(package.renditions.filter { $0.codec == codec }, color: package.video?.color, id: "\(index)")
        }
    }

    private static func videoSet(_ renditions: [VideoRendition], color: ColorTags?, id: String) -> XMLElement {
        let widest = renditions.max { $0.width < $1.width } ?? renditions[0]
        let shape = Rational(Int64(widest.width), Int64(widest.height))
        var set = XMLElement(
            "AdaptationSet",
            [
                ("id", id), ("contentType", "video"), ("mimeType", "video/mp4"), ("segmentAlignment", "true"),
                ("startWithSAP", "1"), ("maxWidth", renditions.map(\.width).max().map(String.init)),
                ("maxHeight", renditions.map(\.height).max().map(String.init)),
                ("maxFrameRate", renditions.map(\.frameRate).max().map(\.description)),
                ("par", "\(shape.numerator):\(shape.denominator)"),
            ])
        if let color { set.append(colorProperties(color)) }
        set.append(role("main"))
        // Renditions are cut alike, a divided frame rate included; only where a last segment differs has each its own timeline.
        let timelines = renditions.map { SegmentTimeline(segments: $0.segments, timescale: $0.timescale) }
        let shared = Set(timelines).count == 1
        let folder = "video/$RepresentationID$"
        if shared { set.append(timelines[0].template(folder: folder)) }
        for (rendition, timeline) in zip(renditions, timelines) {
            set.append(
                XMLElement(
                    "Representation",
                    [
                        ("id", rendition.name), ("codecs", rendition.codecs), ("bandwidth", "\(rendition.bandwidth)"),
                        ("width", "\(rendition.width)"), ("height", "\(rendition.height)"),
                        ("frameRate", rendition.frameRate.description), ("sar", "1:1"),
                    ], shared ? [] : [timeline.template(folder: folder)]))
        }
        return set
    }

    /// Code points of ISO/IEC 23091-2 that are known; supplemental, because a player that cannot tell them apart still plays SDR.
    private static func colorProperties(_ color: ColorTags) -> [XMLElement] {
        [("ColourPrimaries", color.primaries), ("TransferCharacteristics", color.transfer), ("MatrixCoefficients", color.matrix)]
            .filter { $0.1 != 2 }
            .map { descriptor("SupplementalProperty", "urn:mpeg:mpegB:cicp:\($0.0)", "\($0.1)") }
    }

    /// One set for each track in each codec.
    static func audio(_ package: AssetPackage) -> [XMLElement] {
        let firstID = Set(package.renditions.map(\.codec)).count
        return package.audio.enumerated().map { index, track in
            var set = XMLElement(
                "AdaptationSet",
                [
                    ("id", "\(firstID + index)"), ("contentType", "audio"), ("mimeType", "audio/mp4"),
                    ("lang", track.language), ("segmentAlignment", "true"), ("startWithSAP", "1"),
                ])
            if let configuration = channelConfiguration(track.channels) {
                set.append(
                    descriptor(
                        "AudioChannelConfiguration", "urn:mpeg:dash:23003:3:audio_channel_configuration:2011",
                        "\(configuration)"))
            }
            set.append(XMLElement("Label", text: track.label))
            // ISO/IEC 23009-1, 5.8.5.5: a description for those who do not see is another sound with an accessibility purpose.
            if track.role == .description { set.append(descriptor("Accessibility", roles, "description")) }
            set.append(role(track.role == .description ? "alternate" : track.role.rawValue))
            if track.isDefault && track.role != .main { set.append(role("main")) }
            set.append(SegmentTimeline(segments: track.segments, timescale: track.timescale).template(folder: track.path))
            set.append(
                XMLElement(
                    "Representation",
                    [
                        ("id", "audio-\(track.name)"), ("codecs", track.codecs), ("bandwidth", "\(track.bandwidth)"),
                        ("audioSamplingRate", "\(track.sampleRate)"),
                    ]))
            return set
        }
    }

    /// ISO/IEC 23091-3, ChannelConfiguration, by number of channels; nil for a layout that has no code.
    private static func channelConfiguration(_ channels: Int) -> Int? {
        switch channels {
        case 1...6: channels
        case 8: 12
        default: nil
        }
    }

    /// WebVTT in CMAF (`wvtt`, ISO/IEC 14496-30) over the picture's timeline: the form that the profile `cmaf:2019` asks for and that
    /// players read in segments. No contentType: FFmpeg's demuxer takes any set that says `text` for its own, and then refuses the whole
    /// MPD (in 5.1, files ending in `.vtt` are "blocked for security reasons"); the codecs string tells players all the same.
    static func text(_ package: AssetPackage) -> [XMLElement] {
        let firstID = Set(package.renditions.map(\.codec)).count + package.audio.count
        return package.text.enumerated().map { index, track in
            var set = XMLElement(
                "AdaptationSet",
                [
                    ("id", "\(firstID + index)"), ("mimeType", "application/mp4"), ("codecs", "wvtt"),
                    ("lang", track.language), ("segmentAlignment", "true"), ("startWithSAP", "1"),
                ])
            set.append(XMLElement("Label", text: track.label))
            if track.role == .captions { set.append(descriptor("Accessibility", roles, "caption")) }
            set.append(role(textRole(track.role)))
            set.append(SegmentTimeline(segments: track.segments, timescale: track.timescale).template(folder: track.path))
            set.append(
                XMLElement(
                    "Representation", [("id", "text-\(track.name)"), ("bandwidth", "\(textBandwidth(track, in: package))")]))
            return set
        }
    }

    private static func textRole(_ role: TextRole) -> String {
        switch role {
        case .subtitle: "subtitle"
        case .captions: "caption"
        case .forced: "forced-subtitle"
        }
    }

    /// The peak of the fMP4 form, whose sizes only the list of files knows; at least 1, for the attribute is not optional.
    private static func textBandwidth(_ track: TextRendition, in package: AssetPackage) -> Int {
        let prefix = track.path + "/"
        let sizes = package.files.reduce(into: [String: Int64]()) { sizes, file in
            if file.path.hasPrefix(prefix) { sizes[file.path] = file.bytes }
        }
        let weights = track.segments.map {
            BitRate.Weight(bits: 8 * (sizes["\(prefix)\(SegmentFact.stem($0.number)).m4s"] ?? 0), duration: $0.duration)
        }
        return max(1, BitRate.peak(weights, timescale: track.timescale, target: package.targetDuration))
    }

    private static func role(_ value: String) -> XMLElement { descriptor("Role", roles, value) }

    private static func descriptor(_ name: String, _ scheme: String, _ value: String) -> XMLElement {
        XMLElement(name, [("schemeIdUri", scheme), ("value", value)])
    }
}
