import Testing

@testable import Transcoding

@Suite struct PosterScoreTests {
    private func score(_ draw: (Int, Int) -> Int) -> PosterScore {
        let (width, height) = (160, 90)
        let luma = (0..<width * height).map { UInt8(clamping: draw($0 % width, $0 / width)) }
        return PosterScore(luma: luma, width: width, height: height)
    }

    @Test func flatPicturesAreBlank() {
        #expect(score { _, _ in 16 }.grade == .blank)
        #expect(score { _, _ in 235 }.grade == .blank)
        #expect(score { _, _ in 120 }.grade == .blank)
    }

    @Test func aFewBrightSpecksDoNotMakeABlackFrameGood() {
        #expect(score { x, y in x % 40 == 0 && y % 40 == 0 ? 235 : 16 }.grade == .blank)
    }

    @Test func aSmoothRampIsBlurred() {
        #expect(score { x, _ in 30 + x }.grade == .blurred)
    }

    @Test func anythingSharpBeatsAnythingBlurredOrBlank() {
        let dark = score { x, y in 20 + (x / 8 + y / 8) % 2 * 40 }
        let ramp = score { x, _ in 30 + x }
        let black = score { _, _ in 16 }
        #expect(dark.grade == .good)
        #expect(dark > ramp)
        #expect(ramp > black)
    }

    @Test func wellLitBeatsDarkAndGlaring() {
        func squares(_ low: Int, _ high: Int) -> PosterScore { score { x, y in (x / 8 + y / 8) % 2 == 0 ? low : high } }
        #expect(squares(70, 160) > squares(20, 60))
        #expect(squares(70, 160) > squares(200, 235))
    }

    @Test func aPictureTooSmallToJudgeIsNoCrash() {
        #expect(PosterScore(luma: [80, 160, 80, 160], width: 2, height: 2).grade == .blurred)
        #expect(PosterScore(luma: [], width: 0, height: 0).grade == .blank)
    }
}
