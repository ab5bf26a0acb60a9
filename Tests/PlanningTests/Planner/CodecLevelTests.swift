import MediaModel
import Testing

@testable import Planning

@Suite("The level that a stream declares")
struct CodecLevelTests {
    static func level(
        _ codec: VideoCodec, _ width: Int, _ height: Int, _ rate: Rational, kilobits: Int, asked: String? = nil, profile: String? = "high"
    ) throws(PlanningError) -> String {
        let rung = Given.rung("rung", width, height, kilobits: kilobits, codec: codec, level: asked, profile: profile)
        return try CodecLevel.level(for: StreamLoad(rung, width: width, height: height, frameRate: rate), operation: "plan t")
    }

    @Test(
        "H.264, table A-1",
        arguments: [
            (416, 234, Rational(30), 200, "1.3"), (640, 360, Rational(30), 800, "3.0"), (640, 360, Rational(20), 800, "2.2"),
            (768, 432, Rational(30), 1500, "3.0"), (960, 540, Rational(30), 3000, "3.1"),
            (1280, 720, Rational(30), 4500, "3.1"), (1280, 720, Rational(60), 4500, "3.2"), (1920, 1080, Rational(30), 8000, "4.0"),
            (1920, 1080, Rational(60), 8000, "4.2"), (1920, 1080, Rational(30), 30000, "4.1"),
            (2560, 1440, Rational(30), 16000, "5.0"), (3840, 2160, Rational(30), 30000, "5.1"),
            (3840, 2160, Rational(60), 40000, "5.2"), (2, 2, Rational(1), 60, "1.0"), (352, 288, Rational(30000, 1001), 600, "1.3"),
        ] as [(Int, Int, Rational, Int, String)])
    func h264(width: Int, height: Int, rate: Rational, kilobits: Int, expected: String) throws {
        #expect(try Self.level(.h264, width, height, rate, kilobits: kilobits) == expected)
    }

    @Test("The profile's factor: 20 Mb/s need 4.1 in Main, 4.0 in High")
    func profiles() throws {
        #expect(try Self.level(.h264, 1920, 1080, Rational(30), kilobits: 16600, profile: "high") == "4.0")
        #expect(try Self.level(.h264, 1920, 1080, Rational(30), kilobits: 24000, profile: "main") == "4.1")
    }

    /// As x264 was seen to declare High or Main with each of these.
    @Test(
        "x264 declares High only with its 8x8 transform, and is held to less without",
        arguments: [
            ("medium", [:], true), ("superfast", [:], true), ("ultrafast", [:], false), ("ultrafast", ["8x8dct": "1"], true),
            ("medium", ["8x8dct": "0"], false), ("medium", ["x264-params": "ref=2:8x8dct=0"], false),
            ("ultrafast", ["x264-params": "8x8dct=1"], true), ("ultrafast", ["x264-params": "8x8dct"], true),
            ("medium", ["x264opts": "no-8x8dct"], false), ("medium", ["8x8dct": "1", "x264-params": "no-8x8dct=1"], false),
            ("medium", ["8x8dct": "0", "x264-params": "8x8dct=1"], true), ("medium", ["x264-params": "ref=2"], true),
        ] as [(String, [String: String], Bool)])
    func largeTransform(speed: String, options: [String: String], isHigh: Bool) throws {
        for profile in ["high", "high10", nil] {
            var rung = Given.rung("90p", 160, 90, kilobits: 400, profile: profile)
            (rung.speed, rung.options) = (speed, options)
            let load = StreamLoad(rung, width: 160, height: 90, frameRate: Rational(25))
            #expect(try CodecLevel.level(for: load, operation: "plan t") == (isHigh ? "1.2" : "1.3"))
        }
    }

    @Test(
        "HEVC, tables A.8 and A.9",
        arguments: [
            (640, 360, Rational(30), 600, "2.1"), (960, 540, Rational(30), 2000, "3.0"), (1280, 720, Rational(30), 3400, "3.1"),
            (1920, 1080, Rational(30), 5800, "4.0"), (1920, 1080, Rational(60), 5800, "4.1"), (3840, 2160, Rational(30), 16000, "5.0"),
            (3840, 2160, Rational(60), 20000, "5.1"), (3840, 2160, Rational(24), 26000, "5.1"),
        ] as [(Int, Int, Rational, Int, String)])
    func hevc(width: Int, height: Int, rate: Rational, kilobits: Int, expected: String) throws {
        #expect(try Self.level(.hevc, width, height, rate, kilobits: kilobits, profile: "main10") == expected)
    }

    @Test(
        "AV1, A.3",
        arguments: [
            (426, 240, Rational(30), 300, "2.0"), (640, 360, Rational(30), 600, "2.1"), (854, 480, Rational(30), 1000, "3.0"),
            (1280, 720, Rational(30), 2000, "3.1"), (1920, 1080, Rational(30), 4000, "4.0"), (1920, 1080, Rational(60), 6000, "4.1"),
            (3840, 2160, Rational(30), 16000, "5.0"), (3840, 2160, Rational(60), 20000, "5.1"), (7680, 4320, Rational(30), 30000, "6.0"),
        ] as [(Int, Int, Rational, Int, String)])
    func av1(width: Int, height: Int, rate: Rational, kilobits: Int, expected: String) throws {
        #expect(try Self.level(.av1, width, height, rate, kilobits: kilobits, profile: "main") == expected)
    }

    @Test("A level of the preset stays, however it is written", arguments: ["4.1", "41"])
    func asked(_ text: String) throws {
        #expect(try Self.level(.h264, 1280, 720, Rational(30), kilobits: 4000, asked: text) == "4.1")
        #expect(try Self.level(.h264, 1280, 720, Rational(30), kilobits: 4000, asked: "4") == "4.0")
    }

    @Test("A level that is too low says which limit it breaks, and which would do")
    func tooLow() {
        let error = #expect(throws: PlanningError.self) {
            try Self.level(.h264, 1920, 1080, Rational(60), kilobits: 8000, asked: "4.0")
        }
        #expect(error?.code == .level)
        let text = "rung rung (1920x1080 at 60 fps): level 4.0 allows 245760 macroblocks a second, 489600 are needed; write 4.2"
        #expect(error?.detail.hasPrefix(text) == true)
        #expect(throws: PlanningError.self) { try Self.level(.h264, 1280, 720, Rational(30), kilobits: 4000, asked: "3.0") }
        #expect(throws: PlanningError.self) { try Self.level(.hevc, 1920, 1080, Rational(30), kilobits: 15000, asked: "4.0") }
    }

    @Test("An unknown level lists the known ones", arguments: ["9.9", "high", "6.0"])
    func unknown(_ text: String) {
        let error = #expect(throws: PlanningError.self) {
            try Self.level(.h264, 1280, 720, Rational(30), kilobits: 4000, asked: text)
        }
        #expect(error?.detail.contains("5.1, 5.2") == true)
    }

    @Test("Larger than every level that HLS allows is an error")
    func tooLarge() {
        let error = #expect(throws: PlanningError.self) { try Self.level(.h264, 7680, 4320, Rational(30), kilobits: 80000) }
        #expect(error?.detail.contains("5.2") == true)
        #expect(throws: PlanningError.self) { try Self.level(.hevc, 3840, 2160, Rational(30), kilobits: 50000) }
    }
}
