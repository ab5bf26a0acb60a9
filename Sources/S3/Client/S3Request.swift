package import Curl
import Foundation

/// One call of the protocol, not yet signed.
package struct S3Request: Sendable {
    /// In the protocol's words, for errors: `PutObject`.
    package var operation: String
    package var method: String
    /// Within the bucket; empty for the bucket itself.
    package var key: String
    /// Not encoded.
    package var query: [(name: String, value: String)] = []
    package var headers: [HTTPField] = []
    package var body: HTTPRequest.Body = .none
    /// SHA-256 of the body, lower-case hex.
    var payloadHash = Digest.emptySHA256
    package var destination: HTTPRequest.Destination = .memory(limit: 16 << 20)
    /// Whether the server may think long over it: copies, deletions, putting parts together.
    var takesLong = false
    package var isDecoding = false
    package var part: Range<Int64>?
    package var whole = HTTPRequest.Whole.taken
    /// Shown the body's bytes as they go out.
    var onSend: (@Sendable (Data, Int64) -> Void)?

    package init(_ operation: String, _ method: String, _ key: String = "", query: [(name: String, value: String)] = []) {
        self.operation = operation
        self.method = method
        self.key = key
        self.query = query
    }

    /// The same with a body in memory.
    package func sending(_ bytes: [UInt8]) -> S3Request {
        var request = self
        request.body = .bytes(bytes)
        request.payloadHash = Digest.hexSHA256(bytes)
        return request
    }
}

/// What came of a call that was tried as often as it made sense.
package enum S3Answer<Value> {
    case done(Value)
    /// The server said no, and would again.
    case refused(S3Fault)
}
