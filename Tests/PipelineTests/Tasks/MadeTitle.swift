import Engine
import Foundation
import MediaModel
import Planning
import TestSupport
import Transcoding

@testable import Pipeline

/// A title that has something of every kind: a rung with one pass and one with two, audio of its own and of another file, subtitles,
/// artwork.
struct MadeTitle {
    let batch: Batch
    let work: WorkFolder
    let prepared: Prepared
    let plan: AssetPlan

    init() throws {
        MediaLibraries.prepare()
        batch = try Batch()
        try batch.film("good.mp4")
        try Clip.make(batch.folder.file("dub.wav"), video: nil, audio: "sine=duration=3", options: ["-c:a", "pcm_s16le"])
        try Clip.make(batch.folder.file("art.png"), video: "color=red:size=320x180:duration=1", options: ["-c:v", "png", "-frames:v", "1"])
        try batch.folder.write("1\n00:00:00,500 --> 00:00:01,500\nHello\n", to: "good.srt")
        try batch.folder.write(
            """
            version: 1
            video:
              codec: h264
              speed: ultrafast
              rungs:
                - { name: 180p, width: 320, height: 180, max_rate: 900k, buffer_size: 900k, crf: 30 }
                - { name: 90p, width: 160, height: 90, max_rate: 400k, buffer_size: 400k, bit_rate: 300k }
            audio:
              - { codec: aac, bit_rate: 96k }
            """, to: "presets/mixed.yaml")
        let manifest = try batch.folder.write(
            """
            version: 1
            catalog: sqlite:./catalog.sqlite
            publish: file:./store
            titles:
              - id: good
                source: masters/good.mp4
                preset: mixed
                artwork: art.png
                audio: [{ track: 0 }, { file: dub.wav, language: fr }]
                subtitles: [{ file: good.srt, language: en }]
            """, to: "manifest.yaml")
        work = try WorkFolder(path: batch.folder.file("work"))
        let document = try Documents.manifest(manifest, proven: ProvenPresets(work: work.path))
        prepared = Preparation(probes: try Probes(work: work)).prepared(document.manifest.titles[0])
        guard case .success(let plan)? = prepared.plan else { throw Unplanned(reason: "\(String(describing: prepared.plan))") }
        self.plan = plan
    }

    private struct Unplanned: Error { var reason: String }

    /// What is to be done for it.
    func title(_ kinds: [any TitleTask.Type] = TitleGraph.kinds) throws -> TitleWork {
        try TitleWork(prepared, plan: plan, origin: VersionOrigin(), place: 0, work: work, kinds: kinds)
    }
}
