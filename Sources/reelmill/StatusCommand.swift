import ArgumentParser
import Foundation
import Pipeline

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Shows what ran, runs or failed in a work folder, and why.",
        discussion: """
            The exit status is that of the last run; 75 while one is going on, 130 for one that was killed, 69 where none was yet.
            """)

    @Option(help: "The work folder.") var work = ".reelmill"
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        Terminal.exiting {
            let status = try Status.read(work: work)
            Terminal.print(json ? try Status.json(status) : Self.text(status))
            return status.ownExitStatus
        }
    }

    private static func text(_ status: RunStatus) -> String {
        let how =
            status.isRunning
            ? "running since \(time(status.startedAt)) as process \(status.process), \(status.workers) workers"
            : status.exitStatus.map { "ended \(status.endedAt.map(time) ?? "") with exit status \($0)" }
                ?? "began \(time(status.startedAt)) and was killed; run again to go on"
        var lines = ["\(status.manifest): \(how)"]
        let width = status.titles.map(\.title.count).max() ?? 0
        for title in status.titles {
            var words = ["\(title.title.padding(toLength: width, withPad: " ", startingAt: 0))  \(title.state)"]
            if let version = title.version { words.append(version) }
            if title.share < 1 && title.tasks > 0 {
                words.append("\(Int(title.share * 100)) %, \(title.tasksDone) of \(title.tasks) tasks")
            }
            if title.cpuSeconds > 0 { words.append("\(TimeText.length(title.cpuSeconds)) of CPU") }
            words += title.running
            if let reason = title.reason { words.append(reason) }
            if let note = title.note { words.append(note) }
            lines.append(words.joined(separator: "; "))
        }
        for warning in status.warnings { lines.append("warning: \(warning.title.map { "\($0): " } ?? "")\(warning.message)") }
        if let note = status.note { lines.append("note: \(note)") }
        return lines.joined(separator: "\n")
    }

    private static func time(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd HH:mm:ss"
        return formatter.string(from: date)
    }
}
