/// Why a sample could not be made, in one line.
struct SampleError: Error, CustomStringConvertible {
    /// What kind of failure it is; open.
    struct Code: Hashable, Sendable {
        let name: String

        init(_ name: String) { self.name = name }

        static let inputOutput = Code("input_output")
        static let libav = Code("libav")
    }

    var code: Code
    /// What was being done: `make 'masters/the-edge.mp4'`.
    var operation: String
    var detail: String
    var underlying: (any Error)?

    var description: String { "cannot \(operation): \(detail)" }
}
