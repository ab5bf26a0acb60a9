import Foundation
import Testing

@testable import Planning

struct BuiltInPresetsTests {
    private var folder: URL {
        var url = URL(fileURLWithPath: #filePath)
        // Preset, Documents, PlanningTests, Tests, and the file itself.
        for _ in 0..<5 { url.deleteLastPathComponent() }
        return url.appendingPathComponent("presets")
    }

    /// A preset that is added to the folder and forgotten in the binary, or the other way round, is found here.
    @Test func theBinaryHoldsExactlyTheFilesOfTheFolder() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
        #expect(names.map(DocumentPath.stem).sorted() == PresetLibrary().names)
        for name in names {
            let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            #expect(BuiltInPresets.texts[DocumentPath.stem(of: name)] == text)
        }
    }

    @Test func everyFileOfTheFolderIsAPresetThatValidates() throws {
        let files = try #require(DocumentFolder.files(in: folder.path).value)
        #expect(files.count == PresetLibrary().names.count)
        for file in files {
            #expect(DocumentKind.detect(path: file).value == .preset)
            #expect(PresetReader.read(path: file).diagnostics == [])
        }
    }
}
