import Formats
import MediaModel

/// From joined tracks to the renditions that the package declares: every value that a playlist will state is read or measured here.
enum TrackAssembly {
    /// A rung's chunks become `video/<rung>/`. Bandwidths are measured later, when all tracks are known.
    static func video(
        _ chunks: [TrackInput], rung: RungPlan, grid: Grid, in staging: inout StagingFolder
    ) throws(PackagingError) -> SegmentedTrack {
        let path = "video/\(rung.rung.name)"
        let track = try SegmentedTrack.join(chunks, as: path, in: &staging)
        try GridCheck.video(track.segments, rung: rung, grid: grid, timescale: track.timescale, path: path)
        guard track.description.kind == .video(width: rung.width, height: rung.height),
            codecFamily(rung.rung.codec).contains(String(track.description.codecs.prefix(4)))
        else {
            throw PackagingError(
                .mismatch, path,
                "was written as \(track.description.codecs) \(track.description.kind), the plan says \(rung.rung.codec.rawValue) "
                    + "\(rung.width)x\(rung.height)")
        }
        return track
    }

    /// Sample entries with the parameter sets in the sample description (Apple, 1.10).
    private static func codecFamily(_ codec: VideoCodec) -> Set<String> {
        switch codec {
        case .h264: ["avc1"]
        case .hevc: ["hvc1"]
        case .av1: ["av01"]
        }
    }

    static func rendition(
        _ track: SegmentedTrack, rung: RungPlan, target: Int
    ) throws(PackagingError) -> VideoRendition {
        let path = "video/\(rung.rung.name)"
        let cap = rung.rung.rateControl.cap
        let buffer = try RateCheck.report(track.coded, cap: cap, timescale: track.timescale, target: target, rendition: path)
        var bitRate: Int?
        if case .twoPass(let asked, _) = rung.rung.rateControl { bitRate = asked }
        return VideoRendition(
            name: rung.rung.name, codec: rung.rung.codec, codecs: track.description.codecs, width: rung.width,
            height: rung.height, frameRate: rung.frameRate, frames: rung.frames, bitRate: bitRate, maxRate: cap.maxRate,
            bandwidth: BitRate.peak(track.weights, timescale: track.timescale, target: target),
            averageBandwidth: BitRate.average(track.weights, timescale: track.timescale), buffer: buffer, path: path,
            timescale: track.timescale, segments: track.segments)
    }

    /// A sound becomes `audio/<name>/`.
    static func audio(
        _ input: TrackInput, plan: AudioPlan, grid: Grid, in staging: inout StagingFolder
    ) throws(PackagingError) -> SegmentedTrack {
        let path = "audio/\(plan.name)"
        let track = try SegmentedTrack.join([input], as: path, in: &staging)
        try GridCheck.audio(track.segments, format: plan.format, grid: grid, timescale: track.timescale, path: path)
        let family = plan.format.codec == .aac ? "mp4a" : "Opus"
        guard case .audio = track.description.kind, track.description.codecs.hasPrefix(family) else {
            throw PackagingError(
                .mismatch, path, "was written as \(track.description.codecs), the plan says \(plan.format.codec.rawValue)")
        }
        return track
    }

    static func rendition(_ track: SegmentedTrack, plan: AudioPlan, target: Int) -> AudioRendition {
        var (channels, sampleRate) = (plan.format.channels, plan.format.sampleRate)
        if case .audio(let written, let rate) = track.description.kind { (channels, sampleRate) = (written, rate) }
        return AudioRendition(
            name: plan.name, codec: plan.format.codec, codecs: track.description.codecs, language: plan.language,
            label: plan.label, role: plan.role, isDefault: plan.isDefault, channels: channels, sampleRate: sampleRate,
            bitRate: plan.format.bitRate, bandwidth: BitRate.peak(track.weights, timescale: track.timescale, target: target),
            averageBandwidth: BitRate.average(track.weights, timescale: track.timescale), path: "audio/\(plan.name)",
            timescale: track.timescale, segments: track.segments)
    }

    /// All forms of a text track become `text/<name>/`.
    static func text(
        _ input: TrackInput, plan: TextPlan, grid: Grid, in staging: inout StagingFolder
    ) throws(PackagingError) -> TextRendition {
        let path = "text/\(plan.name)"
        let record = input.record
        try GridCheck.text(record.segments, grid: grid, timescale: record.timescale, path: path)
        try staging.makeFolder(path)
        try staging.linkMeasured("\(input.folder)/init.mp4", as: "\(path)/init.mp4")
        try staging.linkMeasured("\(input.folder)/\(TextConversion.wholeFile)", as: "\(path)/\(TextConversion.wholeFile)")
        for fact in record.segments {
            let stem = SegmentFact.stem(fact.number)
            let bytes = try staging.linkMeasured("\(input.folder)/\(stem).vtt", as: "\(path)/\(stem).vtt")
            guard Files.sha256(bytes) == fact.sha256 else {
                throw PackagingError(.mismatch, "\(path)/\(stem).vtt", "has changed since its record was written (another SHA-256)")
            }
            try staging.linkMeasured("\(input.folder)/\(stem).m4s", as: "\(path)/\(stem).m4s")
        }
        return TextRendition(
            name: plan.name, language: plan.language, label: plan.label, role: plan.role, path: path,
            timescale: record.timescale, segments: record.segments)
    }

    /// All still pictures become `images/`, whatever folder their record names.
    static func images(
        _ images: (folder: String, record: ImageRecord), in staging: inout StagingFolder
    ) throws(PackagingError) -> [PackageImage] {
        try staging.makeFolder("images")
        var result: [PackageImage] = []
        for var image in images.record.images {
            let name = image.path.split(separator: "/").last.map(String.init) ?? image.path
            image.path = "images/\(name)"
            try staging.linkMeasured("\(images.folder)/\(name)", as: image.path)
            result.append(image)
        }
        return result
    }
}
