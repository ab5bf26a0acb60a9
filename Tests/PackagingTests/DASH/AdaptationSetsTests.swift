import MediaModel
import Testing

@testable import Packaging

@Suite struct AdaptationSetsTests {
    private func text(_ package: AssetPackage) -> String { MediaPresentationDescription.text(package) }

    @Test func makesOneSetForEachVideoCodecAndForEachSound() {
        let av1 = SamplePackage.video("av1", width: 960, height: 540, average: 900_000, codec: .av1, codecs: "av01.0.05M.08")
        let mpd = text(
            SamplePackage.package(
                SamplePackage.ladder + [av1],
                audio: [SamplePackage.audio("en-aac", isDefault: true), SamplePackage.audio("en-opus", codec: .opus, isDefault: true)]))
        #expect(mpd.components(of: "<AdaptationSet ") == 4)
        #expect((0..<4).allSatisfy { mpd.components(of: "<AdaptationSet id=\"\($0)\"") == 1 })
        #expect(mpd.contains("codecs=\"Opus\""))
    }

    @Test func givesEachRepresentationItsTimelineWhereTheyDiffer() {
        var half = SamplePackage.ladder[1]
        half.segments[2].duration += 1001
        let mpd = text(SamplePackage.package([SamplePackage.ladder[0], half], audio: []))
        #expect(mpd.components(of: "<SegmentTemplate ") == 2)
        #expect(mpd.contains("<S d=\"91091\"/>"))
    }

    @Test(arguments: [
        (AudioRole.main, ["main"]), (.alternate, ["alternate"]), (.dub, ["dub"]), (.commentary, ["commentary"]),
        (.description, ["alternate"]),
    ])
    func saysWhatASoundIsFor(role: AudioRole, roles: [String]) {
        let mpd = text(SamplePackage.package([], audio: [SamplePackage.audio("a", role: role)]))
        for role in roles { #expect(mpd.contains("<Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"\(role)\"/>")) }
        #expect(mpd.contains("<Accessibility schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"description\"/>") == (role == .description))
    }

    @Test(arguments: [(TextRole.subtitle, "subtitle"), (.captions, "caption"), (.forced, "forced-subtitle")])
    func saysWhatATextIsFor(role: TextRole, value: String) {
        let mpd = text(
            SamplePackage.package([], audio: [], text: [SamplePackage.text("x", language: "de", label: "Deutsch", role: role)]))
        #expect(mpd.contains("<Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"\(value)\"/>"))
        #expect(mpd.contains("lang=\"de\"") && mpd.contains("<Label>Deutsch</Label>"))
    }

    @Test func marksADefaultSoundThatIsNotTheOriginal() {
        let mpd = text(SamplePackage.package([], audio: [SamplePackage.audio("fr", role: .dub, isDefault: true)]))
        #expect(mpd.contains("value=\"dub\"/>\n      <Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"main\"/>"))
    }

    @Test(arguments: [(1, "1"), (2, "2"), (6, "6"), (8, "12")])
    func codesChannels(channels: Int, value: String) {
        let mpd = text(SamplePackage.package([], audio: [SamplePackage.audio("a", channels: channels)]))
        #expect(mpd.contains("audio_channel_configuration:2011\" value=\"\(value)\""))
    }

    @Test func claimsNoChannelLayoutThatHasNoCode() {
        #expect(!text(SamplePackage.package([], audio: [SamplePackage.audio("a", channels: 7)])).contains("AudioChannelConfiguration"))
    }

    @Test func leavesUnspecifiedColourOut() {
        var package = SamplePackage.package(SamplePackage.ladder, audio: [])
        package.video?.color = ColorTags(primaries: 6, transfer: 2, matrix: 6, isFullRange: false)
        let mpd = text(package)
        #expect(mpd.contains("ColourPrimaries\" value=\"6\"") && !mpd.contains("TransferCharacteristics"))
    }

    @Test func escapesWhatPeopleWrite() {
        let mpd = text(SamplePackage.package([], audio: [SamplePackage.audio("a", label: "<Tom> & \"Jerry\"\u{1}")]))
        #expect(mpd.contains("<Label>&lt;Tom&gt; &amp; &quot;Jerry&quot;</Label>"))
    }
}
