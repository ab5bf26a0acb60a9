internal import NIOCore
internal import NIOHTTP1

/// Closes a connection on which a request has begun and its header does not come to an end, with 408 (RFC 9110, 15.5.9). Bytes that come
/// one by one do not put the end off.
///
/// A parser hands on whole parts alone: that a read is over and there was no part in it means that there was a piece of one.
final class HeaderTimeoutHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let seconds: Int
    private var deadline: Scheduled<Void>?
    /// Between the header and the end of a request.
    private var isInBody = false
    private var readHadPart = false

    init(seconds: Int) { self.seconds = seconds }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        readHadPart = true
        switch unwrapInboundIn(data) {
        case .head:
            isInBody = true
            cancel()
        case .body: break
        case .end: isInBody = false
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !readHadPart, !isInBody, deadline == nil { start(context) }
        readHadPart = false
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancel() }

    private func start(_ context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(Int64(seconds))) { [self] in
            let headers: HTTPHeaders = ["Connection": "close", "Content-Length": "0"]
            let head = HTTPResponseHead(version: .http1_1, status: .requestTimeout, headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            context.close(promise: nil)
        }
    }

    private func cancel() {
        deadline?.cancel()
        deadline = nil
    }
}
