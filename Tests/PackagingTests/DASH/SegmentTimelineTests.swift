import MediaModel
import Testing

@testable import Formats
@testable import Packaging

@Suite struct SegmentTimelineTests {
    @Test func foldsEqualNeighbours() {
        let timeline = SegmentTimeline(segments: SamplePackage.segments([5, 5, 5, 4, 5, 5], bytes: 1), timescale: 1)
        #expect(
            timeline.runs == [
                .init(start: 0, duration: 5, repeats: 2), .init(start: nil, duration: 4, repeats: 0),
                .init(start: nil, duration: 5, repeats: 1),
            ])
    }

    @Test func saysWhereATrackBeginsLate() {
        var segments = SamplePackage.segments([5, 5], bytes: 1)
        segments[0].start = 3
        segments[1].start = 8
        let timeline = SegmentTimeline(segments: segments, timescale: 1)
        #expect(timeline.runs == [.init(start: 3, duration: 5, repeats: 1)])
    }

    @Test func writesATemplateThatNamesTheFiles() {
        let timeline = SegmentTimeline(segments: SamplePackage.segments([5, 5], bytes: 1), timescale: 25)
        #expect(
            timeline.template(folder: "audio/en").document == """
                <?xml version="1.0" encoding="UTF-8"?>
                <SegmentTemplate timescale="25" startNumber="1" initialization="audio/en/init.mp4" media="audio/en/$Number%05d$.m4s">
                  <SegmentTimeline>
                    <S t="0" d="5" r="1"/>
                  </SegmentTimeline>
                </SegmentTemplate>

                """)
    }
}
