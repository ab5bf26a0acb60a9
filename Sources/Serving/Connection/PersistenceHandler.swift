internal import NIOCore
internal import NIOHTTP1

/// Decides after which answer a connection ends (RFC 9112, 9.3), and tells the client. Hummingbird's own loop knows `Connection: close` in
/// this spelling alone, so it is told in this one.
///
/// Answers come in the order of their requests, but a client may send further requests before the first is answered.
final class PersistenceHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What the answer to a request says of the connection; nil: nothing, and it stays open.
    private enum Word: String {
        case close
        /// HTTP/1.0 closes where this is not said.
        case keepAlive = "keep-alive"
    }

    /// Of the requests that are not answered yet, the oldest first.
    private var words: [Word?] = []
    /// The request that is being read is the last.
    private var isReadingLast = false
    /// The last request has been read: whatever follows is not looked at.
    private var hasReadLast = false
    /// How long a client may take to close its side after the last answer, in seconds.
    private let lingering: Int

    init(lingering: Int) { self.lingering = lingering }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasReadLast else { return }
        guard case .head(var head) = unwrapInboundIn(data) else {
            if case .end = unwrapInboundIn(data) { hasReadLast = isReadingLast }
            context.fireChannelRead(data)
            return
        }
        let isOld = (head.version.major, head.version.minor) < (1, 1)
        let closes = !head.isKeepAlive || head.headers["host"].count > 1
        words.append(closes ? .close : isOld ? .keepAlive : nil)
        isReadingLast = closes
        head.headers.replaceOrAdd(name: "Connection", value: closes ? "close" : "keep-alive")
        // HTTP/1.0 names no host; then it is the server's own (RFC 9112, 3.3).
        if isOld, !head.headers.contains(name: "Host") { head.headers.add(name: "Host", value: "localhost") }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// An answer to no request is one to what the parser could not read: the last, too.
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.code >= 200:
            if let word = words.first ?? .close { head.headers.replaceOrAdd(name: "Connection", value: word.rawValue) }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .head, .body:
            context.write(data, promise: promise)
        case .end:
            let isLast = words.isEmpty || words.removeFirst() == .close
            context.writeAndFlush(data, promise: promise)
            if isLast { linger(context) }
        }
    }

    /// Closed at once, what the client may still be sending would be answered with a reset, which can overtake the answer (RFC 9112, 9.6).
    private func linger(_ context: ChannelHandlerContext) {
        context.close(mode: .output, promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(Int64(lingering))) { context.close(promise: nil) }
    }
}
