import Glibc
import MediaModel
import Planning
import Transcoding

/// From a line of the manifest to a plan.
struct Preparation: Sendable {
    let facts: SourceFacts

    /// The files that a title is planned from.
    static func files(of request: TitleRequest) -> TitleFiles {
        var sounds: [String] = []
        for case .file(let path) in (request.audio ?? []).map(\.origin) { sounds.append(path) }
        return TitleFiles(
            source: request.source, program: request.program, sounds: sounds,
            subtitles: request.subtitles.map { SubtitleFile(path: $0.file, language: $0.language, encoding: $0.encoding) },
            artwork: request.artwork)
    }

    /// The task of reading what the planner needs to know; nil where all of it is known.
    func study(_ request: TitleRequest) -> TaskOrder? {
        let files = Self.files(of: request)
        // A file that cannot be looked at is told of when the title is planned.
        guard let known = try? facts.know(files) else { return nil }
        return known ? nil : .study(files)
    }

    /// Plans from the facts in the work folder.
    func plan(_ request: TitleRequest) throws -> AssetPlan {
        let findings = try facts.findings(request.source, program: request.program)
        var title = TitleFacts(source: findings.source, index: findings.index)
        let files = Self.files(of: request)
        for path in files.sounds {
            title.outsideAudio[path] = try facts.findings(path).source
            title.fingerprints[path] = try facts.fingerprint(path).sha256
        }
        for path in files.sidecars { title.fingerprints[path] = try facts.fingerprint(path).sha256 }
        for (subtitle, file) in zip(request.subtitles, files.subtitles) { title.textWarnings[subtitle] = try facts.textWarnings(file) }
        if let artwork = files.artwork { title.artworkSize = try facts.pictureSize(artwork) }
        return try AssetPlanner.plan(request, facts: title, libraries: MediaLibraries.identities)
    }

    /// What an ordinary disk needs for all of a title's files; what this one needs is learnt from earlier runs.
    private func readingSeconds(_ request: TitleRequest) -> Double {
        let files = Self.files(of: request)
        let paths = [files.source] + files.sounds + files.sidecars
        let bytes = paths.reduce(0.0) { $0 + (facts.size($1).map(Double.init) ?? 0) }
        return bytes / Self.readBytesPerSecond
    }

    private static let readBytesPerSecond = 200e6

    /// The tasks that plan a batch: workers read the files that are not known yet, this process plans.
    /// - Parameter body: called with each title that can be planned, on this process's thread for local tasks.
    func nodes(
        _ requests: [TitleRequest], body: @escaping @Sendable (_ place: Int, _ request: TitleRequest, _ plan: AssetPlan) throws -> Void
    ) -> [TaskNode] {
        var nodes: [TaskNode] = []
        for (place, request) in requests.enumerated() {
            var dependencies: [Int] = []
            if let order = study(request) {
                dependencies = [nodes.count]
                nodes.append(TaskNode(title: request.id, place: place, seconds: readingSeconds(request), .order(order)))
            }
            nodes.append(
                TaskNode(
                    title: request.id, place: place, after: dependencies,
                    .local { try body(place, request, try plan(request)) }))
        }
        return nodes
    }
}
