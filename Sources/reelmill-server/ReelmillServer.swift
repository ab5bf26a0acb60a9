import ArgumentParser
import Foundation
import Glibc
import Serving

/// `reelmill-server`: shows a catalog and plays its titles. Read-only.
@main
struct ReelmillServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reelmill-server",
        abstract: "Serves a catalog and its titles over HTTP: a page, an API, the media. Read-only.",
        discussion: "Ends on SIGTERM or SIGINT. Exit status: 0 ended, 64 usage, 69 the catalog, the store or the address cannot be used.",
        version: "reelmill-server \(serverVersion)")

    @Option(help: "Address of the catalog, such as sqlite:./catalog.sqlite.")
    var catalog: String

    @Option(help: ArgumentHelp("Folder that titles were published to. Default: the one that the catalog names.", valueName: "folder"))
    var media: String?

    @Option(help: "Name or address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on; 0 for any that is free.")
    var port = 8080

    @Option(help: ArgumentHelp("Seconds in which a request's header must have come.", valueName: "seconds"))
    var headerTimeout = 10

    @Option(help: ArgumentHelp("Seconds after which a connection is closed on which nothing is asked or taken.", valueName: "seconds"))
    var idleTimeout = 60

    static func main() async {
        StandardFiles.complete()
        await main(nil)
    }

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port is a number from 0 to 65535, not \(port)") }
        for (name, seconds) in [("--header-timeout", headerTimeout), ("--idle-timeout", idleTimeout)] where !(1...86400).contains(seconds) {
            throw ValidationError("\(name) is a number of seconds from 1 to 86400, not \(seconds)")
        }
    }

    func run() async throws {
        let patience = EndOfPatience(seconds: 10)
        defer { withExtendedLifetime(patience) {} }
        do {
            let limits = ConnectionLimits(header: headerTimeout, idle: idleTimeout)
            try await serve(ServerOptions(catalog: catalog, media: media, host: host, port: port, limits: limits)) { [catalog] url in
                Self.say("\(url) serves \(catalog)")
            }
        } catch {
            Self.say("error: \(error)")
            Self.end(69)
        }
        Self.end(0)
    }

    /// Ends the program at once: `exit` would let libraries take down what other threads still use.
    private static func end(_ status: Int32) -> Never {
        _ = fflush(nil)
        _exit(status)
    }

    private static func say(_ line: String) {
        FileHandle.standardError.write(Data("reelmill-server: \(line)\n".utf8))
    }
}
