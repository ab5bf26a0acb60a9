import Engine
import Foundation
import MediaModel
import Planning
import Transcoding

/// What a source or an outside audio file is: its facts and its frame index, found in one pass over its packets.
struct ProbeTask: TitleTask {
    static let kind = "probe"
    static let stage = TitleStage.reading
    static let start = TaskStart.beforePlan
    static let isGrouped = true
    static let libraries = ProbeLibraries.all

    struct Inputs: Codable, Hashable, Sendable {
        var file: ContentHash
        /// Of a transport stream, where the manifest chooses one.
        var program: Int?
        /// Of the probe: the same file may give other facts to a later one.
        var revision = SourceInspector.revision
    }

    typealias Record = SourceInfo

    var inputs: Inputs

    init(file: String, program: Int? = nil) { inputs = Inputs(file: ContentHash(file), program: program) }

    var label: String { "read a source" }

    static func all(of title: TitleGraph) -> [ProbeTask] {
        var seen: Set<ContentHash> = []
        let outside = title.plan.audio.compactMap(\.file).filter { seen.insert($0).inserted }
        let source = title.plan.source
        return [ProbeTask(file: source.fingerprint, program: source.chosenProgram)] + outside.map { ProbeTask(file: $0.sha256) }
    }

    func seconds(_ costs: TaskCosts) -> Double { 0 }

    func make(into folder: String, _ title: OpenTitle) throws -> SourceInfo {
        try title.reading([inputs.file]) { files in
            let probe = try SourceInspector.inspect(path: files[0].path, program: inputs.program) { title.goesOn() }
            return try Self.write(probe, into: folder)
        }
    }

    /// Leaves the frame index in the folder.
    static func write(_ probe: SourceInspector.Findings, into folder: String) throws -> SourceInfo {
        if let index = probe.index { try Data(index.encoded).write(to: URL(fileURLWithPath: "\(folder)/\(indexFile)")) }
        return probe.source
    }

    /// What lies under the key; nil: nothing that can be read.
    static func read(_ key: TaskKey, in store: any ArtefactStore) -> SourceInspector.Findings? {
        guard let source = store.record(key, as: SourceInfo.self) else { return nil }
        guard source.video != nil else { return SourceInspector.Findings(source: source, index: nil) }
        guard let bytes = (try? store.folder(key)).flatMap({ FileManager.default.contents(atPath: "\($0)/\(indexFile)") }),
            let index = FrameIndex(encoded: [UInt8](bytes))
        else { return nil }
        return SourceInspector.Findings(source: source, index: index)
    }

    private static let indexFile = "index"
}

/// What probing follows from: FFmpeg's own libraries, and no encoder.
enum ProbeLibraries {
    static let all = EngineIdentity.libraries.filter { $0.name.hasPrefix("libav") }
}
