import Engine
import MediaModel
import Planning
import Transcoding

/// A title with all that is known of its files, before it is decided what is to be done with it.
struct Prepared: Sendable {
    var request: TitleRequest
    /// nil: its files have not been read.
    var plan: Result<AssetPlan, any Error>?
    /// SHA-256 of its files by the names that the manifest gives them, of those of which it is known.
    var fingerprints: [String: String]
    /// Names of files that are not there any more.
    var gone: Set<String>
}

/// From a line of the manifest to a plan.
struct Preparation: Sendable {
    let probes: Probes

    private var locations: FileLocations { probes.stamps.locations }

    /// The files that a title is planned from.
    func files(of request: TitleRequest) -> TitleFiles {
        var audio: [InputFile] = []
        for case .file(let name) in (request.audio ?? []).map(\.origin) { audio.append(locations.file(name)) }
        let subtitles = request.subtitles.map {
            SubtitleFile(
                file: locations.file($0.file), language: Language.bcp47($0.language), encoding: $0.encoding, isNamedWebVTT: $0.isNamedWebVTT
            )
        }
        return TitleFiles(
            source: locations.file(request.source), program: request.program, audio: audio, subtitles: subtitles,
            artwork: request.artwork.map(locations.file))
    }

    /// The task of probing what the planner needs to know; nil where all of it is known.
    func probing(_ request: TitleRequest) -> ProbePass? {
        let files = files(of: request)
        // A file that cannot be looked at is told of when the title is planned.
        guard let known = try? probes.know(files) else { return nil }
        if known { return nil }
        let gone = Set(files.all.filter { probes.stamps.memory(of: $0.path).isGone })
        guard !gone.isEmpty else { return ProbePass(files: files) }
        // What is still there is probed all the same: it decides whether the title can do without the rest.
        let left = files.without(gone)
        return gone.contains(files.source) || (try? probes.know(left)) != false ? nil : ProbePass(files: left)
    }

    /// The title without a plan: its files are not read.
    func unread(_ request: TitleRequest) -> Prepared {
        var prepared = Prepared(request: request, plan: nil, fingerprints: [:], gone: [])
        for name in request.fileNames {
            let memory = probes.stamps.memory(of: locations.path(of: name))
            prepared.fingerprints[name] = memory.sha256
            if memory.isGone { prepared.gone.insert(name) }
        }
        return prepared
    }

    /// The title with a plan from what is known of its files, or with the reason why there is none.
    func prepared(_ request: TitleRequest) -> Prepared {
        do {
            let (plan, fingerprints) = try InputLabels.naming(files(of: request).all) { try planned(request) }
            return Prepared(request: request, plan: .success(plan), fingerprints: fingerprints, gone: [])
        } catch {
            var prepared = unread(request)
            prepared.plan = .failure(error)
            // What is still there must be what was published; nobody has read it if the work folder is new.
            for name in request.fileNames where !prepared.gone.isEmpty && !prepared.gone.contains(name) {
                prepared.fingerprints[name] = prepared.fingerprints[name] ?? (try? fingerprint(name))
            }
            return prepared
        }
    }

    /// - Returns: the plan, and SHA-256 of the title's files by the names that the manifest gives them.
    func planned(_ request: TitleRequest) throws -> (plan: AssetPlan, fingerprints: [String: String]) {
        let files = files(of: request)
        let probe = try probes.probe(files.source.path, program: request.program)
        var title = TitleFacts(source: probe.source, index: probe.index)
        for case .file(let name) in (request.audio ?? []).map(\.origin) {
            title.outsideAudio[name] = try probes.probe(locations.path(of: name)).source
        }
        for name in request.fileNames.dropFirst() { title.fingerprints[name] = try fingerprint(name) }
        for (subtitle, file) in zip(request.subtitles, files.subtitles) { title.textWarnings[subtitle] = try probes.textWarnings(file) }
        if let artwork = files.artwork { title.artworkSize = try probes.artworkSize(artwork.path) }
        let plan = try AssetPlanner.plan(
            request, facts: title, libraries: EngineIdentity.libraries, engine: EngineIdentity.format)
        return (plan, title.fingerprints.merging([request.source: probe.source.fingerprint]) { _, source in source })
    }

    private func fingerprint(_ name: String) throws -> String { try probes.stamps.fingerprint(locations.path(of: name)).sha256 }

    /// What an ordinary disk needs for all of a title's files; what this one needs is learnt from earlier runs.
    private func readingSeconds(_ request: TitleRequest) -> Double {
        let bytes = files(of: request).all.reduce(0.0) { $0 + (probes.stamps.size($1.path).map(Double.init) ?? 0) }
        return bytes / Self.readBytesPerSecond
    }

    private static let readBytesPerSecond = 200e6

    /// The tasks that plan a batch: workers read the files that are not known yet, this process plans.
    /// - Parameter isSettled: asked of a title that would have to be read; true: nothing is to be done for it.
    func nodes(_ requests: [TitleRequest], isSettled: (Prepared) throws -> Bool = { _ in false }) throws -> [TaskNode] {
        var nodes: [TaskNode] = []
        for (place, request) in requests.enumerated() {
            var dependencies: [TaskNode.ID] = []
            if let task = probing(request) {
                if try isSettled(unread(request)) { continue }
                let reading = TaskNode(group: request.id, rank: place, seconds: readingSeconds(request), task)
                nodes.append(reading)
                dependencies = [reading.id]
            }
            nodes.append(TaskNode(group: request.id, rank: place, after: dependencies, PlanTask(title: request.id)))
        }
        return nodes
    }
}
