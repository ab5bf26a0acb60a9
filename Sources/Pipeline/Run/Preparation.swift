import MediaModel
import Planning
import Transcoding

/// A title with all that is known of its files, before it is decided what is to be done with it.
struct Prepared: Sendable {
    /// With files of this machine.
    var request: TitleRequest
    /// nil: its files have not been read.
    var plan: Result<AssetPlan, any Error>?
    /// SHA-256 of its files by path, of those of which it is known.
    var fingerprints: [String: String]
    /// Files that are not there any more.
    var gone: Set<String>
}

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
        if known { return nil }
        let gone = Set(files.all.filter { facts.memory(of: $0).isGone })
        guard !gone.isEmpty else { return .study(files) }
        // What is still there is read all the same: it decides whether the title can do without the rest.
        let left = files.without(gone)
        return gone.contains(files.source) || (try? facts.know(left)) != false ? nil : .study(left)
    }

    /// The title without a plan: its files are not read.
    func unread(_ request: TitleRequest) -> Prepared {
        var prepared = Prepared(request: request, plan: nil, fingerprints: [:], gone: [])
        for path in Self.files(of: request).all {
            let memory = facts.memory(of: path)
            prepared.fingerprints[path] = memory.sha256
            if memory.isGone { prepared.gone.insert(path) }
        }
        return prepared
    }

    /// The title with a plan from the facts in the work folder, or with the reason why there is none.
    func prepared(_ request: TitleRequest) -> Prepared {
        do {
            let (plan, fingerprints) = try planned(request)
            return Prepared(request: request, plan: .success(plan), fingerprints: fingerprints, gone: [])
        } catch {
            var prepared = unread(request)
            prepared.plan = .failure(error)
            // What is still there must be what was published; nobody has read it if the work folder is new.
            for path in Self.files(of: request).all where !prepared.gone.isEmpty && !prepared.gone.contains(path) {
                prepared.fingerprints[path] = prepared.fingerprints[path] ?? (try? facts.fingerprint(path).sha256)
            }
            return prepared
        }
    }

    func planned(_ request: TitleRequest) throws -> (plan: AssetPlan, fingerprints: [String: String]) {
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
        let plan = try AssetPlanner.plan(
            request, facts: title, libraries: EngineIdentity.libraries, engine: EngineIdentity.format)
        return (plan, title.fingerprints.merging([request.source: findings.source.fingerprint]) { _, source in source })
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
    /// - Parameters:
    ///   - isSettled: asked of a title that would have to be read; true: nothing is to be done for it.
    ///   - body: called with each other title, on this process's thread for local tasks.
    func nodes(
        _ requests: [TitleRequest], isSettled: (Prepared) throws -> Bool = { _ in false },
        body: @escaping @Sendable (_ place: Int, _ title: Prepared) throws -> Void
    ) throws -> [TaskNode] {
        var nodes: [TaskNode] = []
        for (place, request) in requests.enumerated() {
            var dependencies: [Int] = []
            if let order = study(request) {
                if try isSettled(unread(request)) { continue }
                dependencies = [nodes.count]
                nodes.append(TaskNode(title: request.id, place: place, seconds: readingSeconds(request), .order(order)))
            }
            nodes.append(
                TaskNode(title: request.id, place: place, after: dependencies, .local { try body(place, prepared(request)) }))
        }
        return nodes
    }
}
