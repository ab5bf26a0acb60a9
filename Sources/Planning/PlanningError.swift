/// Why a title cannot be planned, or a document not be read: one clear line that names the thing, the limit and the way out.
package struct PlanningError: Error, Sendable {
    /// What kind of fault it is. Open: a later part of this room may add its own.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The source has neither a picture nor a sound that could be used, or facts that contradict each other.
        package static let source = Code(rawValue: "source")
        /// The source is damaged, and the manifest does not accept it.
        package static let damage = Code(rawValue: "damage")
        /// The stretch asked for is empty or lies outside the source.
        package static let trim = Code(rawValue: "trim")
        /// A sound that the manifest asks for is not there.
        package static let audio = Code(rawValue: "audio")
        /// The picture is too small for an encoder, or too large for every level.
        package static let size = Code(rawValue: "size")
        /// The level that a preset names does not hold the rung.
        package static let level = Code(rawValue: "level")
        /// PQ or HLG, which is not built yet.
        package static let hdr = Code(rawValue: "hdr")
        /// A fact that the planner needs was not handed to it.
        package static let facts = Code(rawValue: "facts")
        /// A file that a person wrote is wrong: a manifest or a preset.
        package static let document = Code(rawValue: "document")
    }

    package var code: Code
    /// What was being done, such as `plan night-train`.
    package var operation: String
    /// What is wrong, and the way out.
    package var detail: String
    package var underlying: (any Error)?

    package init(_ code: Code, operation: String, detail: String, underlying: (any Error)? = nil) {
        self.code = code
        self.operation = operation
        self.detail = detail
        self.underlying = underlying
    }
}

extension PlanningError: CustomStringConvertible {
    package var description: String {
        "\(operation): \(detail)" + (underlying.map { ": \($0)" } ?? "")
    }
}
