import Testing

@testable import Transcoding

@Suite struct FramePassTests {
    @Test func decodingGoesOnWhereNoKeyFrameLiesBetween() {
        #expect(FramePass.stretches(of: [10, 60, 110], keyFrames: [0]) == [[10, 60, 110]])
        #expect(FramePass.stretches(of: [10, 60, 110], keyFrames: []) == [[10, 60, 110]])
    }

    @Test func decodingJumpsToAKeyFrame() {
        #expect(FramePass.stretches(of: [10, 60, 310], keyFrames: [0, 250]) == [[10, 60], [310]])
        #expect(FramePass.stretches(of: [25, 75, 125], keyFrames: Array(stride(from: 0, to: 200, by: 50))) == [[25], [75], [125]])
    }

    @Test func aSeekThatSavesNextToNothingIsNotMade() {
        #expect(FramePass.stretches(of: [10, 20, 30], keyFrames: Array(0..<40)) == [[10, 20, 30]])
    }

    @Test func nothingAskedNothingDone() {
        #expect(FramePass.stretches(of: [], keyFrames: [0, 50]).isEmpty)
    }
}
