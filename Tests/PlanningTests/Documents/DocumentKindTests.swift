import MediaModel
import Testing

@testable import Planning

struct DocumentKindTests {
    @Test func aFileIsKnownByItsKeys() throws {
        let fixture = try DocumentFixture([
            "m.yaml": DocumentFixture.manifest(title: ""), "p.yml": DocumentFixture.preset(), "half.yaml": "version: 1\ncatalog: x\n",
            "other.yaml": "version: 3\nservices: {}\n", "package.json": #"{"format_version":1,"version":"ab","video":{},"audio":[]}"#,
            "broken.yaml": "titles: [\n",
        ])
        func kind(_ name: String) -> DocumentKind? { DocumentKind.detect(path: fixture.path(name)).value }
        #expect(kind("m.yaml") == .manifest)
        #expect(kind("p.yml") == .preset)
        #expect(kind("half.yaml") == .manifest)
        #expect(kind("package.json") == nil)
        #expect(
            DocumentKind.detect(path: fixture.path("other.yaml")).diagnostics.map(\.message) == [
                "is neither a manifest (key titles) nor a preset (keys video and audio)"
            ])
        #expect(DocumentKind.detect(path: fixture.path("broken.yaml")).diagnostics.count == 1)
    }
}

struct DocumentFolderTests {
    @Test func onlyOurFilesAreTaken() throws {
        let fixture = try DocumentFixture([
            "b/m.yaml": DocumentFixture.manifest(title: ""), "a.yml": DocumentFixture.preset(),
            "c/d/j.json": #"{"version": 1, "titles": []}"#, "compose.yaml": "version: 3\nservices: {}\n", "notes.txt": "titles:",
            "store/x/package.json": #"{"format_version":1,"version":"ab","video":{},"audio":[]}"#, ".hidden/m.yaml": "titles: []\n",
            "broken.yaml": "version: 1\ntitles:\n\t- id: a\n", "list.yaml": "- 1\n",
        ])
        let result = DocumentFolder.files(in: fixture.folder + "/")
        #expect(result.diagnostics == [])
        #expect(result.value == ["a.yml", "b/m.yaml", "broken.yaml", "c/d/j.json"].map(fixture.path))
    }

    @Test func aFolderThatIsNotThereIsAFault() {
        #expect(DocumentFolder.files(in: "/nowhere/at/all").diagnostics.count == 1)
    }
}
