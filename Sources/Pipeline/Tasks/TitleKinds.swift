import Engine

extension TitleGraph {
    /// Every kind of task that titles are made of: a kind is added here, and in a file of its own.
    static let kinds: [any TitleTask.Type] = [
        ProbeTask.self, ProbeTextTask.self, ProbeArtworkTask.self,
        EncodeTask.self, MeasureTask.self, SecondPassTask.self,
        AudioTask.self, TextTask.self, ImagesTask.self,
        PackageTask.self,
    ]

    /// What workers are handed: passes, and single tasks.
    static func orders(_ kinds: [any TitleTask.Type] = kinds) -> TaskKinds {
        let passes: [any EngineTask.Type] = [ProbePass.self, EncodePass.self]
        return TaskKinds(passes + kinds.filter { !$0.isGrouped }.map { $0.orderType })
    }
}
