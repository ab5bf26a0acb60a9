import MediaModel
import Testing

@testable import Pipeline

/// What the rows of an older program's version say against what is asked today.
@Suite struct EarlierProgramTests {
    private static let rung = Rung(
        name: "180p", codec: .h264, encoder: "libx264", width: 320, height: 180, maxFrameRate: nil,
        rateControl: .cappedCRF(crf: Rational(23), cap: RateCap(maxRate: 900_000, bufferSize: 900_000)), speed: "fast", profile: nil,
        level: nil, bitDepth: 8, options: [:])
    private static let preset = Preset(
        name: "tiny", summary: "", segmentDuration: Rational(6), gopDuration: Rational(2), chunkDuration: Rational(30), rungs: [rung],
        audio: [AudioFormat(codec: .aac, bitRate: 96_000)], images: nil)
    private static let version = CatalogVersion(
        version: "a", location: "", publishedAt: 0, cpuSeconds: 0, packageFormat: 1, duration: Rational(10),
        source: PackageSource(sha256: "s1", bytes: 1), provenance: Provenance(reelmill: "", preset: "tiny", libraries: []),
        renditions: [
            CatalogRendition(
                name: "180p", codec: .h264, codecs: "", width: 320, height: 180, frameRate: Rational(25), frames: 250, bitRate: nil,
                maxRate: 900_000, bandwidth: 1, averageBandwidth: 1, path: "")
        ],
        audio: [
            CatalogAudioTrack(
                name: "1-en-aac", codec: .aac, codecs: "", language: "en", label: "English", role: .main, isDefault: true, channels: 2,
                sampleRate: 48_000, bitRate: 96_000, bandwidth: 1, averageBandwidth: 1, path: "")
        ],
        text: [CatalogTextTrack(name: "fr", language: "fr", label: "French", role: .subtitle, path: "")], images: [])

    private static func request(_ change: (inout TitleRequest) -> Void) -> TitleRequest {
        var request = TitleRequest(
            id: "one", source: "/x.mov", preset: preset, trim: Trim(), acceptsDamage: false,
            metadata: TitleMetadata(name: "one", kind: .clip), artwork: nil, audio: nil,
            subtitles: [SubtitleRequest(file: "/x.srt", language: "fr", label: nil, role: .subtitle)], place: "1:1")
        change(&request)
        return request
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let agrees: Bool
        let change: @Sendable (inout TitleRequest) -> Void

        init(_ description: String, _ agrees: Bool, _ change: @escaping @Sendable (inout TitleRequest) -> Void = { _ in }) {
            (testDescription, self.agrees, self.change) = (description, agrees, change)
        }
    }

    static let cases = [
        Case("as it was", true), Case("another preset", false) { $0.preset.name = "other" },
        Case("another cap", false) {
            $0.preset.rungs[0].rateControl = .cappedCRF(crf: Rational(23), cap: RateCap(maxRate: 800_000, bufferSize: 800_000))
        },
        Case("another cap of a built-in preset", true) {
            $0.presetContent.isBuiltIn = true
            $0.preset.rungs[0].rateControl = .cappedCRF(crf: Rational(23), cap: RateCap(maxRate: 800_000, bufferSize: 800_000))
        },
        Case("another audio format", false) { $0.preset.audio[0].bitRate = 128_000 },
        Case("images", false) { $0.preset.images = ImageSettings() },
        Case("no subtitle", false) { $0.subtitles = [] }, Case("another language", false) { $0.subtitles[0].language = "de" },
        Case("the language written otherwise", true) { $0.subtitles[0].language = "fr-FR" },
        Case("its audio by name", true) { $0.audio = [AudioRequest(origin: .track(0), language: "en", label: "English", role: nil)] },
        Case("another label", false) { $0.audio = [AudioRequest(origin: .track(0), language: "en", label: "Original", role: nil)] },
        Case("one more audio track", false) {
            $0.audio = [0, 1].map { AudioRequest(origin: .track($0), language: nil, label: nil, role: nil) }
        },
        Case("a stretch as long", true) { $0.trim = Trim(start: Rational(2), end: Rational(12)) },
        Case("a shorter stretch", false) { $0.trim = Trim(start: Rational(2), end: Rational(7)) },
    ]

    @Test(arguments: cases) func rowsAreHeldAgainstTheManifest(_ one: Case) {
        #expect(EarlierProgram.agrees(Self.version, Self.request(one.change), source: "s1", plan: nil) == one.agrees)
    }

    @Test func theSourceDecidesUnlessItIsGone() {
        #expect(!EarlierProgram.agrees(Self.version, Self.request { _ in }, source: "s2", plan: nil))
        #expect(EarlierProgram.agrees(Self.version, Self.request { _ in }, source: nil, plan: nil))
    }
}
