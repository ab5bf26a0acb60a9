import MediaModel

/// A plan, and beside it where the files lie that it knows by their content: what a worker needs to make any part of the title.
struct PlanFile: Codable {
    var plan: AssetPlan
    var inputs: InputLocations
}

/// Where a title's files lie on this machine, by their content. Reaches neither keys nor packages.
struct InputLocations: Codable, Hashable, Sendable {
    /// Absolute paths by SHA-256.
    private var paths: [String: String]

    init(_ paths: [String: String]) { self.paths = paths }

    /// - Parameters:
    ///   - fingerprints: SHA-256 of a title's files, as the manifest names them.
    ///   - locations: where they lie.
    init(_ fingerprints: [String: String], _ locations: FileLocations) {
        let found = fingerprints.sorted { $0.key < $1.key }.map { ($1, locations.path(of: $0)) }
        paths = Dictionary(found, uniquingKeysWith: { first, _ in first })
    }

    func file(_ content: ContentHash, of plan: AssetPlan) throws -> InputFile {
        guard let path = paths[content.sha256] else {
            let name = plan.labels[content.sha256] ?? content.sha256
            throw PipelineError(.internalError, "make '\(plan.id)'", "nobody knows where '\(name)' lies; run again")
        }
        return InputFile(label: plan.labels[content.sha256] ?? path, path: path)
    }
}
