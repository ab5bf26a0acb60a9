import MediaModel
import Testing

@testable import Planning

@Suite("The version: everything that shapes the bytes, and nothing else")
struct VersionInputsTests {
    private static let path = "/subs/en.srt"

    private static func request(_ change: (inout TitleRequest) -> Void = { _ in }) -> TitleRequest {
        var request = Given.request(
            Given.preset(images: ImageSettings()), artwork: "/art/a.jpg",
            audio: [
                AudioRequest(origin: .track(0), language: "en", label: "English", role: .main),
                AudioRequest(origin: .file("/dubs/fr.wav"), language: "fr", label: "Français", role: .dub),
            ], subtitles: [SubtitleRequest(file: path, language: "en", label: nil, role: .subtitle)])
        change(&request)
        return request
    }

    private static func facts(_ change: (inout TitleFacts) -> Void = { _ in }) -> TitleFacts {
        let video = Given.video(seconds: Rational(60))
        let files = [
            path: "a1", "/art/a.jpg": "b2", "/dubs/fr.wav": "c3",
            "/moved/en.srt": "a1", "/moved/a.jpg": "b2", "/moved/fr.wav": "c3",
        ]
        let dub = Given.source(nil, [Given.sound(stream: 0, seconds: Rational(60))])
        var facts = TitleFacts(
            source: Given.source(video, [Given.sound(language: "eng", seconds: Rational(60))]),
            index: Given.index(of: video, keyEvery: 30), outsideAudio: ["/dubs/fr.wav": dub, "/moved/fr.wav": dub], fingerprints: files,
            artworkSize: ImagePlan.Size(width: 800, height: 600))
        change(&facts)
        return facts
    }

    private static func version(
        _ request: TitleRequest = request(), _ facts: TitleFacts = facts(), libraries: [LibraryIdentity] = Given.libraries
    ) throws -> String {
        try AssetPlanner.plan(request, facts: facts, libraries: libraries).version
    }

    @Test("Sixteen hex digits, the same every time")
    func form() throws {
        let version = try Self.version()
        #expect(version.count == 16)
        #expect(version.allSatisfy { "0123456789abcdef".contains($0) })
        #expect(try Self.version() == version)
    }

    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var request: @Sendable (inout TitleRequest) -> Void = { _ in }
        var facts: @Sendable (inout TitleFacts) -> Void = { _ in }
        var libraries: @Sendable (inout [LibraryIdentity]) -> Void = { _ in }
    }

    static let shaping = [
        Change(testDescription: "source", facts: { $0.source.fingerprint = "other" }),
        Change(testDescription: "trim start", request: { $0.trim.start = Rational(1, 1000) }),
        Change(testDescription: "trim end", request: { $0.trim.end = Rational(59) }),
        Change(testDescription: "damage policy", request: { $0.acceptsDamage = true }),
        Change(testDescription: "subtitle content", facts: { $0.fingerprints[Self.path] = "other" }),
        Change(testDescription: "subtitle language", request: { $0.subtitles[0].language = "fr" }),
        Change(testDescription: "subtitle role", request: { $0.subtitles[0].role = .captions }),
        Change(testDescription: "no subtitle", request: { $0.subtitles = [] }),
        Change(testDescription: "artwork content", facts: { $0.fingerprints["/art/a.jpg"] = "other" }),
        Change(testDescription: "no artwork", request: { $0.artwork = nil }),
        Change(testDescription: "dub content", facts: { $0.fingerprints["/dubs/fr.wav"] = "other" }),
        Change(testDescription: "sound label", request: { $0.audio?[0].label = "Original" }),
        Change(testDescription: "sound role", request: { $0.audio?[1].role = .alternate }),
        Change(testDescription: "order of sounds", request: { $0.audio?.reverse() }),
        Change(testDescription: "quality of a rung", request: { $0.preset.rungs[1].speed = "slow" }),
        Change(testDescription: "an encoder's option", request: { $0.preset.rungs[0].options["tune"] = "film" }),
        Change(testDescription: "a rung less", request: { $0.preset.rungs.removeLast() }),
        Change(testDescription: "rate of the sound", request: { $0.preset.audio[0].bitRate = 96000 }),
        Change(testDescription: "chunk length", request: { $0.preset.chunkDuration = Rational(60) }),
        Change(testDescription: "name of the preset", request: { $0.preset.name = "other" }),
        Change(testDescription: "image quality", request: { $0.preset.images?.quality = 50 }),
        Change(testDescription: "a library's version", libraries: { $0[1].version = "165" }),
        Change(testDescription: "a library's build", libraries: { $0[0].buildID = "ff" }),
        Change(testDescription: "a library more", libraries: { $0.append(LibraryIdentity(name: "libx265", version: "3.5", buildID: "")) }),
    ]

    @Test("Changes with what shapes the bytes", arguments: shaping)
    func changes(_ change: Change) throws {
        var libraries = Given.libraries
        change.libraries(&libraries)
        let changed = try Self.version(Self.request(change.request), Self.facts(change.facts), libraries: libraries)
        #expect(changed != (try Self.version()))
    }

    static let harmless = [
        Change(testDescription: "id of the title", request: { $0.id = "other" }),
        Change(testDescription: "metadata", request: { $0.metadata.name = "Day Train" }),
        Change(testDescription: "path of the source", request: { $0.source = "/moved/night-train.mov" }),
        Change(testDescription: "path of a subtitle", request: { $0.subtitles[0].file = "/moved/en.srt" }),
        Change(testDescription: "path of the artwork", request: { $0.artwork = "/moved/a.jpg" }),
        Change(testDescription: "path of a dub", request: { $0.audio?[1].origin = .file("/moved/fr.wav") }),
        Change(testDescription: "words about the preset", request: { $0.preset.summary = "other" }),
        Change(testDescription: "place in the manifest", request: { $0.place = "9:9" }),
        Change(testDescription: "a default that is spelled out", request: { $0.audio?[0].language = nil }),
        Change(testDescription: "order of the libraries", libraries: { $0.reverse() }),
    ]

    @Test("Stays with what does not", arguments: harmless)
    func stays(_ change: Change) throws {
        var libraries = Given.libraries
        change.libraries(&libraries)
        let changed = try Self.version(Self.request(change.request), Self.facts(change.facts), libraries: libraries)
        #expect(changed == (try Self.version()))
    }

    @Test("Of a preset all is hashed but its description")
    func wholePreset() {
        let preset = Given.preset(images: ImageSettings())
        func labels(_ value: Any) -> Set<String> { Set(Mirror(reflecting: value).children.compactMap(\.label)) }
        #expect(labels(PresetInputs(preset)) == labels(preset).subtracting(["summary"]))
    }

    @Test("What errors call the files is beside what is hashed")
    func labels() throws {
        var request = Self.request()
        request.source = "https://host/a.mov?X-Amz-Signature=1"
        let plan = try AssetPlanner.plan(request, facts: Self.facts(), libraries: Given.libraries)
        #expect(plan.labels["5ca1ab1e"] == "https://host/a.mov" && plan.labels["a1"] == "/moved/en.srt")
        #expect(plan.version == (try Self.version()))
    }

    @Test("No path is hashed")
    func noPath() throws {
        let first = try Self.version()
        let moved = Self.request {
            $0.subtitles[0].file = "/moved/en.srt"
            $0.artwork = "/moved/a.jpg"
            $0.audio?[1].origin = .file("/moved/fr.wav")
        }
        #expect(try Self.version(moved) == first)
    }
}
