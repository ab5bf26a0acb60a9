import Foundation
import MediaModel

@testable import Planning

/// A folder of its own for one test, with files in it; removed with the value.
final class DocumentFixture {
    let folder: String

    /// - Parameter files: relative path to text; folders are made.
    init(_ files: [String: String] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("documents-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (path, text) in files { try write(text, to: path) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: path(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// A manifest's diagnostics as a user reads them, without the folder's name.
    func faults(_ name: String = "manifest.yaml", checkFiles: Bool = false, presets: PresetLibrary = .small) -> [String] {
        let result = ManifestReader.read(path: path(name), presets: presets, checkFiles: checkFiles)
        return result.diagnostics.map { $0.description.replacingOccurrences(of: folder + "/", with: "") }
    }

    /// What reading a preset of this text complains about.
    static func presetFaults(_ text: String) -> [String] {
        PresetReader.read(DocumentFile(name: "p.yaml", text: text), name: "p").diagnostics.map(\.description)
    }

    /// What reading a manifest of this text complains about; nothing is on disk.
    static func manifestFaults(_ text: String, name: String = "m.yaml") -> [String] {
        ManifestReader.read(DocumentFile(name: name, text: text), presets: .small, checkFiles: false).diagnostics.map(\.description)
    }

    /// A manifest with one title, whose text is added to `title:`; eight spaces are not needed.
    static func manifest(title: String, head: String = "") -> String {
        """
        version: 1
        catalog: sqlite:./catalog.sqlite
        publish: file:./store
        \(head)titles:
          - id: night-train
            source: night-train.mov
            preset: small

        """ + title.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)\n" }.joined()
    }

    /// A sound preset whose parts can be replaced.
    static func preset(
        head: String = "", video: String = "codec: h264\n  crf: 23",
        rung: String = "name: 360p, width: 640, height: 360, max_rate: 600k, buffer_size: 600k",
        audio: String = "{ codec: aac, bit_rate: 128k }"
    ) -> String {
        """
        version: 1
        \(head)video:
          \(video)
          rungs:
            - { \(rung) }
        audio:
          - \(audio)

        """
    }
}

extension PresetLibrary {
    /// One tiny preset, so that a test does not depend on the ladders we ship.
    static let small = PresetLibrary(builtIn: ["small": DocumentFixture.preset(), "h264-standard": DocumentFixture.preset()])
}
