import Testing

@testable import Transcoding

@Suite struct PosterChoiceTests {
    @Test func candidatesSpreadOverTheMiddle() {
        let candidates = PosterChoice.candidates(24, frames: 2401).sorted()
        #expect(candidates.count == 24)
        #expect(candidates.first == 120)
        #expect(candidates.last == 2280)
    }

    @Test func candidatesMoveToFramesThatAreDecodedAnyway() {
        let tiles = Array(stride(from: 25, to: 10000, by: 50))
        #expect(PosterChoice.candidates(24, frames: 10000, near: tiles).isSubset(of: tiles))
        // Where tiles are rare, most candidates stay where they are.
        #expect(PosterChoice.candidates(24, frames: 250, near: [25, 75, 125]).count > 20)
    }

    @Test func shortTitlesHaveFewCandidates() {
        #expect(PosterChoice.candidates(24, frames: 1) == [0])
        #expect(PosterChoice.candidates(96, frames: 10, from: 0, to: 1) == Set(0..<10))
    }
}
