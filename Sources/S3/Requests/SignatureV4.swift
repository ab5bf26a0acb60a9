import Crypto
import Curl
import Foundation
import Notation

/// Signature version 4 of requests, in their headers ("AWS Signature Version 4 for API requests"). Pure: the same in, the same out.
///
/// One signs all requests of one second: what does not depend on the request is computed once.
struct SignatureV4 {
    private let credentials: S3Credentials
    private let region: String
    private let time: Date
    /// `20150830T123600Z`
    private let timestamp: String
    /// `20150830/us-east-1/s3/aws4_request`
    private let scope: String
    private let key: SymmetricKey

    init(credentials: S3Credentials, region: String, service: String = "s3", time: Date) {
        self.credentials = credentials
        self.region = region
        self.time = time
        timestamp = AmazonTime.timestamp(time)
        let parts = [String(timestamp.prefix(8)), region, service, "aws4_request"]
        scope = parts.joined(separator: "/")
        key = parts.reduce(SymmetricKey(data: Array("AWS4\(credentials.secretKey)".utf8))) { key, part in
            SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
    }

    /// Whether it would be the same, made of these and the same service.
    func serves(_ credentials: S3Credentials, region: String, time: Date) -> Bool {
        Int(time.timeIntervalSince1970) == Int(self.time.timeIntervalSince1970) && region == self.region && credentials == self.credentials
    }

    static let algorithm = "AWS4-HMAC-SHA256"
    /// A header of the request, for services that want to see the hash of the body.
    static let payloadHeader = "x-amz-content-sha256"

    /// The headers that a signed request needs beside those it has: the time, the token, the signature.
    /// - Parameters:
    ///   - path: encoded as it goes out.
    ///   - query: names and values, not encoded.
    ///   - headers: all that shall be signed, `host` among them.
    ///   - payloadHash: SHA-256 of the body, lower-case hex.
    func headers(
        method: String, path: String, query: [(name: String, value: String)], headers: [HTTPField], payloadHash: String
    ) -> [HTTPField] {
        var added = [HTTPField("x-amz-date", timestamp)]
        if let token = credentials.sessionToken { added.append(HTTPField("x-amz-security-token", token)) }
        let signed = CanonicalHeaders(headers + added)
        let request = [method, path, Self.canonical(query), signed.lines, signed.names, payloadHash].joined(separator: "\n")
        let text = [Self.algorithm, timestamp, scope, Digest.hexSHA256(Array(request.utf8))].joined(separator: "\n")
        let signature = Hex.encode(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
        let value = "\(Self.algorithm) Credential=\(credentials.accessKey)/\(scope), SignedHeaders=\(signed.names), Signature=\(signature)"
        return added + [HTTPField("authorization", value)]
    }

    /// Encoded and in the order that the signature wants; the address carries it in the same form.
    static func canonical(_ query: [(name: String, value: String)]) -> String {
        let encoded = query.map { (URIEncoding.encode($0.name), URIEncoding.encode($0.value)) }
        return encoded.sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }
}

/// Headers as they are signed: lower-case names in order, values without spare blanks.
private struct CanonicalHeaders {
    let lines: String
    let names: String

    init(_ headers: [HTTPField]) {
        var values: [String: [String]] = [:]
        for header in headers {
            values[header.name.lowercased(), default: []].append(Self.trimmed(header.value))
        }
        let sorted = values.sorted { $0.key < $1.key }
        // Every line ends with a line feed, so that a blank one follows the last.
        lines = sorted.map { "\($0.key):\($0.value.joined(separator: ","))\n" }.joined()
        names = sorted.map(\.key).joined(separator: ";")
    }

    private static func trimmed(_ value: String) -> String {
        // Most values have no blank at all, and Characters cost more than bytes.
        guard value.utf8.contains(where: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) else { return value }
        return value.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
    }
}
