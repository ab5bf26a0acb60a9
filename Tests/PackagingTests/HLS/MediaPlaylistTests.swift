import MediaModel
import Testing

@testable import Packaging

@Suite struct MediaPlaylistTests {
    @Test func writesPictureAndSound() {
        let text = MediaPlaylist.text(
            segments: SamplePackage.segments(SamplePackage.ticks, bytes: 1), timescale: 30000, target: 6, map: "init.mp4",
            ending: "m4s")
        #expect(
            text == """
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:6
                #EXT-X-MEDIA-SEQUENCE:1
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-MAP:URI="init.mp4"
                #EXTINF:6.006000,
                00001.m4s
                #EXTINF:6.006000,
                00002.m4s
                #EXTINF:3.003000,
                00003.m4s
                #EXT-X-ENDLIST

                """)
    }

    @Test func writesTextWithoutAMap() {
        let text = MediaPlaylist.text(
            segments: SamplePackage.segments([1000], bytes: 1), timescale: 1000, target: 1, map: nil, ending: "vtt")
        #expect(!text.contains("EXT-X-MAP") && !text.contains("INDEPENDENT") && text.contains("#EXTINF:1.000000,\n00001.vtt\n"))
    }

    /// 23.976 fps has no length that ends within six decimals; a long film must still sum up.
    @Test func sumsToTheTrackOverAnyLength() {
        let segments = SamplePackage.segments(Array(repeating: 144 * 1001 - 7, count: 2000), bytes: 1)
        let text = MediaPlaylist.text(segments: segments, timescale: 24000, target: 6, map: "init.mp4", ending: "m4s")
        let sum = text.split(separator: "\n").filter { $0.hasPrefix("#EXTINF:") }
            .compactMap { Rational($0.dropFirst(8).dropLast()) }.reduce(.zero, +)
        let exact = Rational(Int64(2000 * (144 * 1001 - 7)), 24000)
        #expect(abs((sum - exact).approximate) <= 0.000001)
    }
}
