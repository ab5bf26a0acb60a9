import MediaModel
import Testing

@testable import Planning

/// The contract's example, as far as it is built: file store and SQLite.
private let example = """
    version: 1
    catalog: sqlite:./catalog.sqlite          # later also postgres://user@host/db
    publish: file:./store                     # or a mapping
    defaults:
      preset: h264-standard
    titles:
      - id: night-train                       # stable key; [a-z0-9-]
        source: masters/night-train.mov       # a path
        preset: hevc-premium
        trim: { start: 2.5, end: "00:01:32" } # decimal seconds or HH:MM:SS.mmm, kept exact
        damage: fail                          # or accept: decode errors become warnings
        metadata:
          name: Night Train
          kind: movie                         # movie | episode | clip
          year: 2024
          synopsis: One paragraph.
          genres: [drama, thriller]
          people: [{ name: A. Example, role: director }]
          maturity: 12
          language: en
          series: { id: night, name: Night, season: 1, episode: 2 }
        artwork: art/night-train.jpg
        audio:                                # left out: every audio track of the source
          - { track: 0, language: en, label: English }
          - { file: dubs/night-train.fr.wav, language: fr, label: Français, role: dub }
        subtitles:
          - { file: subs/night-train.fr.srt, language: fr, role: subtitle }    # subtitle | captions | forced
    """

