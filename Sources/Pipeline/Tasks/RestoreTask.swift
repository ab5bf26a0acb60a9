import Engine

/// Takes a track's results over from what is published of its title.
struct RestoreTask: TitleStep {
    static let kind = "restore"

    var title: String
    /// Names of the results' keys.
    var keys: [String]

    var label: String { "take over what is published of '\(title)'" }
    var site: TaskSite { .transfer }
    var stage: TitleStage { .reading }
}
