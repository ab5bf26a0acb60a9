import Engine

@testable import Pipeline

/// Some task of a title that a worker does.
struct BatchStep: TitleStep {
    static let kind = "encode"

    var number = 0
    var isMainWork = false

    var label: String { "take step \(number)" }
    var site: TaskSite { .worker }
    var stage: TitleStage { .encoding }
}
