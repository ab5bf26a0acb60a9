import Engine
import Foundation
import MediaModel
import Planning
import TestSupport
import Testing
import Transcoding

@testable import Pipeline

/// Files that are replaced while a run is going: nothing that was made of them is kept under the key of what was planned.
@Suite struct TaskPerformerTests {
    private let batch: Batch
    private let plan: AssetPlan
    private let name: String
    private let performer: TaskPerformer
    private let graph: TitleGraph

    init() throws {
        MediaLibraries.prepare()
        batch = try Batch()
        try batch.film("good.mp4")
        try Clip.make(batch.folder.file("dub.wav"), video: nil, audio: "sine=duration=3", options: ["-c:a", "pcm_s16le"])
        try Clip.make(batch.folder.file("art.png"), video: "color=red:size=320x180:duration=1", options: ["-c:v", "png", "-frames:v", "1"])
        try batch.folder.write("1\n00:00:00,500 --> 00:00:01,500\nHello\n", to: "good.srt")
        let manifest = try batch.folder.write(
            """
            version: 1
            catalog: sqlite:./catalog.sqlite
            publish: file:./store
            titles:
              - id: good
                source: masters/good.mp4
                preset: tiny
                artwork: art.png
                audio: [{ track: 0 }, { file: dub.wav, language: fr }]
                subtitles: [{ file: good.srt, language: en }]
            """, to: "manifest.yaml")
        let work = try WorkFolder(path: batch.folder.file("work"))
        let document = try Documents.manifest(manifest, proven: ProvenPresets(work: work.path))
        let request = try #require(document.manifest.titles.first)
        let (plan, fingerprints) = try Preparation(probes: try Probes(work: work)).planned(request)
        self.plan = plan
        name = try work.writePlan(PlanFile(plan: plan, inputs: InputLocations(fingerprints, FileLocations(work: work.path))))
        performer = try TaskPerformer(work: work)
        graph = TitleGraph(plan, in: work.artefacts)
    }

    private func encode() -> any EngineTask { EncodePass(plan: name, chunk: 0, rungs: [0, 1], isSecond: false) }

    /// The one with this number, as a worker is handed it.
    private func task<Task: TitleTask>(_ kind: Task.Type, _ number: Int = 0) throws -> any EngineTask {
        try graph.tasks(kind)[number].task.order(plan: name)
    }

    /// Another file of the same name, with the same content.
    private func touch(_ file: String) throws {
        let time = Date(timeIntervalSince1970: 1_000_000)
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: batch.folder.file(file))
    }

    /// Holds the error against the one that names the file.
    private func expectChanged(_ file: String, _ body: () throws -> Void) {
        let error = #expect(throws: PipelineError.self) { try body() }
        #expect(error?.code == .title)
        let words = "\(file)': it changed while the run was going; run again"
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("masters/good.mp4", "encode"), ("masters/good.mp4", "audio"), ("dub.wav", "dub"), ("good.srt", "text"), ("art.png", "images"),
    ])
    func whatWasReplacedBeforeATaskIsNotRead(file: String, task: String) throws {
        // Of the same title, so that the performer has it open.
        try performer.perform(try self.task(AudioTask.self)) { _ in }
        let done = try graph.progress().done
        let orders: [String: any EngineTask] = [
            "encode": EncodePass(plan: name, chunk: 0, rungs: [0], isSecond: false), "audio": try self.task(AudioTask.self),
            "dub": try self.task(AudioTask.self, 1), "text": try self.task(TextTask.self), "images": try self.task(ImagesTask.self),
        ]
        let order = try #require(orders[task])
        try batch.folder.write("another file", to: file)
        // What is there already need not be made.
        if task == "audio" {
            try performer.perform(order) { _ in }
        } else {
            expectChanged(file) { try performer.perform(order) { _ in } }
        }
        #expect(try graph.progress().done == done)
    }

    /// Whatever goes on in a task says so: a worker that is silent is ended.
    @Test func everyKindOfTaskFeedsItsWatchdog() throws {
        func file(_ name: String) -> InputFile { InputFile(label: name, path: batch.folder.file(name)) }
        let probe = ProbePass(files: TitleFiles(source: file("masters/good.mp4"), audio: [], subtitles: [], artwork: file("art.png")))
        try forgetProbes()
        let orders: [any EngineTask] = [
            probe, encode(), try task(AudioTask.self), try task(AudioTask.self, 1), try task(TextTask.self), try task(ImagesTask.self),
            try task(PackageTask.self),
        ]
        for order in orders {
            var signs = 0
            try performer.perform(order) { _ in signs += 1 }
            #expect(signs > 0, "\(order)")
        }
        // A worker that comes to a title whose facts have gone reads its source again, which may take hours.
        try forgetProbes()
        try graph.store.drop(try #require(try graph.tasks(AudioTask.self).first).key)
        let other = try TaskPerformer(work: WorkFolder(path: batch.folder.file("work")))
        var signs = 0
        try other.perform(try task(AudioTask.self)) { _ in signs += 1 }
        #expect(signs > 0)
    }

    private func forgetProbes() throws {
        let stamps = batch.folder.file("work/stamps")
        try FileManager.default.removeItem(atPath: stamps)
        try FileManager.default.createDirectory(atPath: stamps, withIntermediateDirectories: true)
        for probe in try graph.tasks(ProbeTask.self) { try graph.store.drop(probe.key) }
    }

    @Test func whatIsReplacedDuringATaskIsNotKept() throws {
        for (file, order) in [("dub.wav", try task(AudioTask.self, 1)), ("masters/good.mp4", encode())] {
            expectChanged(file) {
                try performer.perform(order) { share in
                    if share != nil { try? touch(file) }
                }
            }
        }
        #expect(try graph.progress().done == 0)
        // The same content under another time is read once more, and is right.
        try performer.perform(try task(AudioTask.self, 1)) { _ in }
        #expect(try graph.progress().done == 1)
    }
}
