import Foundation
import MediaModel
import Testing

@testable import Planning

struct PresetLibraryTests {
    private func manifest(_ presets: String...) -> String {
        "version: 1\ncatalog: sqlite:c\npublish: file:s\ntitles:\n"
            + presets.enumerated().map { "  - { id: t\($0.offset), source: a.mov, preset: \($0.element) }\n" }.joined()
    }

    @Test func aNameIsLookedUpBesideTheManifestFirst() throws {
        let own = DocumentFixture.preset(head: "description: mine\n")
        let fixture = try DocumentFixture([
            "m.yaml": manifest("small", "other", "sub/x.yml", "small", "x.json", "h264-standard"),
            "presets/small.yaml": own, "presets/other.yml": own, "sub/x.yml": own,
            "x.json": """
            {"version":1,"video":{"codec":"av1","crf":35,
            "rungs":[{"name":"a","width":320,"height":180,"max_rate":"100k","buffer_size":100000}]},
            "audio":[{"codec":"aac","bit_rate":"64k"}]}
            """,
        ])
        let result = ManifestReader.read(path: fixture.path("m.yaml"), presets: .small, checkFiles: false)
        #expect(result.diagnostics == [])
        let document = try #require(result.value)
        #expect(document.manifest.titles.map(\.preset.summary) == ["mine", "mine", "mine", "mine", "", ""])
        #expect(document.presets.map(\.preset.name) == ["small", "other", "x", "x", "h264-standard"])
        #expect(
            document.presets.map(\.file) == [
                fixture.path("presets/small.yaml"), fixture.path("presets/other.yml"), fixture.path("sub/x.yml"),
                fixture.path("x.json"), "built-in preset h264-standard",
            ])
    }

    @Test func aFaultyPresetIsReportedOnceInItsOwnFile() throws {
        let fixture = try DocumentFixture([
            "manifest.yaml": manifest("mine", "mine", "./none.yaml", "min"),
            "presets/mine.yaml": DocumentFixture.preset(video: "codec: h264\n  crf: 99"),
        ])
        #expect(
            fixture.faults() == [
                "manifest.yaml:7:38: error: titles[2].preset: there is no file 'none.yaml'",
                "manifest.yaml:8:38: error: titles[3].preset: there is no preset 'min'; known: h264-standard, mine, "
                    + "small (did you mean 'mine'?)",
                "presets/mine.yaml:4:8: error: video.crf: must be a number from 1 to 63, not '99'",
            ])
    }

    @Test(arguments: ["av1-web", "h264-fast", "h264-standard", "hevc-premium"])
    func everyBuiltInPresetReadsWithoutAFault(name: String) throws {
        let result = try #require(PresetLibrary().builtIn(named: name))
        #expect(result.diagnostics == [])
        let preset = try #require(result.value).preset
        #expect(preset.audio.contains { $0.codec == .aac && $0.channels == 2 })
        #expect(!preset.summary.isEmpty)
        for rung in preset.rungs {
            #expect(rung.rateControl.cap.bufferSize == rung.rateControl.cap.maxRate)
        }
    }

    @Test func theFullLaddersHaveARungForCellularAndOneNear2000() throws {
        let library = PresetLibrary()
        #expect(library.names == ["av1-web", "h264-fast", "h264-standard", "hevc-premium"])
        for name in ["av1-web", "h264-standard", "hevc-premium"] {
            let rungs = try #require(library.builtIn(named: name)?.value).preset.rungs
            // A tenth more is the most that a finished rendition may measure above its cap.
            #expect(try #require(rungs.last).rateControl.cap.maxRate * 11 / 10 <= 192_000)
            #expect(rungs.contains { (1_500_000...2_500_000).contains($0.rateControl.cap.maxRate) })
        }
    }

    @Test func theFirstRungsGoAsFarAsTheirNamesSay() throws {
        func sizes(_ name: String) throws -> [Int] {
            try #require(PresetLibrary().builtIn(named: name)?.value).preset.rungs.map(\.height)
        }
        #expect(try sizes("h264-standard") == [1080, 720, 540, 432, 360, 234])
        #expect(try sizes("h264-fast") == [720, 540, 360])
        #expect(try sizes("hevc-premium").first == 2160)
        #expect(try sizes("av1-web").first == 1080)
    }
}
