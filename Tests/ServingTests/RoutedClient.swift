import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// What the server's routes answered.
struct RoutedAnswer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var body: ByteBuffer
}

/// Hands requests to a server's routes; nothing listens anywhere. Hummingbird's own client for tests would do as well, but brings a second
/// BoringSSL with it, which takes longer to compile than all of this package.
struct RoutedClient: Sendable {
    private let responder: RouterResponder<BasicRequestContext>
    private let channel: any Channel

    /// Gives `body` a client of the application.
    static func run<Value: Sendable>(
        _ application: Application<RouterResponder<BasicRequestContext>>, _ body: @Sendable (RoutedClient) async throws -> Value
    ) async throws -> Value {
        // A request has a channel that it came by. Nothing comes by this one.
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).get()
        let client = RoutedClient(responder: application.responder, channel: channel)
        do {
            let value = try await body(client)
            try await channel.close()
            return value
        } catch {
            try? await channel.close()
            throw error
        }
    }

    /// - Returns: what `read` makes of the answer.
    func execute<Value: Sendable>(
        uri: String, method: HTTPRequest.Method, headers: HTTPFields = [:], _ read: (RoutedAnswer) throws -> Value
    ) async throws -> Value {
        let head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: uri, headerFields: headers)
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
        let source = ApplicationRequestContextSource(channel: channel, logger: Logger(label: "routed"))
        let response = try await responder.respond(to: request, context: BasicRequestContext(source: source))
        let collected = CollectedBody()
        try await response.body.write(CollectedBody.Writer(body: collected))
        return try read(RoutedAnswer(status: response.status, headers: response.headers, body: collected.buffer))
    }
}

/// Keeps all that a response writes.
private final class CollectedBody: Sendable {
    private let written = Mutex(ByteBuffer())

    var buffer: ByteBuffer { written.withLock { $0 } }

    struct Writer: ResponseBodyWriter {
        let body: CollectedBody

        mutating func write(_ buffer: ByteBuffer) async throws {
            body.written.withLock { _ = $0.writeImmutableBuffer(buffer) }
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}
