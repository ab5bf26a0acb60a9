import Curl
import Foundation

/// One call of the protocol, not yet signed.
struct S3Request: Sendable {
    /// In the protocol's words, for errors: `PutObject`.
    var operation: String
    var method: String
    /// Within the bucket; empty for the bucket itself.
    var key: String
    /// Not encoded.
    var query: [(name: String, value: String)] = []
    var headers: [HTTPField] = []
    var body: HTTPRequest.Body = .none
    /// SHA-256 of the body, lower-case hex.
    var payloadHash = Digest.emptySHA256
    var destination: HTTPRequest.Destination = .memory(limit: 16 << 20)
    /// Whether the server may think long over it: copies, deletions, putting parts together.
    var takesLong = false
    var isDecoding = false
    var part: Range<Int64>?
    var whole = HTTPRequest.Whole.taken
    /// Shown the body's bytes as they go out.
    var onSend: (@Sendable (Data, Int64) -> Void)?

    init(_ operation: String, _ method: String, _ key: String = "", query: [(name: String, value: String)] = []) {
        self.operation = operation
        self.method = method
        self.key = key
        self.query = query
    }

    /// The same with a body in memory.
    func sending(_ bytes: [UInt8]) -> S3Request {
        var request = self
        request.body = .bytes(bytes)
        request.payloadHash = Digest.hexSHA256(bytes)
        return request
    }
}

/// What came of a call that was tried as often as it made sense.
enum S3Answer<Value> {
    case done(Value)
    /// The server said no, and would again.
    case refused(S3Fault)
}
