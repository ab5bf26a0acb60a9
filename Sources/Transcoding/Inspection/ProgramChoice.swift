import Libav
import MediaModel

/// The programs of a transport stream, kept apart: a picture never gets another program's sound.
struct ProgramChoice {
    private let programs: [MediaProgram]
    private let streams: [MediaStream]

    init(_ demuxer: Demuxer) {
        // A table entry without streams is a program that is announced and not sent.
        programs = demuxer.programs.filter { !$0.streams.isEmpty }
        streams = demuxer.streams
    }

    var numbers: [Int] { programs.map(\.number) }

    /// Whether a stream may be used with a program; where there is no choice, every one may.
    func has(_ number: Int?, stream: Int) -> Bool {
        guard let number, programs.count > 1, let program = programs.first(where: { $0.number == number }) else { return true }
        return program.streams.contains(stream)
    }

    /// The program that a stream belongs to; nil where there is none, or but one.
    func number(of stream: Int) -> Int? {
        programs.first { $0.streams.contains(stream) }?.number
    }

    var facts: [ProgramInfo] {
        programs.map { program in
            let members = streams.filter { program.streams.contains($0.index) }
            return ProgramInfo(
                number: program.number, pictures: members.filter { $0.kind == .video && !$0.isStill }.count,
                sounds: members.filter { $0.kind == .audio }.count)
        }
    }

    /// Names the programs that are not used; nil where there are none.
    func note(using number: Int?, wasAsked: Bool) -> String? {
        let others = facts.filter { $0.number != number }
        guard let number, !others.isEmpty else { return nil }
        let list = others.map { "program \($0.number) (\(parts($0)))" }.joined(separator: ", ")
        return "program \(number) is used; not used: \(list)" + (wasAsked ? "" : "; 'program: \(others[0].number)' would choose another")
    }

    func refusal(of number: Int) -> String {
        programs.isEmpty
            ? "it has no programs: leave 'program' out"
            : "it has no program \(number); write one of \(numbers.map { "\($0)" }.joined(separator: ", "))"
    }

    private func parts(_ program: ProgramInfo) -> String {
        let picture = program.pictures == 0 ? "no picture" : program.pictures == 1 ? "a picture" : "\(program.pictures) pictures"
        return "\(picture), \(program.sounds) audio track\(program.sounds == 1 ? "" : "s")"
    }
}
