package import MediaModel

/// Decides all that will be made of a title, before anything runs. A pure function: the same facts give the same plan everywhere.
package enum AssetPlanner {
    /// Joins what the manifest asks for, what the source is and what the libraries are into a plan.
    ///
    /// - Parameters:
    ///   - request: the title as the manifest asks for it, its preset resolved.
    ///   - facts: what was read from its files.
    ///   - libraries: every loaded library whose code shapes bytes; in any order.
    ///   - engine: the format number of what is written.
    /// - Throws: a `PlanningError` that fails this title alone.
    package static func plan(
        _ request: TitleRequest, facts: TitleFacts, libraries: [LibraryIdentity], engine: Int = EngineFormat.current
    ) throws(PlanningError) -> AssetPlan {
        let operation = "plan \(request.id)"
        var facts = facts
        try checkFacts(facts, operation)
        facts.source = try StillSource.source(facts.source, for: request, operation: operation)
        try checkLengths(of: request.preset, operation)
        var warnings = try acceptedDamage(request, facts.source, operation) + facts.source.notes

        let sounds = try SoundSelection.sounds(of: request, facts: facts, operation: operation)
        warnings += try AudioClock.warnings(of: sounds, source: facts.source, operation: operation)
        let stretch = try TitleStretch(request, source: facts.source, sounds: sounds, operation: operation)
        warnings += stretch.warnings

        var picture: PicturePlan?
        var ladder = FittedLadder.empty
        if let stored = facts.source.video {
            let video = try FilmSource.video(stored, for: request, operation: operation)
            var planned = try PictureGeometry.picture(of: video, crop: request.crop, operation: operation)
            ladder = try FittedLadder(request.preset, picture: planned, video: video, operation: operation)
            planned.undoesTelecine = request.telecine == .undo
            picture = planned
        }
        let audio = try AudioPlanner.plans(
            for: sounds, preset: request.preset, language: request.metadata.language, mixdownGain: request.mixdownGain,
            operation: operation)
        guard picture != nil || !audio.isEmpty else {
            throw PlanningError(
                .source, operation: operation,
                detail: "nothing would be made: \(request.shownSource) has no picture, and preset \(request.preset.name) makes no sound")
        }
        var grid = GridPlanner.grid(ladder, stretch: stretch, preset: request.preset, facts: facts)
        // Which pictures of film on video repeat others shows only from the beginning on.
        if picture?.undoesTelecine == true { grid.chunkStarts = [0] }
        let rungs = try ladder.rungPlans(on: grid, operation: operation)
        let text = try TextPlanner.plans(for: request.subtitles, facts: facts, operation: operation)
        warnings += TextPlanner.warnings(of: text, for: request.subtitles, facts: facts)

        var plan = AssetPlan(
            id: request.id, version: "", source: facts.source, presetName: request.preset.name, origin: stretch.origin,
            grid: grid, picture: picture, rungs: rungs, dropped: ladder.dropped,
            audio: audio,
            text: text,
            images: try ImagePlanner.plan(request, picture: picture, grid: grid, facts: facts, operation: operation),
            predicted: Prediction(bytes: 0, cpuSeconds: 0, memoryBytes: 0), warnings: warnings,
            acceptsDamage: request.acceptsDamage)
        if request.artwork != nil, plan.images == nil {
            plan.warnings.append("the preset \(request.preset.name) makes no images: the artwork is not used")
        }
        if let video = facts.source.video {
            let timing = PictureTiming(video, index: facts.index, plan: plan, stretch: stretch)
            plan.picturesNotShown = timing.lost
            plan.lastPictureHeld = timing.held
            plan.warnings += timing.warnings
        }
        plan.labels = labels(request, facts)
        plan.predicted = CostModel.prediction(for: plan)
        plan.version = try VersionInputs.version(plan, request: request, libraries: libraries, engine: engine, for: operation)
        return plan
    }

    /// What errors call the files.
    private static func labels(_ request: TitleRequest, _ facts: TitleFacts) -> [String: String] {
        let names = facts.fingerprints.map { ($1, $0) } + facts.outsideAudio.map { ($1.fingerprint, $0) }
        let others = names.sorted { $0.1 < $1.1 }.map { ($0, RemoteAddress.shown($1)) }
        return Dictionary(
            [(facts.source.fingerprint, request.shownSource)] + others, uniquingKeysWith: { first, _ in first })
    }

    /// Numbers that no film has would end in arithmetic that means nothing.
    private static func checkFacts(_ facts: TitleFacts, _ operation: String) throws(PlanningError) {
        for (name, source) in [("the source", facts.source)]
            + facts.outsideAudio.sorted(by: { $0.key < $1.key }).map({ (RemoteAddress.shown($0), $1) })
        {
            guard let fact = source.implausibleFact else { continue }
            throw PlanningError(.source, operation: operation, detail: "\(name): \(fact); remux it, or name another file")
        }
    }

    /// Whoever made the preset: nothing is ever divided by 0.
    private static func checkLengths(of preset: Preset, _ operation: String) throws(PlanningError) {
        var lengths = [
            ("segment duration", preset.segmentDuration), ("GOP duration", preset.gopDuration), ("chunk duration", preset.chunkDuration),
        ]
        lengths += preset.images.map { [("sprite interval", $0.spriteInterval)] } ?? []
        lengths += preset.rungs.map { ("frame rate cap of rung \($0.name)", $0.maxFrameRate ?? .one) }
        lengths += preset.rungs.map { ("size of rung \($0.name)", Rational(Int64(min($0.width, $0.height)))) }
        for (name, value) in lengths where value <= .zero {
            throw PlanningError(.document, operation: operation, detail: "preset \(preset.name): the \(name) must be above 0, not \(value)")
        }
    }

    /// What is wrong with the source, as warnings where the manifest accepts it.
    private static func acceptedDamage(
        _ request: TitleRequest, _ source: SourceInfo, _ operation: String
    ) throws(PlanningError) -> [String] {
        guard !source.damage.isEmpty, !request.acceptsDamage else { return source.damage }
        throw PlanningError(
            .damage, operation: operation,
            detail: "\(request.shownSource) is damaged: \(source.damage.joined(separator: "; ")); "
                + "repair it, or write 'damage: accept' to use what is there")
    }
}
