import Engine

/// Brings a title's package into the store and the catalog.
struct PublishTask: TitleStep {
    static let kind = "publish"

    var title: String

    var label: String { "publish '\(title)'" }
    var site: TaskSite { .transfer }
    var stage: TitleStage { .publishing }
    var readsResults: Bool { true }
}
