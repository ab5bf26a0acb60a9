import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Serving

/// The handlers of a connection, without a socket and with a clock that is put forward by hand.
@Suite struct ConnectionTests {
    private static func request(_ version: HTTPVersion, _ headers: HTTPHeaders) -> HTTPServerRequestPart {
        .head(HTTPRequestHead(version: version, method: .GET, uri: "/", headers: headers))
    }

    /// What the answer to a request says of the connection, and whether it is closed afterwards.
    private func answer(to version: HTTPVersion, _ headers: HTTPHeaders) throws -> (word: String?, seen: String?, isClosed: Bool) {
        let channel = EmbeddedChannel(handler: PersistenceHandler(lingering: 10))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 80)).wait()
        try channel.writeInbound(Self.request(version, headers))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        guard case .head(let read)? = try channel.readInbound(as: HTTPServerRequestPart.self) else { return (nil, nil, true) }
        channel.write(HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .ok)), promise: nil)
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        guard case .head(let head)? = try channel.readOutbound(as: HTTPServerResponsePart.self) else { return (nil, nil, true) }
        channel.embeddedEventLoop.advanceTime(by: .seconds(11))
        return (head.headers.first(name: "Connection"), read.headers.first(name: "Connection"), !channel.isActive)
    }

    @Test(
        arguments: [
            ["Connection": "close"], ["Connection": "Close"], ["connection": "keep-alive, CLOSE"],
            ["Connection": "foo", "connection": "close"],
        ] as [HTTPHeaders])
    func closesWhereTheClientAsksForIt(_ headers: HTTPHeaders) throws {
        let (word, seen, isClosed) = try answer(to: .http1_1, headers)
        #expect(word == "close" && seen == "close" && isClosed)
    }

    @Test func keepsOneOfToday() throws {
        let (word, _, isClosed) = try answer(to: .http1_1, ["Connection": "keep-alive"])
        #expect(word == nil && !isClosed)
    }

    @Test func oldOnesCloseUnlessTheyAskOtherwise() throws {
        let first = try answer(to: .http1_0, [:])
        #expect(first.word == "close" && first.isClosed)
        let second = try answer(to: .http1_0, ["Connection": "Keep-Alive"])
        #expect(second.word == "keep-alive" && !second.isClosed)
    }

    @Test func anOldRequestNeedsNoHost() throws {
        let channel = EmbeddedChannel(handler: PersistenceHandler(lingering: 10))
        try channel.writeInbound(Self.request(.http1_0, [:]))
        guard case .head(let head)? = try channel.readInbound(as: HTTPServerRequestPart.self) else { throw ChannelError.inputClosed }
        #expect(head.headers["Host"] == ["localhost"])
    }

    @Test func whatFollowsTheLastRequestIsNotRead() throws {
        let channel = EmbeddedChannel(handler: PersistenceHandler(lingering: 10))
        for _ in 0..<2 {
            try channel.writeInbound(Self.request(.http1_1, ["Connection": "close"]))
            try channel.writeInbound(HTTPServerRequestPart.end(nil))
        }
        var heads = 0
        while let part = try channel.readInbound(as: HTTPServerRequestPart.self) { if case .head = part { heads += 1 } }
        #expect(heads == 1)
    }

    // MARK: Time limits

    private func parsing(_ handler: HeaderTimeoutHandler) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false, withErrorHandling: false)
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 80)).wait()
        return channel
    }

    @Test func aHeaderThatComesByteByByteHasAnEnd() throws {
        let channel = try parsing(HeaderTimeoutHandler(seconds: 10))
        for byte in "GET / HTTP".utf8 {
            #expect(channel.isActive)
            try channel.writeInbound(ByteBuffer(bytes: [byte]))
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        }
        #expect(!channel.isActive)
        let answer = try #require(try channel.readOutbound(as: ByteBuffer.self))
        #expect(String(buffer: answer).hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
    }

    @Test func wholeHeadersAreGivenTheirTimeEach() throws {
        let channel = try parsing(HeaderTimeoutHandler(seconds: 10))
        for _ in 0..<3 {
            try channel.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\nHost:"))
            channel.embeddedEventLoop.advanceTime(by: .seconds(9))
            try channel.writeInbound(ByteBuffer(string: " localhost\r\n\r\n"))
            channel.embeddedEventLoop.advanceTime(by: .seconds(30))
            #expect(channel.isActive)
        }
    }

    @Test func whoTakesNothingIsLetGo() throws {
        let (stalled, slow) = (EmbeddedChannel(), EmbeddedChannel())
        for channel in [stalled, slow] {
            try channel.pipeline.syncOperations.addHandler(WriteTimeoutHandler(seconds: 10))
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 80)).wait()
            // Unflushed, so not sent.
            channel.write(ByteBuffer(string: "first"), promise: nil)
        }
        slow.embeddedEventLoop.advanceTime(by: .seconds(9))
        slow.flush()
        slow.embeddedEventLoop.advanceTime(by: .seconds(60))
        stalled.embeddedEventLoop.advanceTime(by: .seconds(11))
        #expect(slow.isActive && !stalled.isActive)
    }
}
