import Libav
import MediaModel
import Testing

@testable import Transcoding

/// Tones that a filter makes, limited, sample by sample.
@Suite struct PeakLimiterTests {
    private struct Limited {
        /// Of each frame that came out, when it begins.
        var times: [Int64] = []
        var peaks: [Float] = []
    }

    /// - Parameter level: of the tone's second half; the first has a tenth of it.
    private func limited(level: Double, decibels: Double = 0, format: String = "fltp") throws -> Limited {
        let tone = "aevalsrc='\(level)*sin(2*PI*997*t)*if(lt(t,0.5),0.1,1)':sample_rate=48000:duration=1,asetnsamples=n=100:p=0"
        let graph = try FilterGraph("\(tone),aformat=sample_fmts=\(format):channel_layouts=mono", input: nil, isVideo: false)
        let limiter = PeakLimiter(sampleRate: 48000, decibels: decibels)
        let frame = try Frame()
        var result = Limited()
        func take(_ frame: borrowing Frame) {
            result.times.append(frame.presentation ?? -1)
            result.peaks += frame.peaks
        }
        while try graph.pull(into: frame) {
            try limiter.push(frame)
            while try limiter.pull({ frame in take(frame) }) {}
        }
        limiter.finish()
        while try limiter.pull({ frame in take(frame) }) {}
        return result
    }

    @Test(arguments: [1.0, 1.4, 3.1], ["flt", "fltp"])
    func nothingGoesOverTheCeiling(_ level: Double, _ format: String) throws {
        let result = try limited(level: level, format: format)
        #expect(result.peaks.count == 48000)
        let highest = try #require(result.peaks.max())
        #expect(highest <= PeakLimiter.ceiling * 1.000_01 && highest > PeakLimiter.ceiling * 0.95, "\(highest)")
        // Until it looks ahead to the loud part, the quiet one is as it was.
        #expect(abs(try #require(result.peaks[..<23000].max()) - Float(level) / 10) < 0.001)
    }

    @Test func framesKeepTheirTimesAndWhatIsQuietItsSamples() throws {
        let result = try limited(level: 0.8)
        #expect(result.times == (0..<480).map { $0 * 100 })
        #expect(abs(try #require(result.peaks.max()) - 0.8) < 0.000_01)
    }

    @Test(arguments: [(-6.0206, 0.4), (-20, 0.08), (0, 0.8)])
    func decibelsAreDecibels(_ decibels: Double, _ expected: Float) throws {
        let highest = try #require(try limited(level: 0.8, decibels: decibels).peaks.max())
        #expect(abs(highest - expected) < 0.000_1, "\(highest)")
    }
}
