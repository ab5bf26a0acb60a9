import Engine

/// Probes of all files that a title is planned from: how the scheduler groups them. What each file is lies under its own key afterwards.
struct ProbePass: WorkerTask {
    static let kind = "probe"

    var files: TitleFiles

    var stage: TitleStage { .reading }
    var label: String { "read '\(files.source.label)'" }
    /// A disk or server that is silent for so long is gone.
    var hangTimeout: Double? { 120 }

    func perform(by performer: TaskPerformer, onProgress: @escaping (Double?) -> Void) throws {
        let probes = performer.probes
        try InputLabels.naming(files.all) {
            _ = try probes.probe(files.source.path, program: files.program) { onProgress(nil) }
            for file in files.audio { _ = try probes.probe(file.path) { onProgress(nil) } }
            for file in files.sidecars { _ = try probes.stamps.fingerprint(file.path) { onProgress(nil) } }
            for file in files.subtitles { _ = try probes.textWarnings(file) }
            if let artwork = files.artwork { _ = try probes.artworkSize(artwork.path) }
        }
    }
}
