import MediaModel
import Testing

@testable import Planning

struct TitlePartsTests {
    private func title(_ text: String) throws -> TitleRequest {
        let file = DocumentFile(name: "/base/m.yaml", text: DocumentFixture.manifest(title: text))
        let result = ManifestReader.read(file, presets: .small, checkFiles: false)
        #expect(result.diagnostics == [])
        return try #require(result.value?.manifest.titles.first)
    }

    @Test func aTitleWithNothingButItsSourceIsWhole() throws {
        let title = try title("")
        #expect(title.metadata == TitleMetadata(name: "night-train", kind: .movie))
        #expect(title.trim == Trim())
        #expect(title.audio == nil)
        #expect(title.subtitles == [])
        #expect(title.artwork == nil)
        #expect(!title.acceptsDamage)
    }

    @Test func aCropHasEvenSides() throws {
        #expect(try title("crop: { top: 140, bottom: 138 }").crop == Crop(top: 140, bottom: 138))
        let faults = DocumentFixture.manifestFaults(DocumentFixture.manifest(title: "crop: { left: 3, rigth: 2 }"))
        #expect(faults.count == 2)
        #expect(faults.contains { $0.contains("crop.left: must be even") && $0.contains("'4'") })
        #expect(faults.contains { $0.contains("crop.rigth: unknown key (did you mean 'right'?)") })
    }

    @Test func theTailIsHeldOrCut() throws {
        #expect(try title("").tail == nil)
        #expect(try title("tail: hold").tail == .hold)
        #expect(try title("tail: cut").tail == .cut)
        let faults = DocumentFixture.manifestFaults(DocumentFixture.manifest(title: "tail: cutt"))
        #expect(faults.count == 1)
        #expect(faults.first?.contains("tail: must be hold or cut, not 'cutt'") == true)
    }

    @Test(arguments: AudioRole.allCases)
    func everyAudioRoleIsKnown(role: AudioRole) throws {
        let title = try title("audio: [{ file: ../a.wav, role: \(role.rawValue) }, { track: 3, label: '1' }]")
        #expect(
            title.audio == [
                AudioRequest(origin: .file("/a.wav"), language: nil, label: nil, role: role),
                AudioRequest(origin: .track(3), language: nil, label: "1", role: nil),
            ])
    }

    @Test(arguments: TextRole.allCases)
    func everyTextRoleIsKnown(role: TextRole) throws {
        let title = try title("subtitles:\n  - file: a.vtt\n    language: no\n    role: \(role.rawValue)\n    label: Norsk")
        #expect(title.subtitles == [SubtitleRequest(file: "/base/a.vtt", language: "no", label: "Norsk", role: role)])
    }

    @Test(arguments: ["ass", "SSA", "ttml", "sup", "scc"])
    func otherSubtitlesAreForLater(ending: String) {
        let faults = DocumentFixture.manifestFaults(
            DocumentFixture.manifest(title: "subtitles: [{ file: a.\(ending), language: en }]"))
        #expect(faults.count == 1)
        #expect(faults.first?.contains("subtitles are not supported yet; give SubRip (.srt) or WebVTT (.vtt)") == true)
    }

    @Test func anEpisodeNeedsItsWholePlace() {
        let faults = DocumentFixture.manifestFaults(
            DocumentFixture.manifest(title: "metadata: { series: { id: Night, season: one } }"))
        #expect(
            faults == [
                "m.yaml:8:25: error: titles[0].metadata.series.name: is missing: the name of the series",
                "m.yaml:8:25: error: titles[0].metadata.series.episode: is missing: the episode's number in the season",
                "m.yaml:8:31: error: titles[0].metadata.series.id: 'Night' must be lower-case letters a-z, digits and hyphens, "
                    + "at most 100, not a hyphen first (did you mean 'night'?)",
                "m.yaml:8:46: error: titles[0].metadata.series.season: must be a whole number from 0 to 9999, not 'one'",
            ])
    }

    @Test func aSeriesHasOneName() {
        func faults(_ names: [String]) -> [String] {
            let titles = names.enumerated().map { number, name in
                "  - id: t\(number)\n    source: a.mov\n    preset: small\n"
                    + "    metadata: { series: { id: night, name: \(name), season: 1, episode: \(number) } }\n"
            }
            return DocumentFixture.manifestFaults("version: 1\ncatalog: sqlite:c\npublish: file:s\ntitles:\n" + titles.joined())
        }
        #expect(faults(["Night", "Night"]) == [])
        #expect(
            faults(["Night", "Nights", "Night"]) == [
                "m.yaml:12:44: error: titles[1].metadata.series.name: the series 'night' is called 'Night' in line 8; a series has one name"
            ])
    }

    @Test(arguments: [
        ("trim: { end: 0 }", "trim.end: the title would end at 0 s, not after its start at 0 s"),
        ("trim: { start: 4, end: 4.0 }", "trim.end: the title would end at 4 s, not after its start at 4 s"),
        ("trim: { start: '00:00:05', end: 4.25 }", "trim.end: the title would end at 4.25 s, not after its start at 5 s"),
        ("trim: { from: 4 }", "trim.from: unknown key; known here: start, end"),
        ("trim: 4-8", "trim: must be a mapping of keys to values, not '4-8'"),
    ])
    func aTrimHasToLeaveSomething(text: String, expected: String) {
        let faults = DocumentFixture.manifestFaults(DocumentFixture.manifest(title: text))
        #expect(faults.count == 1)
        #expect(faults.first?.hasSuffix(expected) == true, "\(faults)")
    }
}
