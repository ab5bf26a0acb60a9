import MediaModel

extension PlanDocument.Title {
    init(_ outcome: PlanOutcome) {
        let plan = outcome.plan
        id = outcome.id
        version = outcome.version
        state = outcome.state
        outdated = outcome.outdated.isEmpty ? nil : RefreshScope.allCases.filter(outcome.outdated.contains)
        source = PlanDocument.Source(path: outcome.source, plan?.source)
        preset = plan?.presetName ?? outcome.current?.provenance.preset
        duration = plan?.grid.duration ?? outcome.current?.duration
        video = plan.flatMap(PlanDocument.Video.init)
        renditions = plan?.rungs.map(PlanDocument.Rendition.init) ?? outcome.current?.renditions.map(PlanDocument.Rendition.init) ?? []
        dropped = plan?.dropped ?? []
        audio = plan?.audio.map(PlanDocument.Audio.init) ?? []
        text = plan?.text.map { PlanDocument.Text(name: $0.name, language: $0.language, label: $0.label, role: $0.role) } ?? []
        images = plan?.images.map {
            PlanDocument.Images(poster: $0.poster, cards: $0.cards, tile: $0.tile, tiles: $0.tileFrames.count, interval: $0.interval)
        }
        predicted = (plan?.predicted).map {
            PlanDocument.Predicted(bytes: $0.bytes, cpuSeconds: Int64($0.cpuSeconds.rounded(.up)), memoryBytes: $0.memoryBytes)
        }
        warnings = (plan?.warnings ?? []) + (outcome.note.map { [$0] } ?? [])
        error = outcome.error
    }
}

extension PlanDocument.Source {
    fileprivate init(path: String, _ info: SourceInfo?) {
        self.path = path
        sha256 = info?.fingerprint
        bytes = info?.byteCount
        container = info?.container
        video = info?.video.map(PlanDocument.SourceVideo.init)
        audioTracks = info?.audio.count
        subtitleTracks = info?.subtitles.count
    }
}

extension PlanDocument.SourceVideo {
    fileprivate init(_ video: VideoTrackInfo) {
        self.init(
            codec: video.codec, width: video.width, height: video.height, sampleAspectRatio: video.sampleAspectRatio,
            frameRate: video.frameRate, constantFrameRate: video.hasConstantFrameRate, interlaced: video.isInterlaced,
            rotation: video.orientation.clockwise, pixelFormat: video.pixelFormat, frames: video.frames, access: video.access)
    }
}

extension PlanDocument.Video {
    /// nil for a title of sound alone.
    fileprivate init?(_ plan: AssetPlan) {
        guard let picture = plan.picture else { return nil }
        self.init(
            frameRate: plan.grid.frameRate, frames: plan.grid.frames, gopFrames: plan.grid.gopFrames,
            segmentFrames: plan.grid.segmentFrames, chunks: plan.grid.chunkCount, picturesNotShown: plan.picturesNotShown,
            lastPictureHeld: plan.lastPictureHeld, color: picture.output)
    }
}

extension PlanDocument.Rendition {
    fileprivate init(_ plan: RungPlan) {
        let control = plan.rung.rateControl
        var asked: Int?
        if case .twoPass(let bitRate, _) = control { asked = bitRate }
        self.init(
            name: plan.rung.name, codec: plan.rung.codec, level: plan.level, width: plan.width, height: plan.height,
            frameRate: plan.frameRate, frames: plan.frames, bitRate: asked, maxRate: control.cap.maxRate)
    }
}

extension PlanDocument.Rendition {
    /// Of a version that is published.
    fileprivate init(_ published: CatalogRendition) {
        self.init(
            name: published.name, codec: published.codec, level: nil, width: published.width, height: published.height,
            frameRate: published.frameRate, frames: published.frames, bitRate: published.bitRate, maxRate: published.maxRate)
    }
}

extension PlanDocument.Audio {
    fileprivate init(_ plan: AudioPlan) {
        self.init(
            name: plan.name, codec: plan.format.codec, bitRate: plan.format.bitRate, channels: plan.format.channels,
            sampleRate: plan.format.sampleRate, language: plan.language, label: plan.label, role: plan.role,
            isDefault: plan.isDefault)
    }
}
