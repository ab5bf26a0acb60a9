import Foundation
import Glibc
import Libav

/// A script with its times: becomes speech, and the subtitles that match it.
struct Narration {
    struct Line {
        /// Seconds from the film's start.
        var start: Double
        /// As the subtitle shows it.
        var text: String
        /// As the synthesiser, which knows English alone, has to read it; nil: the text itself.
        var spoken: String?
        /// A sound that captions describe, which nobody speaks.
        var isSound = false
    }

    /// A line with the seconds for which it really lasts.
    struct Cue {
        var line: Line
        var end: Double
    }

    /// flite's name of the voice.
    var voice: String
    /// Seconds of the whole film.
    var duration: Double
    /// What is heard below the speech: an expression of `aevalsrc`, one per channel.
    var bed: String
    var cues: [Cue]

    /// True where this FFmpeg can speak.
    static let canSpeak = FilterGraph.exists("flite")

    /// Speaks every line once to learn how long it lasts.
    init(voice: String, duration: Double, bed: String, lines: [Line]) throws(LibavError) {
        self.voice = voice
        self.duration = duration
        self.bed = bed
        cues = []
        for line in lines { cues.append(Cue(line: line, end: line.start + (try Narration.length(of: line, voice: voice)))) }
    }

    private static func length(of line: Line, voice: String) throws(LibavError) -> Double {
        guard !line.isSound else { return 2 }
        guard canSpeak else { return Double(line.text.count) / 14 }
        let graph = try speaking(speech(line, voice: voice, seconds: 0) + ",aformat=sample_rates=48000")
        var samples = 0
        let frame = try Frame()
        while try graph.pull(into: frame) {
            samples += frame.samples
            frame.clear()
        }
        return Double(samples) / 48000
    }

    /// Builds a sound graph. flite speaks while its graph is built, and breathes by rand(3): begun anew each time, one graph at a time,
    /// it says the same thing in the same way.
    static func speaking(_ graph: String) throws(LibavError) -> FilterGraph {
        breath.lock()
        defer { breath.unlock() }
        srand(1)
        return try FilterGraph(graph, input: nil, isVideo: false)
    }

    private static let breath = NSLock()

    /// The source that speaks one line, or hums for as long where nothing can speak.
    private static func speech(_ line: Line, voice: String, seconds: Double) -> String {
        guard canSpeak else { return "sine=frequency=330:sample_rate=48000:duration=\(seconds),volume=0.3" }
        // What means something to libavfilter's parser is not heard anyway.
        let words = (line.spoken ?? line.text).filter { !"':\\[];=".contains($0) }
        return "flite=text='\(words)':voice=\(voice)"
    }

    /// The whole sound track as one graph: 48 kHz, stereo.
    var graph: String {
        let spoken = cues.filter { !$0.line.isSound }
        let form = "aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo"
        var graph = "aevalsrc='\(bed)':sample_rate=48000:duration=\(duration),\(form)[bed]"
        for (number, cue) in spoken.enumerated() {
            let source = Narration.speech(cue.line, voice: voice, seconds: cue.end - cue.line.start)
            graph += ";\(source),\(form),adelay=delays=\(Int(cue.line.start * 1000)):all=1[line\(number)]"
        }
        let labels = spoken.indices.map { "[line\($0)]" }.joined()
        return graph + ";[bed]\(labels)amix=inputs=\(spoken.count + 1):normalize=0:duration=first,\(form)"
    }

    /// SubRip.
    var subRip: String {
        cues.enumerated().map { number, cue in
            "\(number + 1)\n\(stamp(cue.line.start, ",")) --> \(stamp(cue.end, ","))\n\(cue.line.text)\n"
        }.joined(separator: "\n")
    }

    /// WebVTT (W3C).
    var webVTT: String {
        "WEBVTT\n\n"
            + cues.map { cue in
                "\(stamp(cue.line.start, ".")) --> \(stamp(cue.end, "."))\n\(cue.line.text)\n"
            }.joined(separator: "\n")
    }

    private func stamp(_ seconds: Double, _ point: String) -> String {
        let milliseconds = Int((seconds * 1000).rounded())
        func digits(_ number: Int, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let (hours, minutes, whole) = (milliseconds / 3_600_000, milliseconds / 60000 % 60, milliseconds / 1000 % 60)
        return "\(digits(hours, 2)):\(digits(minutes, 2)):\(digits(whole, 2))\(point)\(digits(milliseconds % 1000, 3))"
    }
}
