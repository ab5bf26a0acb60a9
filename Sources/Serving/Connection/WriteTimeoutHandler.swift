internal import NIOCore

/// Closes a connection whose client takes nothing of an answer any more: the piece that was last written is still not sent.
///
/// NIO's own `IdleStateHandler` counts how long nothing was written, which is also true while a slow disk is read.
final class WriteTimeoutHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = Any

    private let limit: TimeAmount
    /// Pieces that are written and not sent.
    private var waiting = 0
    private var lastProgress = NIODeadline.uptimeNanoseconds(0)
    private var isWatching = false

    init(seconds: Int) { limit = .seconds(Int64(seconds)) }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if waiting == 0 { lastProgress = context.eventLoop.now }
        waiting += 1
        let sent = promise ?? context.eventLoop.makePromise()
        sent.futureResult.assumeIsolated().whenComplete { [self] _ in
            waiting -= 1
            lastProgress = context.eventLoop.now
        }
        context.write(data, promise: sent)
        if !isWatching { watch(context) }
    }

    /// Looks again when the limit can be over at the earliest, for as long as something waits.
    private func watch(_ context: ChannelHandlerContext) {
        isWatching = true
        context.eventLoop.assumeIsolated().scheduleTask(deadline: lastProgress + limit) { [self] in
            isWatching = false
            guard waiting > 0 else { return }
            if context.eventLoop.now >= lastProgress + limit { context.close(promise: nil) } else { watch(context) }
        }
    }
}
