import MediaModel
import Testing

@testable import Planning

@Suite("Where a title begins and ends")
struct TitleStretchTests {
    @Test("Time 0 is the picture's first frame")
    func pictureRules() throws {
        let plan = try plan(Given.video(start: Rational(10)), [Given.sound(start: Rational(10) - Rational(1, 20))])
        #expect(plan.origin == Rational(10))
        #expect(plan.grid.frames == 300)
        #expect(plan.warnings.isEmpty)
    }

    @Test("Sound that begins well before the picture is kept, under the first picture")
    func soundFirst() throws {
        let plan = try plan(Given.video(start: Rational(1)), [Given.sound(seconds: Rational(11))])
        #expect(plan.origin == .zero)
        #expect(plan.grid.frames == 330)
    }

    @Test("Only the sounds that are used count")
    func unusedSound() throws {
        let request = Given.request(audio: [AudioRequest(origin: .track(0), language: nil, label: nil, role: nil)])
        let tracks = [Given.sound(start: Rational(5)), Given.sound(stream: 2, start: .zero, seconds: Rational(15))]
        #expect(try plan(Given.video(start: Rational(5)), tracks, request: request).origin == Rational(5))
    }

    @Test("A sound that is over before the picture begins is a broken clock, and refused by name")
    func brokenClock() throws {
        let error = #expect(throws: PlanningError.self) { try plan(Given.video(start: Rational(95_443)), [Given.sound()]) }
        #expect(error?.description.contains("its clock has nothing to do with the video's") == true)
    }

    @Test("Late sound leaves the clock alone")
    func lateSound() throws {
        let plan = try plan(Given.video(), [Given.sound(start: Rational(2), seconds: Rational(8))])
        #expect(plan.origin == .zero)
        #expect(plan.warnings.isEmpty)
    }

    @Test("The last picture is held while audio goes on, and that is told")
    func heldPicture() throws {
        let longer = try plan(Given.video(), [Given.sound(seconds: Rational(12))])
        #expect(longer.grid.frames == 360)
        #expect(longer.lastPictureHeld == Rational(2) + Rational(1, 30))
        #expect(longer.warnings == ["the last picture stands for 2.033 s, while the audio goes on"])
        // A frame of audio is no speech.
        let little = try plan(Given.video(), [Given.sound(seconds: Rational(101, 10))])
        #expect(little.grid.frames == 300)
        #expect(little.warnings.isEmpty)
        let half = try plan(Given.video(), [Given.sound(seconds: Rational(21, 2))])
        #expect(half.grid.frames == 315)
    }

    @Test("Ten minutes are held unasked, more only where the manifest says so")
    func longHold() throws {
        let bound = TitleStretch.longestHold
        let longest = try plan(Given.video(), [Given.sound(seconds: Rational(10) + bound)])
        #expect(longest.grid.duration == Rational(10) + bound)
        let talk = [Given.sound(seconds: Rational(11) + bound)]
        let error = #expect(throws: PlanningError.self) { try plan(Given.video(), talk) }
        for word in ["sound 1 (stream 1)", "10:01.000", "'tail: hold'", "'tail: cut'", "trim.end"] {
            #expect(error?.description.contains(word) == true, "\(word)")
        }
        let held = try plan(Given.video(), talk, request: Given.request(tail: .hold))
        #expect(held.grid.duration == Rational(11) + bound)
        let cut = try plan(Given.video(), talk, request: Given.request(tail: .cut))
        #expect(cut.grid.frames == 300)
        #expect(cut.warnings == ["sound 1 (stream 1) lasts 601.000 s longer than the picture and is cut there, as 'tail: cut' says"])
        // Whoever trims has said where the title ends.
        let trimmed = try plan(Given.video(), talk, request: Given.request(trim: Trim(end: Rational(20))))
        #expect(trimmed.grid.frames == 600)
    }

    @Test("The last picture lasts as long as it is declared to, but for hours on end")
    func declaredHold() throws {
        var video = Given.video(seconds: Rational(30))
        video.lastStart = Rational(5)
        video.frames = 151
        let plan = try plan(video, [Given.sound(seconds: Rational(30))])
        #expect(plan.grid.duration == Rational(30))
        #expect(plan.lastPictureHeld == Rational(25))
        #expect(plan.warnings == ["the last picture stands for 25.000 s, as the file declares"])
        video.end = Rational(5) + TitleStretch.longestDeclared + Rational(1)
        let error = #expect(throws: PlanningError.self) { try planned(video) }
        #expect(error?.description.contains("declares that its last picture, at 0:05.000, lasts 1:00:01.000") == true)
        let held = try planned(video, tail: .hold)
        #expect(held.grid.duration == video.end)
    }

