internal import Hummingbird

/// A small answer that is held in memory: JSON, or a part of the page. Always revalidated (`no-cache`), by the content's own tag.
struct Document: Sendable {
    let bytes: [UInt8]
    let contentType: String
    let validators: Validators

    init(_ bytes: [UInt8], contentType: String) {
        self.bytes = bytes
        self.contentType = contentType
        validators = Validators(tag: Self.tag(bytes), modified: nil)
    }

    init(_ json: JSONValue) { self.init(Array(json.serialized.utf8), contentType: "application/json") }

    func response(to request: Request) -> Response {
        var headers: HTTPFields = [.cacheControl: "no-cache"]
        validators.write(to: &headers)
        if validators.areCurrent(for: request.headers) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = contentType
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// FNV-1a, 64 bits, and the length: tells states of one document apart, proves nothing to an attacker.
    private static func tag(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return "\"\(String(hash, radix: 16))-\(String(bytes.count, radix: 16))\""
    }
}
