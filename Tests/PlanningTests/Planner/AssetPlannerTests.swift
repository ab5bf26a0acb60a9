import MediaModel
import Testing

@testable import Planning

@Suite("The plan as a whole")
struct AssetPlannerTests {
    private func plan(damage: [String], accepts: Bool) throws -> AssetPlan {
        let facts = TitleFacts(source: Given.source(Given.video(), damage: damage), index: nil)
        return try AssetPlanner.plan(Given.request(acceptsDamage: accepts), facts: facts, libraries: [])
    }

    @Test("Damage fails the title, or becomes a warning where the manifest accepts it")
    func damage() throws {
        let error = #expect(throws: PlanningError.self) {
            try plan(damage: ["4.2 s shorter than declared", "packet 17 is corrupt"], accepts: false)
        }
        #expect(error?.code == .damage)
        #expect(
            error?.description == "plan night-train: /masters/night-train.mov is damaged: 4.2 s shorter than declared; "
                + "packet 17 is corrupt; repair it, or write 'damage: accept' to use what is there")
        let accepted = try plan(damage: ["packet 17 is corrupt"], accepts: true)
        #expect(accepted.warnings == ["packet 17 is corrupt"])
        #expect(accepted.acceptsDamage)
    }

    @Test("Names, source and preset are carried over")
    func carried() throws {
        let plan = try plan(damage: [], accepts: false)
        #expect(plan.id == "night-train")
        #expect(plan.presetName == "test")
        #expect(plan.source.fingerprint == "5ca1ab1e")
    }

    @Test("The prediction grows with length, size and slowness, and is of the right order")
    func prediction() throws {
        func predict(_ seconds: Int64, _ change: (inout Preset) -> Void = { _ in }) throws -> Prediction {
            var preset = Given.preset()
            change(&preset)
            return try predicted(seconds, preset)
        }
        let minute = try predict(60)
        #expect(try predict(120).bytes == 2 * minute.bytes)
        #expect(try predict(120).cpuSeconds > 1.9 * minute.cpuSeconds)
        #expect(try predict(120).memoryBytes == minute.memoryBytes)
        let slower = try predict(60) { preset in
            for index in preset.rungs.indices { preset.rungs[index].speed = "slow" }
        }
        #expect(slower.cpuSeconds > minute.cpuSeconds)
        #expect(try predict(60, { $0.rungs.removeFirst() }).memoryBytes < minute.memoryBytes)
        // 15.1 Mb/s of caps and 128 kb/s of sound: about 69 MB a minute; x264's medium takes a few hundred megabytes.
        #expect((60_000_000...80_000_000).contains(minute.bytes))
        #expect((400_000_000...1_200_000_000).contains(minute.memoryBytes))
        #expect((60...1200).contains(minute.cpuSeconds))
    }

    private func predicted(_ seconds: Int64, _ preset: Preset) throws -> Prediction {
        let source = Given.source(Given.video(seconds: Rational(seconds)), [Given.sound(seconds: Rational(seconds))])
        return try AssetPlanner.plan(Given.request(preset), facts: TitleFacts(source: source, index: nil), libraries: []).predicted
    }

    @Test("A preset with a length of 0 is an error, never a crash")
    func zeroLengths() throws {
        let changes: [(inout Preset) -> Void] = [
            { $0.segmentDuration = .zero }, { $0.gopDuration = .zero }, { $0.chunkDuration = Rational(-1) },
            { $0.images = ImageSettings(spriteInterval: .zero) }, { $0.rungs[0].maxFrameRate = .zero }, { $0.rungs[2].height = 0 },
        ]
        for change in changes {
            var preset = Given.preset()
            change(&preset)
            let error = #expect(throws: PlanningError.self) { try predicted(10, preset) }
            #expect(error?.code == .document)
        }
    }

    @Test("Two passes cost more time, and spend the bits that were asked for")
    func twoPass() throws {
        var rung = Given.rung("720p", 1280, 720, kilobits: 4000)
        let onePass = try predicted(80, Given.preset([rung], audio: []))
        rung.rateControl = .twoPass(bitRate: 2_000_000, cap: rung.rateControl.cap)
        let twoPasses = try predicted(80, Given.preset([rung], audio: []))
        #expect(twoPasses.bytes == 20_000_000)
        #expect(twoPasses.cpuSeconds > onePass.cpuSeconds)
    }

    @Test("Every speed of every encoder has a cost, and faster ones cost less")
    func costs() {
        func cost(_ codec: VideoCodec, _ speed: String) -> Double {
            var rung = Given.rung("r", 640, 360, kilobits: 800, codec: codec)
            rung.speed = speed
            return EncoderCost.of(rung).millisecondsPerMegapixel
        }
        #expect(cost(.h264, "veryfast") < cost(.h264, "medium"))
        #expect(cost(.hevc, "medium") > cost(.h264, "medium"))
        #expect(cost(.av1, "10") < cost(.av1, "6"))
        #expect(cost(.h264, "nonsense") == cost(.h264, "medium"))
        var rung = Given.rung("r", 640, 360, kilobits: 800, codec: .hevc)
        let eight = EncoderCost.of(rung)
        rung.bitDepth = 10
        #expect(EncoderCost.of(rung).bytesPerPixel > eight.bytesPerPixel)
    }
}
