import Foundation
import Libav
import MediaModel
import TestSupport
import Testing

struct DemuxerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func tellsTheFactsOfAFilm() throws {
        let demuxer = try Demuxer(path: ClipShelf.film())
        #expect(demuxer.formatName.split(separator: ",").contains("mp4"))
        let duration = try #require(demuxer.duration)
        #expect(duration >= Rational(4) && duration < Rational(41, 10))
        try #require(demuxer.streams.map(\.kind) == [.video, .audio])

        let picture = demuxer.streams[0]
        #expect(picture.codec == "h264")
        #expect(picture.isDecodable)
        #expect((picture.width, picture.height) == (320, 180))
        #expect(picture.pixelFormat == "yuv420p")
        #expect(picture.averageFrameRate == Rational(25))
        #expect(picture.realFrameRate == Rational(25))
        #expect(picture.orientation == .upright)
        #expect(!picture.fieldOrderIsInterlaced)
        #expect(!picture.isStill && !picture.isEncrypted && picture.isDefault)
        #expect(Rational(try #require(picture.duration)) * picture.timeBase == Rational(4))
        #expect(picture.start == 0)

        let sound = demuxer.streams[1]
        #expect((sound.codec, sound.sampleRate, sound.channels, sound.layout) == ("aac", 44100, 2, "stereo"))
        #expect(sound.language == "eng")
        #expect(sound.index == 1)
        #expect(sound.pixelFormat == "")
    }

    @Test func anUndeterminedLanguageIsNone() throws {
        let path = try Clip.make(
            folder.file("a.mp4"), video: nil, audio: "sine=duration=1", options: ["-metadata:s:a:0", "language=und"])
        #expect(try Demuxer(path: path).streams[0].language == nil)
    }

    @Test func aPixelThatIsNotSquareIsTold() throws {
        let path = try Clip.make(folder.file("a.mp4"), video: "testsrc2=size=72x96:rate=25:duration=1,setsar=16/15")
        #expect(try Demuxer(path: path).streams[0].sampleAspectRatio == Rational(16, 15))
    }

    @Test func encryptedBytesAreTold() throws {
        let key = String(repeating: "0f", count: 16)
        let path = try Clip.make(
            folder.file("a.mp4"), video: "testsrc2=size=64x64:rate=25:duration=1",
            options: ["-encryption_scheme", "cenc-aes-ctr", "-encryption_key", key, "-encryption_kid", key])
        let packet = try Packet()
        #expect(try Demuxer(path: path).read(into: packet))
        let isEncrypted = packet.isEncrypted
        #expect(isEncrypted)
        #expect(try Demuxer(path: ClipShelf.film()).read(into: packet))
        let film = packet.isEncrypted
        #expect(!film)
    }

    @Test(arguments: [
        "-y.mp4", "a:b.mp4", "file:c.mp4", "[1] (2) {3}.mp4", "%03d.mp4", "ü 'x' \"y\" \\z.mp4", "no-ending", "wrong.txt", "x?y#z&w.mp4",
    ])
    func aNameIsJustAName(_ name: String) throws {
        let path = folder.file(name)
        try FileManager.default.copyItem(atPath: ClipShelf.film(), toPath: path)
        #expect(try Demuxer(path: path).streams.count == 2)
    }

    @Test func aPictureFileWithAPatternForANameIsOnePicture() throws {
        let plain = try Clip.make(
            folder.file("plain.png"), video: "testsrc2=size=64x64:rate=1:duration=1", options: ["-c:v", "png", "-pix_fmt", "rgb24"])
        let path = folder.file("still%03d.png")
        try FileManager.default.copyItem(atPath: plain, toPath: path)
        #expect(try Demuxer(path: path).streams.map(\.codec) == ["png"])
    }

    /// Each of these would make libav open a file that nobody named.
    @Test(arguments: [
        "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nsecret.mp4\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile secret.mp4\n",
        """
        <?xml version="1.0"?>
        <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"
        type="static" mediaPresentationDuration="PT4S"><Period><AdaptationSet mimeType="video/mp4">
        <Representation id="1" bandwidth="1"><BaseURL>secret.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>
        """,
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
        "# VobSub index file, v7 (do not modify this line!)\nsize: 720x480\nid: en, index: 0\n",
    ])
    func aPlaylistInDisguiseIsRefusedBeforeItIsFollowed(_ text: String) throws {
        try FileManager.default.copyItem(atPath: ClipShelf.film(), toPath: folder.file("secret.mp4"))
        let path = try folder.write(text, to: "film.mp4")
        let error = try #require(throws: LibavError.self) { _ = try Demuxer(path: path) }
        #expect(error.detail.contains("may point at other files"), "\(error)")
        #expect(error.operation == "open '\(path)'")
    }

    @Test func whatIsNoMediaIsAnErrorThatNamesTheFile() throws {
        let garbage = (0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        let zeros = [UInt8](repeating: 0, count: 65_536)
        for (name, bytes) in [("empty.mp4", []), ("short.mp4", [0, 0, 0]), ("zero.mp4", zeros), ("garbage.mp4", garbage)] {
            let path = try folder.write(bytes, to: name)
            let error = try #require(throws: LibavError.self) { _ = try Demuxer(path: path) }
            #expect(error.description.hasPrefix("cannot open '\(path)': "))
            #expect(!error.description.contains("\n"))
        }
    }

    @Test func aFileThatIsNotThereSaysSo() throws {
        let path = folder.file("nowhere.mp4")
        let error = try #require(throws: LibavError.self) { _ = try Demuxer(path: path) }
        #expect(error.description == "cannot open '\(path)': No such file or directory")
        #expect(throws: LibavError.self) { _ = try Demuxer(path: folder.path) }
    }

    @Test func aFileCutBeforeItsIndexSaysWhatIsMissing() throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: ClipShelf.film()))
        let path = try folder.write(whole.prefix(whole.count / 2), to: "cut.mp4")
        let error = try #require(throws: LibavError.self) { _ = try Demuxer(path: path) }
        #expect(error.log.contains("moov atom not found"))
        #expect(!error.log.contains("0x"), "an address means nothing to a reader: \(error.log)")
    }

    @Test(arguments: [[0], [1], [0, 1]] as [Set<Int>])
    func givesThePacketsOfTheSelectedStreamsAlone(_ wanted: Set<Int>) throws {
        let demuxer = try Demuxer(path: ClipShelf.film())
        demuxer.select(wanted)
        let packet = try Packet()
        var counts: [Int: Int] = [:]
        while try demuxer.read(into: packet) { counts[packet.stream, default: 0] += 1 }
        for stream in wanted {
            let judged = try Judge.entries(ClipShelf.film(), "stream=nb_read_packets", ["-count_packets", "-select_streams", "\(stream)"])
            #expect(counts[stream].map(String.init) == judged.first)
        }
        #expect(Set(counts.keys) == wanted)
        #expect(try !demuxer.read(into: packet), "the end stays the end")
        let left = packet.byteCount
        #expect(left == 0)
    }

    @Test func aSeekLandsNotAfterTheTimeAskedFor() throws {
        let demuxer = try Demuxer(path: ClipShelf.film())
        demuxer.select([0])
        let packet = try Packet()
        #expect(try demuxer.read(into: packet))
        let base = demuxer.streams[0].timeBase
        let asked = (Rational(3) / base).rounded
        try demuxer.seek(stream: 0, decoding: asked)
        #expect(try demuxer.read(into: packet))
        let (isKey, landed) = (packet.isKey, packet.presentation)
        #expect(isKey)
        #expect(Rational(try #require(landed)) * base == Rational(2))
    }

    @Test func aListenerIsLentWhatIsRead() throws {
        let path = try ClipShelf.film()
        let file = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
        var seen = [Bool](repeating: false, count: file.count)
        var isRight = true
        let listened = try Demuxer(path: path) { bytes, offset in
            let range = Int(offset)..<Int(offset) + bytes.byteCount
            isRight = isRight && bytes.withUnsafeBytes { $0.elementsEqual(file[range]) }
            for place in range { seen[place] = true }
        }
        let alone = try Demuxer(path: path)
        let packet = try Packet()
        let other = try Packet()
        while try alone.read(into: other) {
            #expect(try listened.read(into: packet))
            let isSame = packet.bytes == other.bytes && packet.position == other.position && packet.presentation == other.presentation
            #expect(isSame)
        }
        #expect(try !listened.read(into: packet))
        #expect(isRight)
        #expect(seen.allSatisfy { $0 }, "a film is read from its start to its end")
    }

    @Test func aPacketOutlivesItsDemuxer() throws {
        let packet = try Packet()
        do {
            let demuxer = try Demuxer(path: ClipShelf.film())
            #expect(try demuxer.read(into: packet))
        }
        let (isKey, bytes, count) = (packet.isKey, packet.bytes, packet.byteCount)
        #expect(isKey)
        #expect(bytes.count == count)
        #expect(bytes.contains { $0 != 0 })
    }

    @Test func aStreamThatNothingDecodesIsToldByName() throws {
        let path = try folder.write("1\n00:00:00,000 --> 00:00:01,000\nHello\n", to: "a.srt")
        let mkv = folder.file("a.mkv")
        try Program.demand("ffmpeg", ["-v", "error", "-i", path, "-c", "copy", mkv])
        let stream = try Demuxer(path: mkv).streams[0]
        #expect(stream.kind == .subtitle)
        #expect(stream.codec == "subrip")
    }
}
