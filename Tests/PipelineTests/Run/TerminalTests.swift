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
}
