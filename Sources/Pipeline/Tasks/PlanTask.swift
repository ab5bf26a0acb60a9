import Engine
import MediaModel

/// Decides, in this process, what is to be done with a title whose files are known.
struct PlanTask: EngineTask {
    static let kind = "plan"

    var title: String

    var label: String { "plan '\(title)'" }
    var site: TaskSite { .process }
}

/// Carries planning tasks out.
struct PlanPerformer: TaskPerforming, Sendable {
    private let preparation: Preparation
    private let requests: [String: (place: Int, request: TitleRequest)]
    private let decide: @Sendable (_ place: Int, _ title: Prepared) throws -> Void

    /// - Parameters:
    ///   - requests: the titles that are planned.
    ///   - decide: called with each, on this process's thread for such tasks.
    init(
        _ requests: [TitleRequest], _ preparation: Preparation,
        decide: @escaping @Sendable (_ place: Int, _ title: Prepared) throws -> Void
    ) {
        self.preparation = preparation
        self.requests = Dictionary(
            requests.enumerated().map { ($1.id, ($0, $1)) }, uniquingKeysWith: { first, _ in first })
        self.decide = decide
    }

    func perform(_ task: any EngineTask, onProgress: (Double?) -> Void) throws {
        guard let task = task as? PlanTask, let (place, request) = requests[task.title] else {
            throw PipelineError(.internalError, task.label, "this process does not know how")
        }
        try decide(place, preparation.prepared(request))
    }
}
