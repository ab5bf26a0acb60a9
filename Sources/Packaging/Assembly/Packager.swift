package import MediaModel

/// Joins what the transcoder left into the folder that a version is published from.
package enum Packager {
    /// Lays out `folder` as a version: segments (hard links where the file system has them), playlists, MPD and, last, `package.json`.
    ///
    /// - Parameters:
    ///   - folder: is made where it is missing; what an earlier, interrupted call left in it is removed.
    ///   - onFile: called after each file, all of which is read and hashed.
    /// - Returns: what `package.json` holds.
    /// - Throws: `mismatch` where a track is not what was planned or recorded, `rateExceeded`, `malformed`, `fileSystem`, `diskFull`.
    package static func assemble(
        _ input: PackageInput, into folder: String, onFile: @escaping () -> Void = {}
    ) throws(PackagingError) -> AssetPackage {
        try demandComplete(input)
        let grid = input.plan.grid
        var staging = try StagingFolder(folder, onFile: onFile)

        var video: [SegmentedTrack] = []
        for (rung, chunks) in zip(input.plan.rungs, input.video) {
            video.append(try TrackAssembly.video(chunks, rung: rung, grid: grid, in: &staging))
        }
        var audio: [SegmentedTrack] = []
        for (plan, track) in zip(input.plan.audio, input.audio) {
            audio.append(try TrackAssembly.audio(track, plan: plan, grid: grid, in: &staging))
        }
        var text: [TextRendition] = []
        for (plan, track) in zip(input.plan.text, input.text) {
            text.append(try TrackAssembly.text(track, plan: plan, grid: grid, in: &staging))
        }
        var images: [PackageImage] = []
        if let stills = input.images { images = try TrackAssembly.images(stills, in: &staging) }

        let target = TargetDuration.seconds(
            of: (video + audio).map { ($0.timescale, $0.segments) } + text.map { ($0.timescale, $0.segments) })
        var renditions: [VideoRendition] = []
        for (index, track) in video.enumerated() {
            var rendition = try TrackAssembly.rendition(track, rung: input.plan.rungs[index], target: target)
            rendition.pieces = pieces(input.video[index])
            renditions.append(rendition)
        }
        var package = AssetPackage(
            id: input.plan.id, version: input.plan.version, duration: grid.duration,
            source: PackageSource(sha256: input.plan.source.fingerprint, bytes: input.plan.source.byteCount),
            video: videoFacts(input.plan), renditions: renditions,
            audio: zip(input.plan.audio, audio).map { TrackAssembly.rendition($1, plan: $0, target: target) }, text: text,
            images: images, provenance: input.provenance, warnings: warnings(input), files: staging.files)
        for (index, track) in input.audio.enumerated() { package.audio[index].pieces = pieces([track]) }
        package.imagesPiece = input.images == nil ? nil : input.imagesPiece
        try writePlaylists(of: package, in: &staging)
        package.files = staging.files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        try Files.write(try PackageDocument.encode(package), to: "\(folder)/\(StagingFolder.document)")
        return package
    }

    /// nil where nobody says of one of them what it is.
    private static func pieces(_ inputs: [TrackInput]) -> [PackagePiece]? {
        let pieces = inputs.compactMap(\.piece)
        return pieces.count == inputs.count ? pieces : nil
    }

    private static func demandComplete(_ input: PackageInput) throws(PackagingError) {
        let plan = input.plan
        for (what, planned, given) in [
            ("rungs", plan.rungs.count, input.video.count), ("audio tracks", plan.audio.count, input.audio.count),
            ("text tracks", plan.text.count, input.text.count),
        ] where planned != given {
            throw PackagingError(.mismatch, plan.id, "the plan has \(planned) \(what), \(given) were handed in")
        }
        if plan.rungs.isEmpty && plan.audio.isEmpty {
            throw PackagingError(.mismatch, plan.id, "has neither picture nor sound")
        }
    }

    private static func videoFacts(_ plan: AssetPlan) -> PackageVideo? {
        plan.picture.map {
            PackageVideo(
                frameRate: plan.grid.frameRate, frames: plan.grid.frames, gopFrames: plan.grid.gopFrames,
                segmentFrames: plan.grid.segmentFrames, chunks: plan.grid.chunkCount, color: $0.output)
        }
    }

    /// What was tolerated on the way, each once, in the order of the way.
    private static func warnings(_ input: PackageInput) -> [String] {
        var all = input.plan.warnings + input.video.joined().flatMap(\.record.warnings)
        for (track, audio) in zip(input.audio, input.plan.audio) { all += warnings(of: track, audio) }
        all += input.text.flatMap(\.record.warnings) + (input.images?.record.warnings ?? [])
        return all.reduce(into: []) { found, warning in
            if !found.contains(warning) { found.append(warning) }
        }
    }

    /// An outside file has streams of its own: its label says which one is meant.
    private static func warnings(of track: TrackInput, _ audio: AudioPlan) -> [String] {
        guard audio.file != nil else { return track.record.warnings }
        let name = audio.label.isEmpty ? audio.language : audio.label
        return track.record.warnings.map { "outside audio '\(name)': \($0)" }
    }

    private static func writePlaylists(of package: AssetPackage, in staging: inout StagingFolder) throws(PackagingError) {
        let target = package.targetDuration
        let media =
            package.renditions.map { ($0.path, $0.segments, $0.timescale) }
            + package.audio.map { ($0.path, $0.segments, $0.timescale) }
        for (path, segments, timescale) in media {
            let text = MediaPlaylist.text(
                segments: segments, timescale: timescale, target: target, map: "init.mp4", ending: "m4s")
            try staging.write(text, as: "\(path)/media.m3u8")
        }
        for track in package.text {
            let text = MediaPlaylist.text(
                segments: track.segments, timescale: track.timescale, target: target, map: nil, ending: "vtt")
            try staging.write(text, as: "\(track.path)/media.m3u8")
        }
        try staging.write(MultivariantPlaylist.text(package), as: "index.m3u8")
        try staging.write(MediaPresentationDescription.text(package), as: "manifest.mpd")
    }
}
