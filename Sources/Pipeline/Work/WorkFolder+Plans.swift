import Engine
import Foundation
import MediaModel

/// Plans, where workers find them: each in a folder of the run that wrote it, which goes with that run.
extension WorkFolder {
    /// - Parameter path: is made where it is missing.
    convenience init(path: String) throws {
        try self.init(path: path, listed: FolderArtefactStore.ListedFolder(folder: "package", list: "package.json"))
    }

    private var plansFolder: String { "\(path)/plans" }
    private var ownPlans: String { "\(plansFolder)/\(ProcessIdentity.current)" }

    private static func name(_ plan: AssetPlan) -> String { "\(plan.id)-\(plan.version)" }

    /// Leaves a plan where workers find it.
    /// - Returns: its name, for tasks.
    func writePlan(_ file: PlanFile) throws -> String {
        try FileManager.default.createDirectory(atPath: ownPlans, withIntermediateDirectories: true)
        let name = Self.name(file.plan)
        try JSONEncoder().encode(file).write(to: URL(fileURLWithPath: "\(ownPlans)/\(name).json"), options: .atomic)
        return "\(ProcessIdentity.current)/\(name)"
    }

    /// The title is published: what it was made of need not stay.
    func removePlan(_ plan: AssetPlan) {
        // One that stays keeps its pieces until the next run.
        try? FileManager.default.removeItem(atPath: "\(ownPlans)/\(Self.name(plan)).json")
    }

    /// What runs have still to make: the one that holds the folder, or the last one that held it, and those of other machines whose plans
    /// are still here.
    func plans() throws -> [AssetPlan] {
        guard SystemCall.exists(plansFolder) else { return [] }
        let files = try FileManager.default.subpathsOfDirectory(atPath: plansFolder).filter { $0.contains("/") && $0.hasSuffix(".json") }
        return try files.compactMap { file in
            do { return try plan(String(file.dropLast(".json".count))).plan } catch {
                // Another machine's program may write other plans, or have removed this one meanwhile.
                guard file.hasPrefix("\(ProcessIdentity.current)/") else { return nil }
                throw error
            }
        }
    }

    func plan(_ name: String) throws -> PlanFile {
        do {
            return try JSONDecoder().decode(PlanFile.self, from: Data(contentsOf: URL(fileURLWithPath: "\(plansFolder)/\(name).json")))
        } catch {
            throw PipelineError(.internalError, "read the plan '\(name)' in the work folder", "", underlying: error)
        }
    }
}
