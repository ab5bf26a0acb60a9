import Libav
import MediaModel
import Testing

@testable import Transcoding

/// Frames of ones laid on a timeline of zeros.
@Suite struct AudioTimelineTests {
    private static let format = AudioFormat(codec: .aac, bitRate: 96_000, channels: 2)

    /// Lays frames of 1000 ones at the given places, and takes all out again.
    private func laid(_ places: [Int64], samples: Int64, step: Int = 1024) throws -> (values: [Float], timeline: AudioTimeline) {
        let timeline = try AudioTimeline(Self.format, samples: samples)
        let graph = try FilterGraph(
            "aevalsrc=1|1:sample_rate=48000,asetnsamples=n=1000,aformat=sample_fmts=fltp:channel_layouts=stereo", input: nil, isVideo: false
        )
        let frame = try Frame()
        let out = try Frame()
        var values: [Float] = []
        func takeAll() throws {
            while try timeline.take(step, into: out) { values += out.peaks }
        }
        for place in places {
            _ = try graph.pull(into: frame)
            try timeline.put(frame, at: place)
            try takeAll()
        }
        timeline.finish()
        try takeAll()
        #expect(timeline.isOver)
        return (values, timeline)
    }

    private func ones(_ values: [Float]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for (place, value) in values.enumerated() where value == 1 {
            if let last = found.last, last.upperBound == place {
                found[found.count - 1] = last.lowerBound..<place + 1
            } else {
                found.append(place..<place + 1)
            }
        }
        return found
    }

    @Test func whatFollowsGaplesslyIsUntouched() throws {
        // Rounded times are no gaps.
        let result = try laid([0, 1001, 1999, 3000], samples: 4000)
        #expect(ones(result.values) == [0..<4000])
        #expect(result.timeline.smallGaps == 0 && result.timeline.overlaps == 0)
    }

    @Test func aLateStartAGapAndTheEndAreSilent() throws {
        let result = try laid([5000, 6000, 50_000], samples: 60_000)
        #expect(ones(result.values) == [5000..<7000, 50_000..<51_000])
        #expect(result.values.count == 60_000)
        #expect(result.timeline.smallGaps == 43_000)
    }

    @Test func whatLiesBeforeTheBeginningOrBehindTheEndIsCut() throws {
        let result = try laid([-1500, -500, 500, 1500, 2500], samples: 2200, step: 960)
        #expect(ones(result.values) == [0..<2200])
        #expect(result.timeline.overlaps == 0)
    }

    @Test func whatOverlapsIsCutAndCounted() throws {
        let result = try laid([0, 1000, 0, 1000, 2000], samples: 5000)
        #expect(ones(result.values) == [0..<3000])
        #expect(result.timeline.overlaps == 2000)
    }

    @Test func hoursOfSilenceAreMadeALittleAtATime() throws {
        let timeline = try AudioTimeline(Self.format, samples: 48000 * 86400)
        timeline.finish()
        let out = try Frame()
        // What waits inside is never more than was asked for.
        for _ in 0..<50 {
            #expect(try timeline.take(1024, into: out))
            #expect(out.samples == 1024)
        }
    }
}
