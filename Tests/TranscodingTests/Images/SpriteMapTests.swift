import MediaModel
import Testing

@testable import Transcoding

@Suite struct SpriteMapTests {
    private func map(tiles: Int, interval: Rational, duration: Rational) -> String {
        let size = ImagePlan.Size(width: 160, height: 90)
        let images = ImagePlan(
            artwork: nil, poster: size, cards: [], tile: size, columns: 2, rows: 2, tileFrames: Array(0..<tiles), interval: interval,
            quality: 80)
        return SpriteMap(images: images, duration: duration).text
    }

    @Test func cuesTouchAndEndWithTheTitle() {
        let text = map(tiles: 5, interval: Rational(2), duration: Rational(9009, 1000))
        #expect(
            text == """
                WEBVTT

                00:00:00.000 --> 00:00:02.000
                sprite-1.jpg#xywh=0,0,160,90

                00:00:02.000 --> 00:00:04.000
                sprite-1.jpg#xywh=160,0,160,90

                00:00:04.000 --> 00:00:06.000
                sprite-1.jpg#xywh=0,90,160,90

                00:00:06.000 --> 00:00:08.000
                sprite-1.jpg#xywh=160,90,160,90

                00:00:08.000 --> 00:00:09.009
                sprite-2.jpg#xywh=0,0,160,90

                """)
    }

    @Test func hoursAndUnevenMoments() {
        let text = map(tiles: 2, interval: Rational(3600), duration: Rational(216_216_000, 59940))
        #expect(text.contains("00:00:00.000 --> 01:00:00.000"))
        #expect(text.contains("01:00:00.000 --> 01:00:07.208"))
    }
}
