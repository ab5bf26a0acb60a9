import MediaModel

/// Gives every subtitle file its folder and its label.
enum TextPlanner {
    static func plans(
        for subtitles: [SubtitleRequest], facts: TitleFacts, operation: String
    ) throws(PlanningError) -> [TextPlan] {
        var labels = UniqueNames(joinedBy: " ")
        var names = UniqueNames(joinedBy: "-")
        var plans: [TextPlan] = []
        for (index, subtitle) in subtitles.enumerated() {
            let language = Language.bcp47(subtitle.language)
            plans.append(
                TextPlan(
                    name: names.unique("\(index + 1)-\(Language.folder(language))\(suffix(of: subtitle.role))"),
                    file: try facts.content(of: subtitle.file, for: operation), language: language,
                    label: labels.unique(subtitle.label ?? label(language, subtitle.role)), role: subtitle.role,
                    encoding: subtitle.encoding, isNamedWebVTT: subtitle.isNamedWebVTT))
        }
        return plans
    }

    /// What was tolerated in the files, by the names of their tracks.
    /// - Parameter plans: of `subtitles`, in the same order.
    static func warnings(of plans: [TextPlan], for subtitles: [SubtitleRequest], facts: TitleFacts) -> [String] {
        zip(plans, subtitles).flatMap { plan, subtitle in
            (facts.textWarnings[subtitle] ?? []).map { "\(plan.description): \($0)" }
        }
    }

    private static func suffix(of role: TextRole) -> String {
        switch role {
        case .subtitle: ""
        case .captions: "-captions"
        case .forced: "-forced"
        }
    }

    private static func label(_ language: String, _ role: TextRole) -> String {
        let name = Language.englishName(language) ?? "Subtitles"
        switch role {
        case .subtitle: return name
        case .captions: return "\(name) (captions)"
        case .forced: return "\(name) (forced)"
        }
    }
}
