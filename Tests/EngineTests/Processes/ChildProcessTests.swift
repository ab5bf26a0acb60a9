import Foundation
import TestSupport
import Testing

@testable import Engine

/// Programs that were started, and how long they are waited for.
@Suite struct ChildProcessTests {
    @Test func nobodyIsWaitedForForEver() throws {
        let folder = try TemporaryFolder()
        let child = try ChildProcess(
            "/bin/sh", ["-c", "exec sleep 1000"], log: folder.file("log"), environment: ProcessInfo.processInfo.environment)
        #expect(child.wait(seconds: 0.1) == nil)
        child.kill()
        #expect(child.wait(seconds: 30)?.end == .killed(signal: 9))
    }

    @Test func whatAProgramIsGivenIsItsWholeEnvironment() throws {
        let folder = try TemporaryFolder()
        let words = "echo \"$ONE\"; echo \"$TWO.\"; echo \"${HOME-nothing}\""
        let child = try ChildProcess("/bin/sh", ["-c", words], log: folder.file("log"), environment: ["ONE": "a=b", "TWO": ""])
        var lines: [String] = []
        reading: while true {
            switch child.output.read(milliseconds: 100) {
            case .line(let line): lines.append(String(decoding: line, as: UTF8.self))
            case .nothing: continue
            case .ended: break reading
            }
        }
        #expect(lines == ["a=b", ".", "nothing"])
        #expect(child.wait(seconds: 60)?.end == .exited(0))
    }
}
