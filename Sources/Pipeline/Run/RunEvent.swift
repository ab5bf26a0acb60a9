/// What happens in a run, as it happens: for a person's terminal, and as NDJSON for programs.
package enum RunEvent: Sendable {
    case began(titles: Int, workers: Int)
    /// The catalog and the store hold the planned version.
    case upToDate(title: String, version: String)
    case planned(title: String, version: String, renditions: Int, chunks: Int)
    /// A share of a title's work is done, 0 to 1.
    case progress(title: String, done: Double)
    case warned(title: String, message: String)
    case published(title: String, version: String, location: String, bytes: Int64)
    case metadataUpdated(title: String)
    case failed(title: String, reason: String)
    case ended(done: Int, unchanged: Int, failed: Int)
}
