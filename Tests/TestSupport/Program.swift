import Foundation

/// What a program that ended left behind.
package struct ProgramResult: Sendable {
    /// Exit status; negative: the signal that ended it.
    package var status: Int
    package var output: String
    package var errors: String
}

/// Programs that tests run as judges; the product itself runs none.
package enum Program {
    /// Runs `name`, found by `PATH`, to its end. Its output goes through files, so that no full pipe can stop it.
    /// - Throws: when it cannot be started; an exit status other than 0 is no error here.
    package static func run(_ name: String, _ arguments: [String]) throws -> ProgramResult {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.write("", to: "output")))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.write("", to: "errors")))
        try process.run()
        process.waitUntilExit()
        let status = Int(process.terminationStatus)
        return ProgramResult(
            status: process.terminationReason == .exit ? status : -status,
            output: String(decoding: try folder.bytes(of: "output"), as: UTF8.self),
            errors: String(decoding: try folder.bytes(of: "errors"), as: UTF8.self))
    }
}

/// A program that a test needs did not do what was asked.
package struct ProgramFailure: Error, CustomStringConvertible {
    package var description: String

    init(_ command: [String], _ result: ProgramResult) {
        description = "\(command.joined(separator: " ")) ended with \(result.status): \(result.errors)"
    }
}

extension Program {
    /// Like `run`, and throws unless the exit status is 0; returns what it wrote to standard output.
    @discardableResult
    package static func demand(_ name: String, _ arguments: [String]) throws -> String {
        let result = try run(name, arguments)
        guard result.status == 0 else { throw ProgramFailure([name] + arguments, result) }
        return result.output
    }
}
