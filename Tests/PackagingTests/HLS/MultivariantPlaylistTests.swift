import MediaModel
import Testing

@testable import Packaging

@Suite struct MultivariantPlaylistTests {
    @Test func listsGroupsVariantsAndSubtitles() {
        let package = SamplePackage.package(
            SamplePackage.ladder,
            audio: [
                SamplePackage.audio("en-aac", isDefault: true),
                SamplePackage.audio("fr-aac", language: "fr", label: "Français", role: .dub, bitRate: 192_000),
            ],
            text: [
                SamplePackage.text("en", language: "en", label: "English", role: .captions),
                SamplePackage.text("fr", language: "fr", label: "Français", role: .forced),
            ])
        #expect(
            MultivariantPlaylist.text(package) == """
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-INDEPENDENT-SEGMENTS

                #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",LANGUAGE="en",NAME="English",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",\
                URI="audio/en-aac/media.m3u8"
                #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",LANGUAGE="fr",NAME="Français",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",\
                URI="audio/fr-aac/media.m3u8"

                #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",LANGUAGE="en",NAME="English",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,\
                CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound",\
                URI="text/en/media.m3u8"
                #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",LANGUAGE="fr",NAME="Français",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES,\
                URI="text/fr/media.m3u8"

                #EXT-X-STREAM-INF:BANDWIDTH=3344000,AVERAGE-BANDWIDTH=2293000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=960x540,\
                FRAME-RATE=29.970,AUDIO="aac",SUBTITLES="text",CLOSED-CAPTIONS=NONE
                video/540p/media.m3u8
                #EXT-X-STREAM-INF:BANDWIDTH=9194000,AVERAGE-BANDWIDTH=6193000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1920x1080,\
                FRAME-RATE=29.970,AUDIO="aac",SUBTITLES="text",CLOSED-CAPTIONS=NONE
                video/1080p/media.m3u8
                #EXT-X-STREAM-INF:BANDWIDTH=411500,AVERAGE-BANDWIDTH=338000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=416x234,\
                FRAME-RATE=29.970,AUDIO="aac",SUBTITLES="text",CLOSED-CAPTIONS=NONE
                video/234p/media.m3u8

                """)
    }

    /// A player may switch to any variant that it supports, and not every player can change the audio codec on the way.
    @Test func keepsToOneAudioCodec() {
        let both = SamplePackage.package(
            SamplePackage.ladder,
            audio: [SamplePackage.audio("en-opus", codec: .opus, isDefault: true), SamplePackage.audio("en-aac", isDefault: true)])
        let text = MultivariantPlaylist.text(both)
        #expect(!text.contains("Opus") && !text.contains("opus"))
        #expect(text.components(of: "AUDIO=\"aac\"") == 3)

        let opusAlone = SamplePackage.package(
            SamplePackage.ladder, audio: [SamplePackage.audio("en-opus", codec: .opus, isDefault: true)])
        #expect(MultivariantPlaylist.text(opusAlone).contains("CODECS=\"avc1.64001f,Opus\""))
    }

    @Test func beginsWithTheCodecThatMostDevicesPlay() {
        let hevc = SamplePackage.video(
            "hevc", width: 960, height: 540, average: 2_000_000, codec: .hevc, codecs: "hvc1.1.6.L93.B0")
        let order = MultivariantPlaylist.inListingOrder([hevc] + SamplePackage.ladder)
        #expect(order.map(\.name) == ["540p", "hevc", "1080p", "234p"])
        #expect(MultivariantPlaylist.inListingOrder([hevc]).map(\.name) == ["hevc"])
    }

    @Test func namesNoSoundWhereThereIsNone() {
        let text = MultivariantPlaylist.text(SamplePackage.package([SamplePackage.ladder[2]], audio: []))
        #expect(
            text == """
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-INDEPENDENT-SEGMENTS

                #EXT-X-STREAM-INF:BANDWIDTH=217500,AVERAGE-BANDWIDTH=145000,CODECS="avc1.64001f",RESOLUTION=416x234,\
                FRAME-RATE=29.970,CLOSED-CAPTIONS=NONE
                video/234p/media.m3u8

                """)
    }

    @Test func makesVariantsOfSoundAlone() {
        let text = MultivariantPlaylist.text(SamplePackage.package([], audio: [SamplePackage.audio("en-aac", isDefault: true)]))
        #expect(
            text == """
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-INDEPENDENT-SEGMENTS

                #EXT-X-STREAM-INF:BANDWIDTH=130000,AVERAGE-BANDWIDTH=129000,CODECS="mp4a.40.2"
                audio/en-aac/media.m3u8

                """)
    }

    @Test func offersTheChoiceOfLanguagesOfSoundAlone() {
        let text = MultivariantPlaylist.text(
            SamplePackage.package(
                [],
                audio: [
                    SamplePackage.audio("fr-aac", language: "fr", label: "Français", role: .dub),
                    SamplePackage.audio("en-aac", isDefault: true),
                ]))
        #expect(text.components(of: "#EXT-X-MEDIA:") == 2)
        #expect(text.hasSuffix("CODECS=\"mp4a.40.2\",AUDIO=\"aac\"\naudio/en-aac/media.m3u8\n"))
    }
}

extension String {
    /// How often `part` occurs.
    func components(of part: String) -> Int { split(separator: part, omittingEmptySubsequences: false).count - 1 }
}
