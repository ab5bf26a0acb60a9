import MediaModel

/// Gives every sound its language, label, role and folder, and crosses it with the preset's formats.
enum AudioPlanner {
    /// Sounds in order; of each sound, AAC first, because every player has it.
    /// - Parameters:
    ///   - language: of the title itself, which a sound has that says nothing; BCP 47.
    ///   - mixdownGain: decibels, for a sound of which the manifest says nothing else.
    static func plans(
        for sounds: [Sound], preset: Preset, language titleLanguage: String? = nil, mixdownGain: Rational? = nil, operation: String
    ) throws(PlanningError) -> [AudioPlan] {
        let formats = preset.audio
        guard sounds.isEmpty || formats.isEmpty || formats.contains(where: { $0.codec == .aac }) else {
            throw PlanningError(
                .audio, operation: operation,
                detail: "preset \(preset.name) asks for Opus alone, which not every player has: add an aac format beside it")
        }
        let leader = defaultSound(of: sounds)
        var labels = UniqueNames(joinedBy: " ")
        var names = UniqueNames(joinedBy: "-")
        var plans: [AudioPlan] = []
        for (index, sound) in sounds.enumerated() {
            let language = Language.bcp47(sound.request?.language ?? sound.track.language ?? titleLanguage)
            let role = role(of: sound, isDefault: index == leader)
            let label = labels.unique(label(of: sound, language: language, role: role))
            let gain = sound.request?.mixdownGain ?? mixdownGain ?? .zero
            for format in fitting(formats, sound.track) {
                plans.append(
                    AudioPlan(
                        name: names.unique(folder(sound.number, language, format, among: formats)), file: sound.file,
                        stream: sound.track.stream, format: format, language: language, label: label, role: role,
                        isDefault: index == leader,
                        // A layout may change in mid-stream, so the gain stands in the plan whatever the source begins with.
                        mixdownGain: gain, joints: sound.joints))
            }
        }
        return plans
    }

    /// The first that the manifest calls main, else the container's choice, else the first that is no commentary.
    private static func defaultSound(of sounds: [Sound]) -> Int? {
        if let main = sounds.firstIndex(where: { $0.request?.role == .main }) { return main }
        let ordinary = sounds.indices.filter { index in
            let sound = sounds[index]
            return sound.request?.role.map { $0 == .dub || $0 == .alternate } ?? !sound.track.isCommentary
        }
        let unnamed = ordinary.filter { sounds[$0].request?.role == nil }
        return unnamed.first { sounds[$0].request == nil && sounds[$0].track.isDefault } ?? unnamed.first ?? ordinary.first
            ?? sounds.indices.first
    }

    private static func role(of sound: Sound, isDefault: Bool) -> AudioRole {
        if let asked = sound.request?.role { return asked }
        if sound.track.isCommentary { return .commentary }
        return isDefault ? .main : .alternate
    }

    private static func label(of sound: Sound, language: String, role: AudioRole) -> String {
        if let given = sound.request?.label ?? PlainLabel.cleaned(sound.track.label) { return given }
        let name = Language.englishName(language) ?? "Audio"
        switch role {
        case .commentary: return "\(name) (commentary)"
        case .description: return "\(name) (audio description)"
        case .main, .alternate, .dub: return name
        }
    }

    /// More channels than the sound has would only repeat it; plain stereo is always made.
    private static func fitting(_ formats: [AudioFormat], _ track: AudioTrackInfo) -> [AudioFormat] {
        let useful = formats.filter { $0.channels <= max(2, track.channels) }
        let chosen = useful.isEmpty ? formats : useful
        return chosen.filter { $0.codec == .aac } + chosen.filter { $0.codec != .aac }
    }

    /// `1-en-aac`; with channels and rate where the preset has two formats of one codec.
    private static func folder(_ number: Int, _ language: String, _ format: AudioFormat, among formats: [AudioFormat]) -> String {
        let base = "\(number)-\(Language.folder(language))-\(format.codec.rawValue)"
        guard formats.count(where: { $0.codec == format.codec }) > 1 else { return base }
        return "\(base)-\(format.channels)ch-\(format.bitRate / 1000)k"
    }
}
