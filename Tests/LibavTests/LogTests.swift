import Foundation
import Libav
import Synchronization
import TestSupport
import Testing

struct LogTests {
    /// What a failure on this thread would be blamed on now.
    private static var blamed: String { LibavError(code: LibavError.invalidData, operation: "test").log }

    private static func fail(_ filter: String) { _ = try? FilterGraph(filter, input: nil) }

    @Test func aFailureCarriesTheLastLineOfItsThread() throws {
        Log.install()
        Log.clear()
        #expect(Self.blamed == "")
        Self.fail("nosuchfilter1")
        #expect(Self.blamed.contains("nosuchfilter1"))
        Self.fail("nosuchfilter2")
        #expect(Self.blamed.contains("nosuchfilter2"))
        #expect(!Self.blamed.contains("nosuchfilter1"))
        Log.clear()
        #expect(Self.blamed == "")
    }

    @Test func aThreadNeverSeesAnothersLines() throws {
        Log.clear()
        Self.fail("nosuchfilter_mine")
        let others = Mutex<[String]>([])
        let group = DispatchGroup()
        for number in 0..<8 {
            group.enter()
            let thread = Thread {
                let before = Self.blamed
                Self.fail("nosuchfilter_\(number)")
                others.withLock { $0.append(before + Self.blamed) }
                group.leave()
            }
            thread.start()
        }
        group.wait()
        #expect(Self.blamed.contains("nosuchfilter_mine"))
        let lines = others.withLock { $0.sorted() }
        #expect(lines.count == 8)
        for (number, line) in lines.enumerated() { #expect(line.contains("nosuchfilter_\(number)") && !line.contains("mine")) }
    }

    /// Threads come and go, and the kernel gives their numbers out again.
    @Test func aNewThreadInheritsNothing() throws {
        let seen = Mutex<[String]>([])
        for _ in 0..<16 {
            let group = DispatchGroup()
            group.enter()
            let thread = Thread {
                seen.withLock { $0.append(Self.blamed) }
                Self.fail("nosuchfilter_old")
                group.leave()
            }
            thread.start()
            group.wait()
        }
        #expect(seen.withLock { $0 } == Array(repeating: "", count: 16))
    }

    @Test func addressesAreStrippedAndTheContextIsNamed() throws {
        let error = try #require(throws: LibavError.self) {
            _ = try Encoder("libx264", video: Recipe.video(), options: [("x264-params", "foo=1")])
        }
        #expect(error.log.hasPrefix("libx264: "), "\(error.log)")
        #expect(!error.log.contains("0x") && !error.log.contains("@"))
        #expect(error.log == error.log.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    @Test func collectsInOrderUntilDrained() throws {
        Log.install()
        Log.beginCollecting()
        Self.fail("nosuchfilter_a")
        Log.clear()
        Self.fail("nosuchfilter_b")
        let lines = Log.drain().filter { $0.text.contains("nosuchfilter") }
        #expect(lines.map(\.isError) == [true, true])
        #expect(lines.first?.text.contains("nosuchfilter_a") == true)
        #expect(lines.last?.text.contains("nosuchfilter_b") == true)
        #expect(Log.drain().isEmpty)
        Self.fail("nosuchfilter_c")
        #expect(Log.drain().count == 1, "collecting goes on")
    }

    @Test func opensOfFilesAreNotCollected() throws {
        let folder = try TemporaryFolder()
        let whole = try Data(contentsOf: URL(fileURLWithPath: ClipShelf.film()))
        let path = try folder.write(whole.prefix(whole.count / 2), to: "cut.mp4")
        Log.beginCollecting()
        let error = try #require(throws: LibavError.self) { _ = try Demuxer(path: path) }
        #expect(error.log.contains("moov atom not found"))
        #expect(Log.drain().isEmpty)
    }

    @Test func whatAHostileFileCanMakeUsKeepIsBounded() throws {
        Log.beginCollecting()
        for number in 0..<200 { Self.fail("nosuchfilter_\(number)") }
        #expect(Log.drain().count == 64)
        let long = String(repeating: "x", count: 20_000)
        Self.fail("nosuchfilter_\(long)")
        #expect(Self.blamed.utf8.count < 5000)
        Self.fail("nosuchfilter_after")
        #expect(Self.blamed.hasSuffix("'nosuchfilter_after'"), "a line that was cut does not run into the next: \(Self.blamed.suffix(80))")
    }
}
