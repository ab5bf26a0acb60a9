import Planning

extension PipelineError {
    /// What is said to who asks for a title that the manifest has not.
    /// - Parameters:
    ///   - known: ids of the manifest's titles.
    ///   - path: of the manifest, as the person named it.
    static func unknownTitle(_ id: String, known: [String], manifest path: String) -> PipelineError {
        let nearest = NearestWord.to(id, in: known).map { " (did you mean '\($0)'?)" } ?? ""
        return PipelineError(.document, "run '\(id)'", "the manifest '\(path)' has no title with this id\(nearest)")
    }
}