struct ManifestReaderTests {
    @Test func readsTheExampleOfTheContractAsItStands() throws {
        let fixture = try DocumentFixture(["m.yaml": example])
        let result = ManifestReader.read(path: fixture.path("m.yaml"), presets: PresetLibrary(), checkFiles: false)
        #expect(result.diagnostics.isEmpty)
        let document = try #require(result.value)
        let manifest = document.manifest
        #expect(manifest.path == fixture.path("m.yaml"))
        #expect(manifest.catalog == "sqlite:\(fixture.path("catalog.sqlite"))")
        #expect(manifest.publish == .folder(fixture.path("store")))
        #expect(document.presets.map(\.preset.name) == ["h264-standard", "hevc-premium"])
        let title = try #require(manifest.titles.first)
        #expect(title.id == "night-train")
        #expect(title.source == fixture.path("masters/night-train.mov"))
        #expect(title.preset.name == "hevc-premium")
        #expect(title.trim == Trim(start: Rational(5, 2), end: Rational(92)))
        #expect(!title.acceptsDamage)
        #expect(title.artwork == fixture.path("art/night-train.jpg"))
        #expect(title.place == "7:5")
        #expect(
            title.metadata
                == TitleMetadata(
                    name: "Night Train", kind: .movie, year: 2024, synopsis: "One paragraph.", genres: ["drama", "thriller"],
                    people: [Person(name: "A. Example", role: "director")], maturity: 12, language: "en",
                    series: SeriesMembership(id: "night", name: "Night", season: 1, episode: 2)))
        #expect(
            title.audio == [
                AudioRequest(origin: .track(0), language: "en", label: "English", role: nil),
                AudioRequest(
                    origin: .file(fixture.path("dubs/night-train.fr.wav")), language: "fr", label: "Français", role: .dub),
            ])
        #expect(
            title.subtitles == [
                SubtitleRequest(file: fixture.path("subs/night-train.fr.srt"), language: "fr", label: nil, role: .subtitle)
            ])
    }

    @Test func scalarsAreTextUntilTheKeySaysWhatTheyAre() throws {
        let text = DocumentFixture.manifest(
            title: "metadata:\n  name: 1917\n  language: no\n  synopsis: yes\n  genres: [007, 1:30, null]\n  year: 1917")
        let result = ManifestReader.read(DocumentFile(name: "m.yaml", text: text), presets: .small, checkFiles: false)
        let metadata = try #require(result.value).manifest.titles[0].metadata
        #expect(metadata.name == "1917")
        #expect(metadata.language == "no")
        #expect(metadata.synopsis == "yes")
        #expect(metadata.genres == ["007", "1:30", "null"])
        #expect(metadata.year == 1917)
    }

    @Test func aTitleTakesFromDefaultsWhatItDoesNotSay() throws {
        let text = """
            version: 1
            catalog: sqlite:/var/c.sqlite
            publish: { url: "file:///srv/store/" }
            defaults:
              preset: small
              damage: accept
              metadata: { language: de, maturity: 6, kind: episode, genres: [news] }
            titles:
              - { id: a, source: a.mov }
              - { id: b, source: /m/../n/b.mov, damage: fail, metadata: { name: B, language: en, genres: [] } }
            """
        let result = ManifestReader.read(DocumentFile(name: "/base/m.yaml", text: text), presets: .small, checkFiles: false)
        #expect(result.diagnostics == [])
        let manifest = try #require(result.value).manifest
        #expect(manifest.catalog == "sqlite:/var/c.sqlite")
        #expect(manifest.publish == .folder("/srv/store"))
        let (a, b) = (manifest.titles[0], manifest.titles[1])
        #expect(a.metadata == TitleMetadata(name: "a", kind: .episode, genres: ["news"], maturity: 6, language: "de"))
        #expect(a.source == "/base/a.mov")
        #expect(a.acceptsDamage)
        #expect(a.audio == nil)
        #expect(b.metadata == TitleMetadata(name: "B", kind: .episode, maturity: 6, language: "en"))
        #expect(b.source == "/n/b.mov")
        #expect(!b.acceptsDamage)
    }

    @Test func aDozenFaultsAreReportedAtOnce() throws {
        let fixture = try DocumentFixture([
            "manifest.yaml": """
            version: 1
            catalogue: sqlite:./catalog.sqlite
            publish: https://bucket/films
            defaults:
              preset: smal
              damage: ignore
            titles:
              - id: Night Train
                sorce: a.mov
                metadata: { name: [A], kind: film, year: MMXXIV, langauge: en }
              - id: twin
                source: https://example.org/
                trim: { start: 10, end: "1:30" }
                year: 2024
              - id: twin
                source: c.mov
                source: d.mov
                trim: { start: 00:00:10.5, end: 2 }
                preset: small
                audio: [{ track: 0, file: x.wav }, { language: english! }]
                subtitles: [{ file: s.ass, language: fr }, { file: t.srt }]
                artwork:
              - just a string
            """
        ])
        #expect(
            fixture.faults() == [
                "manifest.yaml:2:1: error: catalogue: unknown key (did you mean 'catalog'?)",
                "manifest.yaml:3:10: error: publish: https:// is not supported yet; use file: or s3://",
                "manifest.yaml:5:11: error: defaults.preset: there is no preset 'smal'; known: h264-standard, small "
                    + "(did you mean 'small'?)",
                "manifest.yaml:6:11: error: defaults.damage: must be fail or accept, not 'ignore'",
                "manifest.yaml:8:9: error: titles[0].id: 'Night Train' must be lower-case letters a-z, digits and "
                    + "hyphens, at most 100, not a hyphen first (did you mean 'night-train'?)",
                "manifest.yaml:9:5: error: titles[0].sorce: unknown key (did you mean 'source'?)",
                "manifest.yaml:10:23: error: titles[0].metadata.name: must be text, not a list",
                "manifest.yaml:10:34: error: titles[0].metadata.kind: must be movie or episode or clip, not 'film'",
                "manifest.yaml:10:46: error: titles[0].metadata.year: must be a whole number from 1800 to 2200, not 'MMXXIV'",
                "manifest.yaml:10:54: error: titles[0].metadata.langauge: unknown key (did you mean 'language'?)",
                "manifest.yaml:12:13: error: titles[1].source: names no file; write https://host/path/film.mov",
                "manifest.yaml:13:29: error: titles[1].trim.end: must be a time: decimal seconds or HH:MM:SS.mmm, not "
                    + "'1:30' (did you mean '00:01:30'?)",
                "manifest.yaml:14:5: error: titles[1].year: unknown key here; it belongs under 'metadata'",
                "manifest.yaml:15:9: error: titles[2].id: the id 'twin' is used twice; the first is in line 11",
                "manifest.yaml:17:5: error: titles[2].source: the key is given twice; the first is in line 16",
                "manifest.yaml:18:37: error: titles[2].trim.end: the title would end at 2 s, not after its start at 10.5 s",
                "manifest.yaml:20:31: error: titles[2].audio[0].file: track and file exclude each other; keep one",
                "manifest.yaml:20:40: error: titles[2].audio[1]: track or file is missing",
                "manifest.yaml:20:52: error: titles[2].audio[1].language: 'english!' is no language tag; write it as "
                    + "in BCP 47, such as en, no or pt-BR (did you mean 'en'?)",
                "manifest.yaml:21:25: error: titles[2].subtitles[0].file: .ass subtitles are not supported yet; give "
                    + "SubRip (.srt) or WebVTT (.vtt)",
                "manifest.yaml:21:48: error: titles[2].subtitles[1].language: is missing: the language written, BCP 47",
                "manifest.yaml:22:13: error: titles[2].artwork: has no value; give it one or leave the key out",
                "manifest.yaml:23:5: error: titles[3]: must be a mapping of keys to values, not 'just a string'",
            ])
    }

    @Test func missingFilesAreFaultsOnlyWhereAskedFor() throws {
        let text = DocumentFixture.manifest(
            title: "artwork: art\naudio: [{ file: dub.wav }]\nsubtitles: [{ file: s.srt, language: fr }]")
        let fixture = try DocumentFixture(["manifest.yaml": text, "s.srt": "", "art/x.jpg": "", "dub2.wav": ""])
        #expect(fixture.faults() == [])
        #expect(
            fixture.faults(checkFiles: true) == [
                "manifest.yaml:6:13: error: titles[0].source: there is no file 'night-train.mov'",
                "manifest.yaml:8:14: error: titles[0].artwork: 'art' is a folder; a file is wanted",
                "manifest.yaml:9:21: error: titles[0].audio[0].file: there is no file 'dub.wav' (did you mean 'dub2.wav'?)",
            ])
    }

    @Test func requiredKeysAreAskedFor() {
        #expect(
            DocumentFixture.manifestFaults("titles: [{}]\n") == [
                "m.yaml:1:1: error: version: is missing: the version of this format: 1",
                "m.yaml:1:1: error: catalog: is missing: the catalog: sqlite: and a path, relative to this file",
                "m.yaml:1:1: error: publish: is missing: the store that finished packages go to: file: and a folder, relative to this file, "
                    + "or s3://bucket/prefix",
                "m.yaml:1:10: error: titles[0].id: is missing: stable key of the title: lower-case letters, digits and "
                    + "hyphens; it names the folder and the URLs",
                "m.yaml:1:10: error: titles[0].source: is missing: the source video: a path, relative to this file, or an https:// or "
                    + "s3:// address",
                "m.yaml:1:10: error: titles[0].preset: is missing: name a preset here, or one for all titles under 'defaults'",
            ])
    }

    @Test(arguments: [
        ("version: 2", "version: '2' is not a version that this reelmill reads; it reads version 1"),
        ("catalog: postgres://u@h/db", "catalog: postgres:// is not supported yet; use sqlite:"),
        ("catalog: catalog.sqlite", "catalog: must begin with sqlite:, not 'catalog.sqlite' (did you mean 'sqlite:catalog.sqlite'?)"),
        ("catalog: 'sqlite:'", "catalog: names no path behind sqlite:"),
        ("publish: file://store", "publish: 'file://store' names a host; write file:PATH (did you mean 'file:store'?)"),
        ("publish: { url: file:s, region: eu }", "publish.region: is only for s3://; file:s is a folder"),
        ("publish: s3:///films", "publish: 's3:///films' names no bucket; write s3://bucket/prefix"),
        (
            "publish: s3://films--use1-az4--x-s3/a",
            "publish: 'films--use1-az4--x-s3' is a bucket of S3 Express, which cannot be published to; name a general purpose bucket"
        ),
        (
            "publish: s3://arn:aws:s3:a:1:accesspoint/a",
            "publish: 's3://arn:aws:s3:a:1:accesspoint/a' names an access point by its ARN; write its alias"
        ),
        ("titles: []", "titles: the list is empty; at least one entry is needed"),
        ("defaults: { source: a }", "defaults.source: unknown key; known here: preset, damage, metadata"),
    ])
    func oneKeyIsWrong(line: String, expected: String) throws {
        let key = line.prefix { $0 != ":" }
        let lines = DocumentFixture.manifest(title: "", head: "defaults: { preset: small }\n").split(separator: "\n")
        let kept = lines.filter { !$0.hasPrefix(key + ":") && !(key == "titles" && $0.hasPrefix(" ")) }
        let faults = DocumentFixture.manifestFaults((kept + [line[...]]).joined(separator: "\n"))
        #expect(faults.count == 1)
        #expect(faults.first?.hasSuffix(expected) == true, "\(faults)")
    }

    @Test func jsonReadsTheSame() throws {
        let json = """
            \u{FEFF}{
            \t"$schema": "manifest.schema.json",
            \t"version": 1, "catalog": "sqlite:./c.sqlite", "publish": {"url":"file:./store"},
            \t"defaults": { "preset": "small" },
            \t"titles": [
            \t\t{ "id": "a", "source": "a.mov", "trim": {"start":2.5},
            \t\t  "metadata": { "name": "Caf\\u00e9 \\ud83d\\ude00", "year": 2024, "language": "no" } }
            \t]
            }
            """
        let yaml = """
            version: 1
            catalog: sqlite:./c.sqlite
            publish: file:./store
            titles:
              - id: a
                source: a.mov
                preset: small
                trim: { start: 2.5 }
                metadata: { name: Café 😀, year: 2024, language: no }
            """
        let fixture = try DocumentFixture(["m.json": json, "m.yaml": yaml])
        let read = { ManifestReader.read(path: fixture.path($0), presets: .small, checkFiles: false) }
        #expect(read("m.json").diagnostics == [])
        var (a, b) = (try #require(read("m.json").value).manifest, try #require(read("m.yaml").value).manifest)
        (a.path, b.path) = ("", "")
        (a.titles[0].place, b.titles[0].place) = ("", "")
        #expect(a == b)
    }

    @Test func jsonFaultsHavePlacesToo() {
        let json = "{\n\t\"version\": 1,\n\t\"titels\": [],\n\t\"catalog\": null, \"publish\": \"file:s\"\n}"
        #expect(
            DocumentFixture.manifestFaults(json, name: "m.json") == [
                "m.json:3:2: error: titels: unknown key (did you mean 'titles'?)",
                "m.json:4:13: error: catalog: has no value; give it one or leave the key out",
            ])
    }

    @Test(arguments: [
        ("just text", "m.yaml:1:1: error: must be a mapping of keys to values, not 'just text'"),
        ("[1]", "m.yaml:1:1: error: must be a mapping of keys to values, not a list"),
        ("", "m.yaml:1:1: error: the file is empty"),
        ("titles: [\n", "m.yaml:2:1: error: YAML syntax: while parsing a flow node, did not find expected node content"),
    ])
    func whatIsNoManifestAtAllIsOneFault(text: String, expected: String) {
        let faults = DocumentFixture.manifestFaults(text)
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix(expected) == true, "\(faults)")
    }

    @Test func aMissingManifestIsSaidInTheUsersWords() {
        let result = ManifestReader.read(path: "no/such.yaml", presets: .small, checkFiles: false)
        #expect(result.value == nil)
        #expect(result.diagnostics.map(\.description) == ["no/such.yaml: error: there is no file 'no/such.yaml'"])
    }

    @Test func linesOfWindowsAreLines() {
        let text = DocumentFixture.manifest(title: "metdata: {}").replacing("\n", with: "\r\n")
        #expect(
            DocumentFixture.manifestFaults(text) == ["m.yaml:8:5: error: titles[0].metdata: unknown key (did you mean 'metadata'?)"])
    }

    @Test func thousandsOfTitlesKeepTheirPlaces() throws {
        let titles = (0..<2000).map { "  - { id: t\($0), source: \($0).mov }\n" }.joined()
        let text = "version: 1\ncatalog: sqlite:c\npublish: file:s\ndefaults: { preset: small }\ntitles:\n" + titles
        let result = ManifestReader.read(DocumentFile(name: "/m.yaml", text: text), presets: .small, checkFiles: false)
        #expect(result.value?.manifest.titles.count == 2000)
        #expect(result.value?.manifest.titles.last?.place == "2005:5")
        #expect(result.value?.presets.count == 1)
    }

    @Test func aPresetThatOnlyTheDefaultsNameIsCheckedToo() throws {
        let fixture = try DocumentFixture([
            "manifest.yaml": DocumentFixture.manifest(title: "", head: "defaults: { preset: ./mine.yaml }\n"),
            "mine.yaml": DocumentFixture.preset(head: "segment: 6\n"),
        ])
        #expect(fixture.faults() == ["mine.yaml:2:1: error: segment: unknown key (did you mean 'segment_seconds'?)"])
    }
}
