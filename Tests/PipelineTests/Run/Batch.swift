import Cataloging
import Foundation
import MediaModel
import Synchronization
import TestSupport

@testable import Pipeline

/// A folder with small sources, a preset and a manifest, and what runs make of them.
struct Batch {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try preset()
    }

    func preset(_ control: String = "crf: 30") throws {
        let (all, each) = control.hasPrefix("crf") ? (control, "") : ("", ", " + control)
        try folder.write(
            """
            version: 1
            video:
              codec: h264
              speed: superfast
              \(all)
              rungs:
                - { name: 180p, width: 320, height: 180, max_rate: 900k, buffer_size: 900k\(each) }
                - { name: 90p, width: 160, height: 90, max_rate: 400k, buffer_size: 400k\(each) }
            audio:
              - { codec: aac, bit_rate: 96k }
            """, to: "presets/tiny.yaml")
    }

    /// Three seconds of film with sound.
    func film(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: folder.file("masters"), withIntermediateDirectories: true)
        try Clip.make(folder.file("masters/\(name)"), video: "testsrc2=size=320x180:rate=25:duration=3", audio: "sine=duration=3")
    }

    /// - Parameter titles: ids with their sources and names.
    @discardableResult
    func manifest(_ titles: [(id: String, source: String, name: String)], store: String = "store", catalog: String = "catalog") throws
        -> String
    {
        var text = """
            version: 1
            catalog: sqlite:./\(catalog).sqlite
            publish: file:./\(store)
            defaults: { preset: tiny }
            titles:

            """
        for title in titles {
            text += "  - { id: \(title.id), source: masters/\(title.source), metadata: { name: \(title.name), kind: clip } }\n"
        }
        return try folder.write(text, to: "manifest.yaml")
    }

    /// What a run said and how it ended.
    func run(
        only: String? = nil, workers: Int? = nil, work: String? = nil, change: (inout RunOptions) -> Void = { _ in }
    ) throws -> (report: RunReport, events: [RunEvent]) {
        let events = Mutex<[RunEvent]>([])
        var options = RunOptions(
            manifest: folder.file("manifest.yaml"), only: only, workers: workers, work: work.map(folder.file), failFast: false,
            program: Batch.program)
        change(&options)
        let report = try Run.run(options) { event in events.withLock { $0.append(event) } }
        return (report, events.withLock { $0 })
    }

    /// The built `reelmill`, which lies beside the tests: this process is not one that can be a worker.
    static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("reelmill").path

    func reader(_ catalog: String = "catalog") throws -> CatalogReader { try CatalogReader(url: "sqlite:\(folder.file(catalog)).sqlite") }

    /// Every file below `name` with its inode and the time of its last change.
    func stamps(_ name: String) throws -> [String: String] {
        var stamps: [String: String] = [:]
        for path in try folder.listing() where path.hasPrefix("\(name)/") {
            let facts = try FileManager.default.attributesOfItem(atPath: folder.file(path))
            let time = (facts[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            stamps[path] = "\(facts[.systemFileNumber] ?? "") \(time)"
        }
        return stamps
    }
}
