import MediaModel
import Testing

@testable import Planning

@Suite("Sounds and subtitles")
struct AudioPlannerTests {
    private func ask(
        _ track: Int, language: String? = nil, label: String? = nil, role: AudioRole? = nil
    ) -> AudioRequest {
        AudioRequest(origin: .track(track), language: language, label: label, role: role)
    }

    @Test("Without a wish, every track of the source in order, with languages and labels of its own")
    func everyTrack() throws {
        let tracks = [
            Given.sound(stream: 1, language: "eng"), Given.sound(stream: 2, language: "fre", label: "Version\n française", isDefault: true),
            Given.sound(stream: 4, language: "eng", isCommentary: true), Given.sound(stream: 5),
        ]
        let audio = try plan(Given.video(), tracks).audio
        #expect(audio.map(\.name) == ["1-en-aac", "2-fr-aac", "3-en-aac", "4-und-aac"])
        #expect(audio.map(\.stream) == [1, 2, 4, 5])
        #expect(audio.map(\.language) == ["en", "fr", "en", "und"])
        #expect(audio.map(\.label) == ["English", "Version française", "English (commentary)", "Audio"])
        #expect(audio.map(\.role) == [.alternate, .main, .commentary, .alternate])
        #expect(audio.map(\.isDefault) == [false, true, false, false])
    }

    @Test("Eight mono tracks are all kept, their labels told apart")
    func eightTracks() throws {
        let audio = try plan(Given.video(), (1...8).map { Given.sound(stream: $0, channels: 1) }).audio
        #expect(Set(audio.map(\.name)).count == 8)
        #expect(audio.map(\.label).prefix(3) == ["Audio", "Audio 2", "Audio 3"])
        #expect(audio.filter(\.isDefault).map(\.stream) == [1])
    }

    @Test("Every format of the preset, AAC first")
    func formats() throws {
        let request = Given.request(Given.preset(audio: [Given.opus, Given.aac]))
        let audio = try plan(Given.video(), [Given.sound(language: "deu"), Given.sound(stream: 2, language: "ger")], request: request).audio
        #expect(audio.map(\.name) == ["1-de-aac", "1-de-opus", "2-de-aac", "2-de-opus"])
        #expect(audio.map(\.label) == ["German", "German", "German 2", "German 2"])
        #expect(audio.map(\.isDefault) == [true, true, false, false])
    }

    @Test("Two formats of one codec have two folders; 5.1 is made of 5.1 alone")
    func surround() throws {
        let formats = [Given.aac, AudioFormat(codec: .aac, bitRate: 320_000, channels: 6)]
        let request = Given.request(Given.preset(audio: formats))
        let tracks = [Given.sound(channels: 6), Given.sound(stream: 2, channels: 1)]
        let audio = try plan(Given.video(), tracks, request: request).audio
        #expect(audio.map(\.name) == ["1-und-aac-2ch-128k", "1-und-aac-6ch-320k", "2-und-aac-2ch-128k"])
    }

    @Test("Opus alone is refused")
    func opusAlone() throws {
        let request = Given.request(Given.preset(audio: [Given.opus]))
        let error = #expect(throws: PlanningError.self) { try plan(Given.video(), [Given.sound()], request: request) }
        #expect(error?.code == .audio)
        #expect(try plan(Given.video(), request: request).audio.isEmpty)
    }

    @Test("What the manifest says goes before what the container says")
    func asAsked() throws {
        let tracks = [Given.sound(language: "eng", label: "Main mix"), Given.sound(stream: 2, language: "eng", isDefault: true)]
        let wanted = [ask(1, language: "pt-BR", role: .dub), ask(0, label: "Original", role: .main), ask(0, language: "no")]
        let audio = try plan(Given.video(), tracks, request: Given.request(audio: wanted)).audio
        #expect(audio.map(\.stream) == [2, 1, 1])
        #expect(audio.map(\.language) == ["pt-BR", "en", "no"])
        #expect(audio.map(\.label) == ["Portuguese (BR)", "Original", "Main mix"])
        #expect(audio.map(\.role) == [.dub, .main, .alternate])
        #expect(audio.map(\.isDefault) == [false, true, false])
        #expect(audio[0].name == "1-pt-br-aac")
    }

    @Test("With no sound called main, the first ordinary one plays")
    func defaults() throws {
        let tracks = (1...3).map { Given.sound(stream: $0, isDefault: $0 == 3) }
        let wanted = [ask(0, role: .description), ask(1, role: .dub), ask(2, role: .dub)]
        #expect(try plan(Given.video(), tracks, request: Given.request(audio: wanted)).audio.map(\.isDefault) == [false, true, false])
        let only = [ask(0, role: .commentary)]
        #expect(try plan(Given.video(), tracks, request: Given.request(audio: only)).audio.map(\.isDefault) == [true])
    }

    @Test("No sound at all is asked for with an empty list")
    func none() throws {
        #expect(try plan(Given.video(), [Given.sound()], request: Given.request(audio: [])).audio.isEmpty)
    }

    @Test(
        "A track that is not there: the message says how many there are",
        arguments: [(0, "has no audio track"), (1, "has one audio track"), (2, "has 2 audio tracks: write a track from 0 to 1")])
    func missing(count: Int, text: String) {
        let error = #expect(throws: PlanningError.self) {
            try plan(Given.video(), (0..<count).map { Given.sound(stream: $0 + 1) }, request: Given.request(audio: [ask(2)]))
        }
        #expect(error?.code == .audio)
        #expect(error?.description.contains(text) == true)
    }

    @Test("An outside file is known by its content; without sound it is an error")
    func outside() throws {
        let wanted = [AudioRequest(origin: .file("/dubs/fr.wav"), language: "fr", label: "Français", role: .dub)]
        let request = Given.request(audio: wanted)
        let good = ["/dubs/fr.wav": Given.source(nil, [Given.sound(stream: 0)])]
        let audio = try plan(Given.video(), request: request, outside: good, fingerprints: ["/dubs/fr.wav": "f00d"]).audio
        #expect(audio[0].file == ContentHash("f00d"))
        #expect(audio[0].stream == 0)
        let silent = ["/dubs/fr.wav": Given.source(Given.video())]
        let error = #expect(throws: PlanningError.self) { try plan(Given.video(), request: request, outside: silent) }
        #expect(error?.description.contains("/dubs/fr.wav holds no sound") == true)
        let unread = #expect(throws: PlanningError.self) { try plan(Given.video(), request: request) }
        #expect(unread?.code == .facts)
    }

    @Test("Subtitles have folders and labels of their own")
    func subtitles() throws {
        let entries: [(String, String?, TextRole)] = [
            ("fr", nil, .subtitle), ("en", nil, .captions), ("en", nil, .forced), ("fra", nil, .subtitle), ("zh-Hant", "繁體", .subtitle),
        ]
        let subtitles = entries.map { SubtitleRequest(file: "/s.srt", language: $0.0, label: $0.1, role: $0.2) }
        let text = try plan(Given.video(), request: Given.request(subtitles: subtitles), fingerprints: ["/s.srt": "5e"]).text
        #expect(text.map(\.name) == ["1-fr", "2-en-captions", "3-en-forced", "4-fr", "5-zh-hant"])
        #expect(text.map(\.label) == ["French", "English (captions)", "English (forced)", "French 2", "繁體"])
        #expect(text[0].file.sha256 == "5e")
    }
}
