/// What happens in a run, as it happens: for a person's terminal, and as NDJSON for programs.
package enum RunEvent: Sendable {
    case began(titles: Int, workers: Int)
    /// The catalog and the store hold a version that answers to what is asked; the note says what a person may want to know of it.
    case upToDate(title: String, version: String, note: String?)
    /// Published titles are made anew; nothing of them is begun yet.
    case remakes(titles: Int, message: String)
    /// What a person should know, and need do nothing about. Of the whole run where the title is empty.
    case noted(title: String, message: String)
    /// A remote file came into the work folder; the title is the first that wants it.
    case fetched(title: String, source: String, bytes: Int64)
    case planned(title: String, version: String, renditions: Int, chunks: Int, tasks: Int)
    /// How far a title is.
    case progress(title: String, TitleProgress)
    /// How far the whole batch is, 0 to 1, and the seconds that it still needs; nil while nobody can say.
    case batch(done: Double, secondsLeft: Double?)
    /// Nothing of the title is done for now: it has been read, and waits for its turn.
    case rested(title: String)
    case warned(title: String, message: String)
    /// A worker was lost in the middle of a task, which is tried once more.
    case retried(title: String, reason: String)
    case published(title: String, version: String, location: String, bytes: Int64)
    case metadataUpdated(title: String)
    /// The catalog knew a published version by another address.
    case moved(title: String, version: String, location: String)
    case failed(title: String, reason: String)
    /// A person took the title off: nothing is made of it.
    case removed(title: String, message: String)
    /// The deadline came before the title was done.
    case postponed(title: String)
    /// Results that nothing uses any more were removed from the work folder.
    case cleaned(results: Int, bytes: Int64)
    case ended(RunReport)
}

/// What is being done for a title.
package enum TitleStage: String, Sendable, CaseIterable {
    case reading, encoding, sound, subtitles, images, packaging, publishing
}

/// How far a title is.
package struct TitleProgress: Sendable, Equatable {
    package var stage: TitleStage
    /// 0 to 1, of all its work, that of earlier runs counted in.
    package var done: Double
    /// Seconds of the title made for each second that passes; nil at the beginning.
    package var speed: Double?
    /// Until the title is done at this speed; nil at the beginning.
    package var secondsLeft: Double?
}
