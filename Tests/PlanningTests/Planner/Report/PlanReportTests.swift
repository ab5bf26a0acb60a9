import Foundation
import MediaModel
import Testing

@testable import Planning

@Suite("The plan as JSON and as a table")
struct PlanReportTests {
    private func outcomes() throws -> [PlanOutcome] {
        let preset = Given.preset(audio: [Given.aac, Given.opus], images: ImageSettings())
        let request = Given.request(
            preset, tail: .cut, subtitles: [SubtitleRequest(file: "/s/fr.srt", language: "fr", label: nil, role: .forced)])
        let video = Given.video(1280, 720, rate: Rational(30000, 1001), seconds: Rational(1001, 10))
        let made = try plan(
            video, [Given.sound(language: "eng", seconds: Rational(200))], request: request, fingerprints: ["/s/fr.srt": "5e"])
        return [
            PlanOutcome(made, source: "masters/night-train.mov", state: .new),
            PlanOutcome(failed: "lost", source: "masters/lost.mov", error: "masters/lost.mov: no such file"),
        ]
    }

    private func object(_ value: Any?) throws -> [String: Any] { try #require(value as? [String: Any]) }

    @Test("JSON has the contract's keys")
    func json() throws {
        let document = PlanDocument(try outcomes())
        let top = try object(JSONSerialization.jsonObject(with: try document.json()))
        #expect(top["format_version"] as? Int == 1)
        let titles = try #require(top["titles"] as? [[String: Any]])
        #expect(titles.map { $0["id"] as? String } == ["night-train", "lost"])
        #expect(titles.map { $0["state"] as? String } == ["new", "failed"])
        #expect((titles[0]["version"] as? String)?.count == 16)
        let video = try object(titles[0]["video"])
        #expect(video["frame_rate"] as? String == "30000/1001")
        #expect(video["frames"] as? Int == 3000)
        #expect(video["gop_frames"] as? Int == 60)
        #expect(video["segment_frames"] as? Int == 180)
        #expect(video["chunks"] as? Int == 3)
        #expect(video["pictures_not_shown"] as? Int == 0)
        #expect(video["last_picture_held"] == nil)
        let renditions = try #require(titles[0]["renditions"] as? [[String: Any]])
        #expect(renditions.map { $0["name"] as? String } == ["720p", "432p-high", "432p", "234p"])
        #expect(
            Set(renditions[0].keys).isSuperset(of: ["name", "codec", "width", "height", "frame_rate", "frames", "max_rate"]))
        #expect(renditions[0]["bit_rate"] == nil)
        #expect(renditions[0]["max_rate"] as? Int == 4_500_000)
        #expect((titles[0]["dropped"] as? [[String: Any]])?.first?["name"] as? String == "1080p")
        #expect((titles[0]["audio"] as? [[String: Any]])?.count == 2)
        #expect((titles[0]["text"] as? [[String: Any]])?.first?["role"] as? String == "forced")
        #expect((titles[0]["warnings"] as? [String])?.count == 1)
        #expect(Set(try object(titles[0]["predicted"]).keys) == ["bytes", "cpu_seconds", "memory_bytes"])
        #expect(titles[1]["error"] as? String == "masters/lost.mov: no such file")
        #expect(titles[1]["video"] == nil)
    }

    @Test("Two passes show the bit rate that is asked for")
    func twoPass() throws {
        var rung = Given.rung("720p", 1280, 720, kilobits: 4000)
        rung.rateControl = .twoPass(bitRate: 2_500_000, cap: rung.rateControl.cap)
        let made = try plan(Given.video(), request: Given.request(Given.preset([rung])))
        let outcome = PlanOutcome(made, source: "a.mov", state: .done)
        #expect(PlanDocument([outcome]).titles[0].renditions[0].bitRate == 2_500_000)
        #expect(PlanTable.text([outcome]).contains("2.5 Mb/s, at most 4 Mb/s"))
    }

    @Test("The table shows every rung, kept or not, with its reason, and lines up")
    func table() throws {
        let text = PlanTable.text(try outcomes())
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0].hasPrefix("night-train  "))
        #expect(lines[0].hasSuffix("  new"))
        #expect(text.contains("masters/night-train.mov: h264 1280x720, yuv420p, 29.97 fps; aac stereo eng"))
        #expect(text.contains("1:40.100, 3000 frames at 29.97 fps, GOP 60, segment 180 (6.006 s), 17 segments in 3 chunks"))
        #expect(text.contains("the source's size"))
        #expect(text.contains("scaled into 768x432"))
        #expect(text.contains("dropped: larger than the source (1280x720)"))
        #expect(text.contains("1-en-aac"))
        #expect(text.contains("1-fr-forced"))
        #expect(text.contains("51 tiles of 160x90, one every 2 s"))
        #expect(text.contains("warning    sound 1 (stream 1) lasts 99.900 s longer"))
        #expect(text.contains("lost  failed"))
        #expect(text.contains("no such file"))
        let rungs = lines.filter { $0.hasPrefix("  rung") && !$0.contains("dropped") }
        #expect(rungs.count == 4)
        #expect(Set(rungs.map { $0.distance(from: $0.startIndex, to: $0.firstRange(of: " fps")!.lowerBound) }).count == 1)
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test("A note stands in the table and among the warnings, with a plan too")
    func note() throws {
        let outcome = PlanOutcome(try plan(Given.video()), source: "a.mov", state: .published, note: "left as it is")
        #expect(PlanTable.text([outcome]).contains("\n  note       left as it is\n"))
        #expect(PlanDocument([outcome]).titles[0].warnings.last == "left as it is")
    }

    @Test("Sound alone has no frames to speak of")
    func soundAlone() throws {
        let made = try plan(nil, [Given.sound()])
        let outcome = PlanOutcome(made, source: "a.wav", state: .published)
        #expect(PlanTable.text([outcome]).contains("0:10.000 of sound alone"))
        #expect(PlanDocument([outcome]).titles[0].video == nil)
    }

    @Test("Numbers as people read them")
    func numbers() {
        #expect(PlanText.frameRate(Rational(30000, 1001)) == "29.97")
        #expect(PlanText.frameRate(Rational(24000, 1001)) == "23.976")
        #expect(PlanText.frameRate(Rational(50)) == "50")
        #expect(PlanText.clock(Rational(3723) + Rational(4, 1000)) == "1:02:03.004")
        #expect(PlanText.clock(Rational(17, 2)) == "0:08.500")
        #expect(PlanText.bitRate(7_800_000) == "7.8 Mb/s")
        #expect(PlanText.bitRate(145_000) == "145 kb/s")
        #expect(PlanText.seconds(Rational(-1, 2)) == "-0.500")
    }
}
