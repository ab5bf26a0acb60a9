import MediaModel
import Testing

@testable import Planning

@Suite("Audio held against the video's clock")
struct AudioClockTests {
    @Test("Audio of another time is refused by name, unless the manifest leaves it out")
    func apart() throws {
        let far = [(Rational(3600), Rational(10)), (Rational(-20), Rational(10)), (Rational(21), Rational(5))]
        for (start, seconds) in far {
            let tracks = [Given.sound(), Given.sound(stream: 2, language: "fre", start: start, seconds: seconds)]
            let error = #expect(throws: PlanningError.self) { try plan(Given.video(), tracks) }
            #expect(error?.code == .audio)
            let text = "\(try #require(error))"
            #expect(
                text.contains("audio track 1 (stream 2, fre) lasts from") && text.contains("listing the others under 'audio'"), "\(text)")
            let request = Given.request(audio: [AudioRequest(origin: .track(0), language: nil, label: nil, role: nil)])
            #expect(try plan(Given.video(), tracks, request: request).audio.count == 1)
        }
        let alone = #expect(throws: PlanningError.self) { try plan(Given.video(), [Given.sound(start: Rational(3600))]) }
        #expect("\(try #require(alone))".contains("bring it as a 'file'"))
    }

    @Test("Audio that sounds under any picture is not")
    func within() throws {
        for (start, seconds) in [(Rational(9), Rational(1)), (Rational(-9), Rational(10)), (.zero, .zero), (Rational(12), Rational(30))] {
            #expect(try plan(Given.video(), [Given.sound(start: start, seconds: seconds)]).audio.count == 1)
        }
    }

    @Test("Silence between packets is said")
    func gaps() throws {
        var track = Given.sound()
        track.filled = Rational(7)
        #expect(try plan(Given.video(), [track]).warnings == ["sound 1 (stream 1) has gaps of 3.000 s in all, which silence fills"])
        track.filled = Rational(19, 2)
        #expect(try plan(Given.video(), [track]).warnings == [])
    }

    @Test("What was mended in the source is a warning, and its joints go with its audio")
    func joints() throws {
        var source = Given.source(Given.video(), [Given.sound(), Given.sound(stream: 2)])
        source.notes = ["the clock jumps"]
        source.joints = [
            ClockJoint(stream: 0, packet: 75, shift: 1), ClockJoint(stream: 1, packet: 142, shift: 2),
            ClockJoint(stream: 2, packet: 9, shift: 3),
        ]
        let index = Given.index(of: Given.video(), keyEvery: 30)
        let plan = try AssetPlanner.plan(Given.request(), facts: TitleFacts(source: source, index: index), libraries: [])
        #expect(plan.warnings == ["the clock jumps"])
        #expect(plan.audio.map(\.joints) == [[source.joints[1]], [source.joints[2]]])
    }

    @Test("A gain for what is mixed down: the track's, else the title's")
    func gain() throws {
        var request = Given.request(audio: [
            AudioRequest(origin: .track(0), language: nil, label: nil, role: nil, mixdownGain: Rational(-3)),
            AudioRequest(origin: .track(1), language: nil, label: nil, role: nil),
        ])
        request.mixdownGain = Rational(-6)
        let tracks = [Given.sound(channels: 6), Given.sound(stream: 2, channels: 6)]
        #expect(try plan(Given.video(), tracks, request: request).audio.map(\.mixdownGain) == [Rational(-3), Rational(-6)])
        #expect(try plan(Given.video(), tracks).audio.map(\.mixdownGain) == [.zero, .zero])
    }
}
