import Foundation

/// What comes back from a worker: one JSON object a line. What goes to it is a task, as `TaskKinds` writes it.
enum WorkerMessage: Codable {
    /// The share of the task that is done, 0 to 1: also the sign that it is alive.
    case progress(Double)
    case done(TaskUsage)
    case failed(ReportedFailure, usage: TaskUsage)

    /// With its newline.
    func line() throws -> [UInt8] { [UInt8](try JSONEncoder().encode(self)) + [0x0A] }

    static func read(_ line: some Sequence<UInt8>) throws -> WorkerMessage {
        try JSONDecoder().decode(WorkerMessage.self, from: Data(line))
    }
}
