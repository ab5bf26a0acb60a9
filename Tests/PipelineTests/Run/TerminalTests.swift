import Foundation
import TestSupport
import Testing

/// A run as a person sees it.
@Suite struct TerminalTests {
    /// Lines that are longer than the terminal would wrap, and could not be written over.
    @Test func whatStandsBelowFitsANarrowTerminal() throws {
        let batch = try Batch()
        try batch.film("film.mp4")
        let manifest = try batch.manifest([("film", "film.mp4", "Film")])
        let run = try Program.run("script", ["-qec", "stty cols 12; exec \(Batch.program) run \(manifest)", "/dev/null"])
        #expect(run.status == 0, "\(run)")
        let bars = run.output.split(whereSeparator: \.isNewline).filter { $0.contains("█") || $0.contains("░") }
        #expect(!bars.isEmpty && bars.allSatisfy { $0.count { $0 == "█" || $0 == "░" } <= 11 }, "\(bars)")
    }

    /// No library may take down what threads still use that are about to end: it crashed after all was done.
    @Test(arguments: ["status --work /nowhere", "validate --no-files"])
    func theEndIsTheEnd(command: String) throws {
        let batch = try Batch()
        let manifest = try batch.manifest([("film", "film.mp4", "Film")])
        let words = command.split(separator: " ").map(String.init) + (command.hasPrefix("validate") ? [manifest] : [])
        // The loader tells of each library that it sets up and takes down.
        let told = ["LD_DEBUG=libs", "LD_DEBUG_OUTPUT=\(batch.folder.file("loader"))", Batch.program]
        let run = try Program.run("env", ["-u", "ASAN_OPTIONS"] + told + words)
        #expect(run.status == (command.hasPrefix("validate") ? 0 : 69), "\(run)")
        let name = try #require(try batch.folder.listing().first { $0.hasPrefix("loader.") })
        let loader = String(decoding: try batch.folder.bytes(of: name), as: UTF8.self)
        #expect(loader.contains("calling init") && !loader.contains("calling fini"))
    }
}
