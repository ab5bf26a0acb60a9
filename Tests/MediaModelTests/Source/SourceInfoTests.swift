import MediaModel
import Testing

struct SourceInfoTests {
    @Test(arguments: [(0, false), (90, true), (180, false), (270, true)])
    func sidesChangePlacesInAQuarterTurn(_ clockwise: Int, _ swaps: Bool) {
        #expect(Orientation(mirrored: false, clockwise: clockwise).swapsSides == swaps)
        #expect(Orientation(mirrored: true, clockwise: clockwise).swapsSides == swaps)
    }

    @Test(arguments: [(1, false), (2, false), (6, false), (14, false), (16, true), (18, true)])
    func pqAndHLGAreHighDynamicRange(_ transfer: Int, _ isHDR: Bool) {
        #expect(ColorTags(primaries: 9, transfer: transfer, matrix: 9, isFullRange: false).isHDR == isHDR)
    }
}
