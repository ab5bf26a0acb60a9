package import Foundation

/// The types of tasks that two processes speak of: each task travels as JSON under the word of its kind.
package struct TaskKinds: Sendable {
    private let types: [String: any EngineTask.Type]

    package init(_ types: [any EngineTask.Type]) {
        self.types = Dictionary(types.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private struct Head: Decodable { var kind: String }
    private struct Envelope<Task: EngineTask>: Codable {
        var kind: String
        var task: Task
    }

    /// One line of JSON: `{"kind":"encode","task":{...}}`.
    package static func json(_ task: some EngineTask) throws -> Data {
        try JSONEncoder().encode(Envelope(kind: type(of: task).kind, task: task))
    }

    /// - Throws: for a kind that is not among these types.
    package func task(_ json: Data) throws -> any EngineTask {
        let kind = try JSONDecoder().decode(Head.self, from: json).kind
        guard let type = types[kind] else {
            throw EngineError(.internalError, "read a task", "its kind '\(kind)' is not known to this program")
        }
        return try Self.task(json, as: type)
    }

    private static func task<Task: EngineTask>(_ json: Data, as type: Task.Type) throws -> any EngineTask {
        try JSONDecoder().decode(Envelope<Task>.self, from: json).task
    }
}
