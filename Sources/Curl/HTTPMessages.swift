package import Foundation

/// A header's name and value.
package struct HTTPField: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether it has this name, whatever the case of either. Names are ASCII (RFC 9110, 5.1), and are compared for every answer.
    func isNamed(_ other: String) -> Bool {
        name.utf8.count == other.utf8.count && zip(name.utf8, other.utf8).allSatisfy { Self.lowered($0) == Self.lowered($1) }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte }
}

/// What is asked of a server, and how long it may take.
package struct HTTPRequest: Sendable {
    /// What goes out after the headers.
    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// A stretch of a file, read while it is sent. The file may not change meanwhile.
        case file(path: String, offset: Int64, count: Int64)
    }

    /// Where the body of a 2xx answer goes. That of any other answer is held in memory, cut off at a limit.
    package enum Destination: Sendable {
        /// In the answer itself; an error when it has more bytes than this.
        case memory(limit: Int)
        /// Into a file, from `offset` on; made when it is not there. An error when it has more bytes than `limit`.
        case file(path: String, offset: Int64, limit: Int64 = .max)
    }

    /// What becomes of an answer that sends all of the body, which matters where only a part of it was asked for.
    package enum Whole: Sendable {
        /// It goes where the part would.
        case taken
        /// Given up at its first byte, as `CurlError.Code.notPartial`.
        case refused
        /// Given up at its first byte, and still an answer: its headers are all that is wanted.
        case headers
    }

    package var method: String
    /// Absolute, percent-encoded as it shall go out: nothing in it is normalised.
    package var url: String
    /// Without `Host` and `Content-Length`, which follow from the address and the body.
    package var headers: [HTTPField]
    package var body: Body
    package var destination: Destination
    package var patience: Patience
    /// A body with `Content-Encoding: gzip` is decoded on its way in.
    package var isDecoding = false
    /// The part that is asked for, which a header says too: an answer with another one, or without a word on which it is, is given up at
    /// its first byte, as `CurlError.Code.notPartial`.
    package var part: Range<Int64>?
    /// What becomes of an answer with status 200.
    package var whole = Whole.taken
    /// Shown the body's bytes as they are read to be sent, with where in the body they begin; from 0 again when it is sent anew. Called on
    /// the client's thread; the bytes are only lent.
    package var onSend: (@Sendable (Data, Int64) -> Void)?

    package init(
        _ method: String, _ url: String, headers: [HTTPField] = [], body: Body = .none,
        destination: Destination = .memory(limit: 16 << 20), patience: Patience = Patience()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.destination = destination
        self.patience = patience
    }

    /// For errors: method, host and path.
    var name: String { "\(method) \(url.prefix { $0 != "?" && $0 != "#" })" }

    /// Whether each header goes out as the one header that it is (RFC 9110, 5.5), and the address whole.
    var isWellFormed: Bool {
        func isOneLine(_ text: String) -> Bool { !text.utf8.contains { $0 == 0x0A || $0 == 0x0D || $0 == 0 } }
        return isOneLine(method) && isOneLine(url) && headers.allSatisfy { isOneLine($0.name) && isOneLine($0.value) }
    }
}

/// How long a request may take before it is given up as timed out.
package struct Patience: Hashable, Sendable {
    /// Milliseconds until a connection stands, TLS included.
    package var connecting: Int = 10_000
    /// Seconds for which fewer than `slowest` bytes per second may flow. It also bounds how long a server may think.
    package var stalling: Int = 30
    /// Bytes per second.
    package var slowest: Int = 1024
    /// Milliseconds for all of it; 0: no bound.
    package var whole: Int = 0

    package init() {}
}

/// What a server answered.
package struct HTTPResponse: Sendable {
    package var status: Int
    /// In the order that they came, of the final answer alone.
    package var headers: [HTTPField]
    /// Empty when the body went into a file.
    package var body: [UInt8]
    /// Bytes of the body, wherever it went.
    package var bodyBytes: Int64

    package init(status: Int, headers: [HTTPField] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
        bodyBytes = Int64(body.count)
    }

    /// The first header of this name, whatever its case.
    package subscript(_ name: String) -> String? {
        headers.first { $0.isNamed(name) }?.value
    }
}