    private func planned(_ video: VideoTrackInfo, tail: Tail? = nil) throws(PlanningError) -> AssetPlan {
        try plan(video, [], request: Given.request(tail: tail))
    }

    @Test("Sound that is shorter than the picture by a second or one percent is told")
    func differentLengths() throws {
        let shorter = try plan(Given.video(), [Given.sound(seconds: Rational(4))])
        #expect(shorter.warnings == ["sound 1 (stream 1) ends 6.000 s before the picture; silence follows"])
        #expect(try plan(Given.video(), [Given.sound(seconds: Rational(98, 10))]).warnings.isEmpty)
        #expect(try plan(Given.video(), [Given.sound(seconds: Rational(96, 10))]).warnings.count == 1)
        let cut = Given.request(trim: Trim(end: Rational(5)))
        #expect(try plan(Given.video(), [Given.sound()], request: cut).warnings.isEmpty)
    }

    @Test("A picture that begins more than a second after its sound is told")
    func latePicture() throws {
        let late = try plan(Given.video(start: Rational(3)), [Given.sound(seconds: Rational(13))])
        #expect(late.grid.duration == Rational(13))
        #expect(late.warnings == ["the picture begins 3.000 s after the first sound; its first frame is shown until then"])
        #expect(try plan(Given.video(start: Rational(1)), [Given.sound(seconds: Rational(11))]).warnings.isEmpty)
        let trimmed = Given.request(trim: Trim(start: Rational(5, 2)))
        #expect(try plan(Given.video(start: Rational(3)), [Given.sound(seconds: Rational(13))], request: trimmed).warnings.isEmpty)
    }

    @Test("A trim is exact")
    func trim() throws {
        let request = Given.request(trim: Trim(start: Rational(5, 2), end: Rational(7)))
        let plan = try plan(Given.video(start: Rational(1)), request: request)
        #expect(plan.origin == Rational(7, 2))
        #expect(plan.grid.frames == 135)
    }

    @Test("An end that is a frame too late, as players show it, is the end")
    func tolerantEnd() throws {
        let request = Given.request(trim: Trim(end: Rational(10) + Rational(1, 30)))
        #expect(try plan(Given.video(), request: request).grid.frames == 300)
    }

    @Test(
        "An empty or impossible trim is an error with the length",
        arguments: [
            Trim(start: Rational(10)), Trim(start: Rational(11)), Trim(start: Rational(-1)), Trim(end: Rational(21, 2)),
            Trim(start: Rational(5), end: Rational(5)), Trim(start: Rational(5), end: Rational(4)), Trim(end: .zero),
        ])
    func impossible(trim: Trim) {
        let error = #expect(throws: PlanningError.self) { try plan(Given.video(), request: Given.request(trim: trim)) }
        #expect(error?.code == .trim)
        #expect(error?.description.hasPrefix("plan night-train: trim.") == true)
        #expect(error?.description.contains("lasts 10.000 s") == true)
    }

    @Test("Neither picture nor sound is an error")
    func nothing() {
        let error = #expect(throws: PlanningError.self) { try plan(nil) }
        #expect(error?.code == .source)
        let silent = #expect(throws: PlanningError.self) {
            try plan(nil, [Given.sound()], request: Given.request(Given.preset(audio: [])))
        }
        #expect(silent?.code == .source)
    }

    @Test("An outside sound counts from the title's start")
    func outsideSound() throws {
        let path = "/dubs/fr.wav"
        let request = Given.request(audio: [AudioRequest(origin: .file(path), language: "fr", label: nil, role: .dub)])
        let outside = [path: Given.source(nil, [Given.sound(stream: 0, start: Rational(3), seconds: Rational(14))])]
        let plan = try plan(Given.video(start: Rational(5)), request: request, outside: outside)
        #expect(plan.origin == Rational(5))
        #expect(plan.grid.frames == 420)
        #expect(plan.warnings == ["the last picture stands for 4.033 s, while the audio goes on"])
    }
}
