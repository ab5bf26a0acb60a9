import Foundation

/// What goes to a worker: one JSON object a line.
struct WorkerRequest: Codable {
    var order: TaskOrder
}

/// What comes back: one JSON object a line.
enum WorkerMessage: Codable {
    /// The share of the task that is done, 0 to 1: also the sign that it is alive.
    case progress(Double)
    case done(TaskUsage)
    /// - exitStatus: that the reason alone would give the run.
    case failed(exitStatus: Int32, reason: String, usage: TaskUsage)

    /// A line with its newline.
    static func line(_ value: some Encodable) throws -> [UInt8] {
        var bytes = [UInt8](try JSONEncoder().encode(value))
        bytes.append(0x0A)
        return bytes
    }

    static func read<Value: Decodable>(_ line: some Sequence<UInt8>, as type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(line))
    }
}
