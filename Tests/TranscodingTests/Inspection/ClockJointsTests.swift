import MediaModel
import Testing

@testable import Transcoding

/// Recordings as a pure sequence of times: parts with clocks of their own, their packets interleaved as files have them.
@Suite struct ClockJointsTests {
    /// A part as it lies in the file: when its clock begins, and for how many seconds each track lasts from there.
    private struct Part {
        var clock: Double
        var video: ClosedRange<Double>? = 0...6
        var audio: ClosedRange<Double>? = 0...6
    }

    private struct Given {
        var times: ClockScan.Times
        var stream: Int
        var part: Int
        var place: Double
    }

    private static let tick = Rational(1, 90000)

    /// Packets in the order of the file: the audio lies `lag` seconds behind the video, also across a joint.
    private static func packets(_ parts: [Part], lag: Double = 0.7) -> [Given] {
        var all: [Given] = []
        var begin = 0.0
        for (number, part) in parts.enumerated() {
            func add(_ stream: Int, _ span: ClosedRange<Double>?, step: Double, lag: Double) {
                guard let span else { return }
                var time = span.lowerBound
                while time < span.upperBound - step / 2 {
                    let ticks = Int64(((part.clock + time) * 90000).rounded())
                    all.append(
                        Given(
                            times: ClockScan.Times(
                                presentation: ticks + (stream == 0 ? 7200 : 0), decoding: ticks, duration: Int64((step * 90000).rounded())),
                            stream: stream, part: number, place: begin + time + lag))
                    time += step
                }
            }
            add(0, part.video, step: 0.04, lag: 0)
            add(1, part.audio, step: 0.024, lag: lag)
            begin += max(part.video?.upperBound ?? 0, part.audio?.upperBound ?? 0)
        }
        return all.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }.map(\.element)
    }

    private static func joints(_ packets: [Given], leaps: Bool = true) -> ClockJoints {
        var scan = ClockScan([(stream: 0, isPicture: true, timeBase: tick), (stream: 1, isPicture: false, timeBase: tick)])
        for packet in packets { scan.see(packet.times, of: packet.stream) }
        return ClockJoints(scan, leaps: leaps, guesses: false)
    }

    /// How far each packet is moved, as a reader moves it; by part and stream.
    private static func moves(_ packets: [Given], _ joints: [ClockJoint]) -> [[Set<Int64>]] {
        var counts = [0, 0]
        var moves: [[Set<Int64>]] = []
        for packet in packets {
            while moves.count <= packet.part { moves.append([[], []]) }
            let joint = joints.filter { $0.stream == packet.stream && $0.packet <= counts[packet.stream] }.max { $0.packet < $1.packet }
            counts[packet.stream] += 1
            moves[packet.part][packet.stream].insert(joint?.shift ?? 0)
        }
        return moves
    }

    @Test(arguments: [0, -0.5, -3, -5.9, 100, 3600, 86400, -1000, 95443.7], [0, 0.3, 0.7, 2])
    func bothPartsLieOneBehindTheOtherInStep(_ jump: Double, _ lag: Double) throws {
        // The second part begins where the first ends, but for the jump.
        let packets = Self.packets([Part(clock: 2000), Part(clock: 2006 + jump)], lag: lag)
        let found = Self.joints(packets)
        #expect(found.damage == [])
        let moves = Self.moves(packets, found.joints)
        #expect(moves[0] == [[0], [0]])
        let expected = Int64((-jump * 90000).rounded())
        #expect(moves[1] == [[expected], [expected]])
        #expect(found.notes.count == (jump == 0 ? 0 : 1))
    }

    @Test func aClockThatStartsAgainAndAgainIsFollowedEachTime() {
        let packets = Self.packets((0..<40).map { _ in Part(clock: 1.4) })
        let found = Self.joints(packets)
        let moves = Self.moves(packets, found.joints)
        #expect(moves.indices.allSatisfy { moves[$0] == [[Int64($0) * 6 * 90000], [Int64($0) * 6 * 90000]] })
        #expect(found.joints.count == 78 && found.damage.isEmpty)
        // Nobody reads forty lines.
        #expect(found.notes.count == 4)
    }

    @Test func wordsSayWhere() {
        let found = Self.joints(Self.packets([Part(clock: 2000), Part(clock: 10)]))
        #expect(found.notes == ["the clock jumps at 6.0 s from 2006.0 s to 10.0 s: what follows is put behind what came before"])
    }

    @Test func noTrackBeginsBeforeItHasEnded() {
        // The first part's audio is 30 ms longer than its video, the second's begins 20 ms earlier.
        let packets = Self.packets([Part(clock: 50, audio: 0...6.03), Part(clock: 9, video: 0.02...6, audio: 0...6)])
        let found = Self.joints(packets)
        // Two frames of 40 ms: the video stays on its grid.
        let seconds: Double = 50 + 6 + 0.08 - 0.02 - 9
        let expected = Int64((seconds * 90000).rounded())
        #expect(Self.moves(packets, found.joints)[1] == [[expected], [expected]])
    }

    @Test func aPartMayLackOneTrack() {
        let withoutAudio = [
            [Part(clock: 100, audio: nil), Part(clock: 5)], [Part(clock: 100), Part(clock: 5, audio: nil)],
            [Part(clock: 100), Part(clock: 5, audio: nil), Part(clock: 777)], [Part(clock: 5, audio: nil), Part(clock: 100)],
        ]
        for parts in withoutAudio {
            let packets = Self.packets(parts)
            let found = Self.joints(packets)
            #expect(found.damage == [])
            for (number, moved) in Self.moves(packets, found.joints).enumerated() {
                let expected = (parts[0].clock + Double(number) * 6 - parts[number].clock) * 90000
                // Two frames for what is shown later than it is decoded.
                #expect(
                    moved[0].count == 1 && moved[0].allSatisfy { 0...(14400 * Double(number)) ~= Double($0) - expected },
                    "\(number): \(moved)")
                #expect(moved[1].isSubset(of: moved[0]))
            }
        }
    }

    @Test func aGapOfOneTrackIsAGap() {
        // Audio alone is missing for a minute; a picture alone is held for a minute.
        let silent = Self.packets([Part(clock: 1, video: 0...90, audio: 0...10), Part(clock: 1, video: nil, audio: 70...90)])
            .sorted { ($0.times.decoding ?? 0, $0.stream) < ($1.times.decoding ?? 0, $1.stream) }
        let held = Self.packets([Part(clock: 1, video: 0...10, audio: 0...90), Part(clock: 1, video: 70...90, audio: nil)])
            .sorted { ($0.times.decoding ?? 0, $0.stream) < ($1.times.decoding ?? 0, $1.stream) }
        for packets in [silent, held] {
            let found = Self.joints(packets)
            #expect(found.joints == [] && found.notes == [] && found.damage == [])
        }
    }

    /// As a stream marks them: the first packet of each track behind the place where the second part begins.
    private static func announced(_ packets: [Given], at begin: Double) -> [Given] {
        var (packets, seen) = (packets, Set<Int>())
        for number in packets.indices where packets[number].place >= begin && seen.insert(packets[number].stream).inserted {
            packets[number].times.isAnnounced = true
        }
        return packets
    }

    @Test(arguments: [0, 0.5, 3, 9, 30, -0.5, -3], [0, 0.3, 0.7])
    func aLeapThatTheFileAnnouncesIsNoPause(_ jump: Double, _ lag: Double) {
        let packets = Self.announced(Self.packets([Part(clock: 2000), Part(clock: 2006 + jump)], lag: lag), at: 6)
        let found = Self.joints(packets)
        #expect(found.damage == [])
        let moves = Self.moves(packets, found.joints)
        let expected = Int64((-jump * 90000).rounded())
        #expect(moves[0] == [[0], [0]] && moves[1] == [[expected], [expected]])
    }

    @Test func aPauseOfAllTracksIsKeptUpToABound() {
        func found(_ pause: Double, leaps: Bool) -> ClockJoints {
            Self.joints(Self.packets([Part(clock: 1), Part(clock: 7 + pause)]), leaps: leaps)
        }
        #expect(found(0.5, leaps: true).notes == [] && found(0.5, leaps: true).joints == [])
        #expect(found(2, leaps: true).notes == ["all tracks pause at 6.0 s for 2.0 s: the picture is held"])
        #expect(found(2, leaps: true).joints == [])
        #expect(found(30, leaps: false).joints == [] && found(30, leaps: false).notes.count == 1)
        #expect(found(30, leaps: true).joints.count == 2)
        #expect(found(90, leaps: false).joints.count == 2)
    }

    @Test func whatCannotBeKnownIsDamageThatSaysWhere() throws {
        // The audio's clock alone leaps, and the video goes on.
        for clock in [3600.0, -20] {
            let packets = Self.packets([
                Part(clock: 100, video: 0...60, audio: 0...30), Part(clock: 130 + clock, video: nil, audio: 0...30),
            ])
            .sorted { $0.stream == $1.stream ? $0.place < $1.place : place($0) < place($1) }
            let found = Self.joints(packets)
            #expect(found.joints == [])
            let line = try #require(found.damage.first)
            #expect(line.contains("stream 1 (audio)") && line.contains("at 30.0 s") && line.contains("cannot be known"), "\(line)")
        }
        func place(_ packet: Given) -> Double { packet.part == 1 ? packet.place - 30 : packet.place }
    }

    @Test func aFewPacketsThatGoAstrayAreBroughtBack() {
        var packets = Self.packets([Part(clock: 10)])
        let astray = packets.indices.filter { packets[$0].stream == 0 }[60...62]
        for index in astray {
            packets[index].times.decoding? += 3600 * 90000
            packets[index].times.presentation? += 3600 * 90000
        }
        let found = Self.joints(packets)
        #expect(found.damage == [])
        #expect(
            found.joints == [ClockJoint(stream: 0, packet: 60, shift: -3600 * 90000), ClockJoint(stream: 0, packet: 63, shift: 0)])
        #expect(found.notes.count == 1)
    }

    @Test func hiddenPacketsOfAnEditListAreNoBreak() {
        // An edit list's second stretch begins at a key picture two seconds before what it shows.
        var packets = Self.packets([Part(clock: 0), Part(clock: 4)])
        for index in packets.indices where packets[index].part == 1 && (packets[index].times.decoding ?? 0) < 6 * 90000 {
            packets[index].times.isDiscarded = true
        }
        let found = Self.joints(packets, leaps: false)
        #expect(found.joints == [] && found.damage == [] && found.notes == [])
    }

    @Test func noTimesAreTooLargeAndNoNoiseTooMuch() {
        var scan = ClockScan([(stream: 0, isPicture: true, timeBase: Rational(1)), (stream: 1, isPicture: false, timeBase: Self.tick)])
        var random = UInt64(7)
        for number in 0..<120_000 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let wild = number % 3 == 0 ? Int64(bitPattern: random) : Int64(random % 900_000_000)
            scan.see(.init(presentation: wild, decoding: wild, duration: number % 7 == 0 ? Int64.max : 1), of: number & 1)
        }
        let found = ClockJoints(scan, leaps: true, guesses: false)
        #expect(!found.damage.isEmpty || !found.notes.isEmpty)
    }
}
