import MediaModel
import Testing

@testable import Planning

@Suite("What was asked: what a person may change, and nothing that an upgrade changes")
struct AskedInputsTests {
    private static let files = [
        "/masters/night-train.mov": "a0", "/subs/en.srt": "a1", "/art/a.jpg": "b2", "/dubs/fr.wav": "c3", "/moved/en.srt": "a1",
        "/subs/en.vtt": "a1",
    ]

    private static func request(_ change: (inout TitleRequest) -> Void = { _ in }) -> TitleRequest {
        var request = Given.request(
            Given.preset(images: ImageSettings()), artwork: "/art/a.jpg",
            audio: [
                AudioRequest(origin: .track(0), language: "en", label: "English", role: .main),
                AudioRequest(origin: .file("/dubs/fr.wav"), language: "fr", label: "Français", role: .dub),
            ], subtitles: [SubtitleRequest(file: "/subs/en.srt", language: "en", label: nil, role: .subtitle)])
        request.presetContent = PresetContent(sha256: "d4")
        change(&request)
        return request
    }

    private static func hash(_ change: (inout TitleRequest) -> Void = { _ in }) -> String? {
        AskedInputs(request(change)) { files[$0] }?.hash
    }

    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout TitleRequest) -> Void
    }

    static let shaping = [
        Change(testDescription: "trim start") { $0.trim.start = Rational(1, 1000) },
        Change(testDescription: "crop") { $0.crop.top = 2 },
        Change(testDescription: "damage") { $0.acceptsDamage = true },
        Change(testDescription: "program") { $0.program = 2 },
        Change(testDescription: "length of a still") { $0.stillDuration = Rational(10) },
        Change(testDescription: "tail") { $0.tail = .cut },
        Change(testDescription: "encoding of subtitles") { $0.subtitles[0].encoding = .windows1252 },
        Change(testDescription: "gain of the mix-down") { $0.mixdownGain = Rational(3) },
        Change(testDescription: "gain of one mix-down") { $0.audio?[0].mixdownGain = Rational(3) },
        Change(testDescription: "language of the title") { $0.metadata.language = "de" },
        Change(testDescription: "telecine") { $0.telecine = .undo },
        Change(testDescription: "artwork") { $0.artwork = "/masters/night-train.mov" },
        Change(testDescription: "no artwork") { $0.artwork = nil },
        Change(testDescription: "source") { $0.source = "/art/a.jpg" },
        Change(testDescription: "audio language") { $0.audio?[0].language = "de" },
        Change(testDescription: "audio label") { $0.audio?[0].label = "Original" },
        Change(testDescription: "audio role") { $0.audio?[1].role = .commentary },
        Change(testDescription: "outside audio") { $0.audio?[1].origin = .file("/art/a.jpg") },
        Change(testDescription: "no choice of audio") { $0.audio = nil },
        Change(testDescription: "subtitles") { $0.subtitles[0].file = "/art/a.jpg" },
        Change(testDescription: "format of subtitles") { $0.subtitles[0].file = "/subs/en.vtt" },
        Change(testDescription: "no subtitles") { $0.subtitles = [] },
        Change(testDescription: "preset file") { $0.presetContent.sha256 = "d5" },
        Change(testDescription: "preset's name") { $0.preset.name = "other" },
        Change(testDescription: "a built-in preset instead") { $0.presetContent.isBuiltIn = true },
    ]

    @Test("What a person changes is asked anew", arguments: shaping)
    func shaped(_ change: Change) throws {
        let hash = try #require(Self.hash(change.change))
        #expect(hash != Self.hash())
        #expect(hash.count == 64)
    }

    static let idle = [
        Change(testDescription: "metadata") { $0.metadata.name = "Other" },
        Change(testDescription: "place") { $0.place = "9:9" },
        Change(testDescription: "take over") { $0.takesOver = true },
        Change(testDescription: "where a file lies") { $0.subtitles[0].file = "/moved/en.srt" },
        Change(testDescription: "how a language is written") { $0.audio?[0].language = "EN" },
        Change(testDescription: "what a preset of this release says") { $0.preset.rungs.removeLast() },
    ]

    @Test("What shapes no byte, and what a release decides, is not asked", arguments: idle)
    func idled(_ change: Change) { #expect(Self.hash(change.change) == Self.hash()) }

    @Test("Of a built-in preset only the name counts")
    func builtIn() {
        let one = Self.hash { $0.presetContent = PresetContent(isBuiltIn: true, sha256: "1") }
        #expect(one == Self.hash { $0.presetContent = PresetContent(isBuiltIn: true, sha256: "2") })
    }

    @Test("Where a file is unknown there is no hash")
    func unknown() { #expect(Self.hash { $0.subtitles[0].file = "/subs/unknown.srt" } == nil) }

    @Test("A release that knows a new key leaves the hashes of titles without it as they are")
    func steady() {
        #expect(Self.hash() == "fa54a4bbafc8441eee7c3856e864306de86830b411c0fc4cc15164d84c19b1d8")
    }

    /// A new key of a title either shapes bytes, and belongs into `AskedInputs` and into `shaping`, or it does not.
    @Test("Every key of a title is either asked or idle")
    func complete() {
        let labels = Mirror(reflecting: Self.request()).children.compactMap(\.label)
        let asked = [
            "source", "preset", "presetContent", "trim", "crop", "acceptsDamage", "artwork", "audio", "subtitles", "program",
            "stillDuration", "telecine", "tail", "mixdownGain",
        ]
        #expect(Set(labels) == Set(asked + ["id", "metadata", "place", "takesOver"]))
        let audio = Mirror(reflecting: AudioRequest(origin: .track(0), language: nil, label: nil, role: nil)).children.compactMap(\.label)
        #expect(audio == ["origin", "language", "label", "role", "mixdownGain"])
    }
}
