import Cataloging
import MediaModel
import Planning
import Storage

/// What is to become of a title.
enum Verdict: Sendable {
    /// The current version answers to what is asked, and the store holds it.
    case published(PublishedTitleState)
    /// What is asked for is what a person took back: what they made current instead stays.
    case withdrawn(version: String, asked: String?)
    /// It has to be made.
    /// - Parameter instead: why a published version does not do; nil: there is none.
    case due(AssetPlan, VersionOrigin, instead: String?)
}

/// A published title, and what is to be said of it.
struct PublishedTitleState: Sendable {
    var standing: Standing
    /// nil: its files were not read, or cannot be planned.
    var plan: AssetPlan?
    var outdated: Outdated
    /// One line; nil where nothing is worth saying.
    var note: String?
    /// A file of it is gone.
    var isGone: Bool
    /// What the catalog shall keep of it from now on; nil: what it keeps is right.
    var origin: VersionOrigin?
}

/// Judges titles by what catalog and store say of them, which is asked once for all.
struct Verdicts: Sendable {
    private let published: Published
    private let standings: [String: Standing]
    private let names: InputNames

    init(_ published: Published, _ titles: [TitleRequest], names: InputNames) throws {
        self.published = published
        self.names = names
        standings = try published.standings(of: titles.map(\.id))
    }

    /// - Parameter lost: why a remote file is not there any more, by the name that the manifest gives it.
    /// - Throws: why a title that has to be made cannot be planned.
    func judge(_ title: Prepared, lost: [String: any Error] = [:]) throws -> Verdict {
        let gone = title.gone.union(lost.keys)
        let inputs = Inputs(title, names.names(of: title.request), gone: gone, standing: standings[title.request.id])
        let plan = try? title.plan?.get()
        guard let standing = standings[title.request.id] else { return try due(title, plan, inputs, lost: lost, instead: nil) }
        var answers = plan?.version == standing.version || (inputs.asked != nil && standing.origin.asked == inputs.asked)
        if !answers {
            // What an older program took back it kept no note of.
            if let version = try takenBack(title, inputs, plan, standing) { return .withdrawn(version: version, asked: inputs.asked) }
            answers = try standing.origin.asked == nil && agreesWithEarlierProgram(standing.version, title, inputs, plan) ?? false
        }
        guard answers else { return try due(title, plan, inputs, lost: lost, instead: inputs.change(from: standing)) }
        guard try published.store.holds(title: standing.title, version: standing.version) else {
            return try due(title, plan, inputs, lost: lost, instead: "the store does not hold what was published")
        }
        var outdated = Outdated(standing, title.request, plan: plan)
        // To make it anew would give what was taken back.
        if let plan, standing.withdrawn.contains(where: { $0.version == plan.version }) { outdated = Outdated() }
        return .published(
            PublishedTitleState(
                standing: standing, plan: gone.isEmpty ? plan : nil, outdated: outdated,
                note: Self.note(title, inputs, gone: gone) ?? outdated.note(standing), isGone: !gone.isEmpty,
                origin: inputs.origin(of: standing, plan: plan)))
    }

    private static func note(_ title: Prepared, _ inputs: Inputs, gone: Set<String>) -> String? {
        if let first = gone.sorted().first {
            let what = gone.contains(title.request.source) ? "its source" : "a file of it"
            let name = inputs.names[gone.contains(title.request.source) ? title.request.source : first] ?? first
            return "\(what) is missing (\(RemoteAddress.shown(name))); what was published stays"
        }
        if case .failure(let error) = title.plan {
            return "this program would not make it: \(FailureReason.line(error)); what was published stays"
        }
        return nil
    }

    /// The version that was taken back and answers to what is asked; nil: there is none.
    private func takenBack(_ title: Prepared, _ inputs: Inputs, _ plan: AssetPlan?, _ standing: Standing) throws -> String? {
        if let plan, standing.withdrawn.contains(where: { $0.version == plan.version }) { return plan.version }
        return try standing.withdrawn.first { taken in
            if let asked = taken.asked { return asked == inputs.asked }
            // An older program kept no note of what it took back. Where its rows are gone too, nothing says that it was another.
            return try agreesWithEarlierProgram(taken.version, title, inputs, plan) ?? true
        }?.version
    }

    /// - Returns: nil where the catalog has no rows of the version.
    private func agreesWithEarlierProgram(_ version: String, _ title: Prepared, _ inputs: Inputs, _ plan: AssetPlan?) throws -> Bool? {
        guard let facts = try published.facts(of: title.request.id, version: version) else { return nil }
        let source = title.fingerprints[title.request.source]
        guard source != nil || inputs.gone.contains(title.request.source) else { return false }
        return EarlierProgram.agrees(facts, title.request, source: source, plan: plan)
    }

    private func due(
        _ title: Prepared, _ plan: AssetPlan?, _ inputs: Inputs, lost: [String: any Error], instead: String?
    ) throws -> Verdict {
        let path = title.request.source
        if inputs.gone.contains(path) || !lost.isEmpty {
            let (file, what) = inputs.gone.contains(path) ? (path, "its source") : (lost.keys.sorted().first ?? path, "a file of it")
            let cause: (any Error)? = if case .failure(let error) = title.plan { error } else { lost[file] }
            let name = RemoteAddress.shown(inputs.names[file] ?? file)
            throw PipelineError(.title, "make '\(title.request.id)'", "\(what) is missing (\(name))", underlying: lost[file] ?? cause)
        }
        guard let plan else {
            if case .failure(let error) = title.plan { throw error }
            throw PipelineError(.internalError, "plan '\(title.request.id)'", "its files were not read; run again")
        }
        return .due(plan, inputs.origin(made: title.request), instead: instead)
    }
}
