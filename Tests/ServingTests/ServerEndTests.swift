import Foundation
import TestSupport
import Testing

/// The server as a program that ends.
@Suite struct ServerEndTests {
    private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("reelmill-server").path

    /// Runs the server until it ends, or says that it serves and is asked to end.
    /// - Returns: its exit status and words, and what the loader told of each library that it set up and took down.
    private func run(catalog: String) throws -> (result: ProgramResult, loader: String) {
        let folder = try TemporaryFolder()
        let script = """
            LD_DEBUG=libs LD_DEBUG_OUTPUT="$1/loader" "$2" --catalog "$3" --port 0 2>"$1/words" &
            for look in $(seq 200); do
                if grep -qE "serves|error" "$1/words"; then break; fi
                sleep 0.1
            done
            kill -TERM $!; wait $!; status=$?; cat "$1/words" >&2; exit $status
            """
        let result = try Program.run("sh", ["-c", script, "sh", folder.path, Self.program, catalog])
        let name = try #require(try folder.listing().first { $0.hasPrefix("loader.") }, "\(result)")
        return (result, String(decoding: try folder.bytes(of: name), as: UTF8.self))
    }

    /// No library may be taken down while threads still use it.
    @Test(arguments: [0, 69])
    func theEndIsTheEnd(status: Int) throws {
        let served = try ServedFolder()
        let (result, loader) = try run(catalog: "sqlite:\(status == 0 ? served.path : "/nowhere")/catalog.sqlite")
        #expect(result.status == status && result.errors.contains(status == 0 ? "serves" : "error: "), "\(result)")
        #expect(loader.contains("calling init") && !loader.contains("calling fini"))
    }
}
