import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Pipeline

/// Everything that is wrong is said at once, with its place, and nothing is touched.
@Suite struct ValidationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("a file, whatever it holds", to: "there.mp4")
    }

    private func preset(_ rung: String = "") throws {
        try folder.write(
            """
            version: 1
            video:
              codec: h264
              crf: 23
              rungs:
                - name: 180p
                  width: 320
                  height: 180
                  max_rate: 1000k
                  buffer_size: 1000k
                  \(rung)
            audio:
              - { codec: aac, bit_rate: 96k }
            """, to: "presets/p.yaml")
    }

    private func manifest(_ titles: String) throws -> String {
        try folder.write(
            "version: 1\ncatalog: sqlite:./catalog.sqlite\npublish: file:./store\ndefaults:\n  preset: p\ntitles:\n\(titles)",
            to: "manifest.yaml")
    }

    @Test(arguments: [#"options: { x264-params: "foo=1" }"#, "options: { nonsense: 7 }", "level: 1.0"])
    func fiveFaultsAtOnce(_ impossible: String) throws {
        try preset(impossible)
        let path = try manifest(
            """
              - id: one
                source: there.mp4
                colour: blue
              - id: two
                source: there.mp4
                metadata:
                  year: soon
              - id: three
                source: missing.mp4
              - id: one
                source: there.mp4
            """)
        let before = try folder.listing()
        let result = Validation.run(paths: [path], checkFiles: true)
        let inManifest = result.diagnostics.filter { $0.file.hasSuffix("manifest.yaml") }
        #expect(inManifest.map(\.line).sorted() == [9, 13, 15, 16], "\(inManifest)")
        for (line, word) in [(9, "colour"), (13, "year"), (15, "missing.mp4"), (16, "one")] {
            #expect(inManifest.first { $0.line == line }?.description.contains(word) == true)
        }
        #expect(result.diagnostics.contains { $0.file.hasSuffix("p.yaml") && $0.line > 0 }, "\(result.diagnostics)")
        #expect(try folder.listing() == before)
    }

    @Test func whatIsRightPasses() throws {
        try preset()
        let path = try manifest("  - { id: one, source: there.mp4 }\n")
        let result = Validation.run(paths: [path, folder.file("presets/p.yaml")], checkFiles: true)
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
        #expect(result.files == [path, folder.file("presets/p.yaml")])
    }

    @Test func sourcesNeedNotBeThereWhereNobodyAsks() throws {
        try preset()
        let path = try manifest("  - { id: one, source: missing.mp4 }\n")
        #expect(Validation.run(paths: [path], checkFiles: false).diagnostics.isEmpty)
        #expect(Validation.run(paths: [path], checkFiles: true).diagnostics.count == 1)
    }

    @Test func aFolderIsCheckedWhole() throws {
        try preset("nonsense: 1")
        _ = try manifest("  - { id: one, source: missing.mp4 }\n")
        let result = Validation.run(paths: [folder.path], checkFiles: true)
        #expect(result.files.count == 2)
        #expect(Set(result.diagnostics.map { ($0.file as NSString).lastPathComponent }) == ["manifest.yaml", "p.yaml"])
    }

    @Test func aFolderWithNothingToCheckIsAFault() throws {
        try folder.write("hello: world", to: "sub/other.yaml")
        let result = Validation.run(paths: [folder.file("sub")], checkFiles: true)
        #expect(result.files.isEmpty)
        #expect(
            result.diagnostics.map(\.description) == ["\(folder.file("sub")): error: there is no manifest and no preset in this folder"])
    }

    @Test func twoPassesAreProven() throws {
        try preset()
        let text = String(decoding: try folder.bytes(of: "presets/p.yaml"), as: UTF8.self)
        let twoPass = text.replacingOccurrences(of: "  crf: 23\n", with: "").replacingOccurrences(
            of: "buffer_size", with: "bit_rate: 500k\n      buffer_size")
        let path = try folder.write(twoPass, to: "presets/two.yaml")
        let result = Validation.run(paths: [path], checkFiles: true)
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
    }
}
