import CCurl
import Glibc

/// One request in flight, from its first byte to its answer. Belongs to the client's thread.
final class Transfer {
    let request: HTTPRequest
    let completion: @Sendable (HTTPClient.Answer) -> Void
    let handle: EasyHandle
    private let source: BodySource
    private let sink: BodySink
    private var head = ResponseHead()

    /// Prepares `handle`; the transfer must live as long as the handle is in use.
    init(_ posted: Mailbox.Posted, on handle: EasyHandle, _ settings: HTTPClient.Settings) throws(CurlError) {
        request = posted.request
        completion = posted.completion
        self.handle = handle
        guard request.isWellFormed else {
            throw CurlError(.malformed, operation: request.name, detail: "its address or one of its headers has a line break")
        }
        source = try BodySource(request)
        sink = BodySink(request)
        try prepare(settings)
    }

    /// What to tell the caller once libcurl is done with the request.
    func answer(_ code: CURLcode) -> HTTPClient.Answer {
        if let error = source.failure ?? sink.failure { return .failure(error) }
        // Whoever sends error pages without end, or more than was asked for, has answered all the same.
        guard code == CURLE_OK || (code == CURLE_WRITE_ERROR && sink.hasEnough) else {
            return .failure(CurlError(CurlError.Code(code), words: handle.failureWords(code), operation: request.name))
        }
        guard head.isWhole else {
            return .failure(CurlError(.cutShort, operation: request.name, detail: "the connection was closed inside the answer's headers"))
        }
        var response = HTTPResponse(status: head.status, headers: head.fields, body: sink.bytes)
        response.bodyBytes = sink.count
        return .success(response)
    }

    private func prepare(_ settings: HTTPClient.Settings) throws(CurlError) {
        try handle.setFailureWords()
        try handle.setWebOnly()
        try handle.setPrivateSockets()
        try handle.set(CURLOPT_URL, request.url)
        // What was signed must be what goes out: `..` may be a part of a key.
        try handle.set(CURLOPT_PATH_AS_IS, 1)
        try handle.set(CURLOPT_NOSIGNAL, 1)
        try handle.set(CURLOPT_NOPROGRESS, 1)
        try handle.set(CURLOPT_FOLLOWLOCATION, 0)
        // A proxy's head is not the server's.
        try handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // One connection for each request in flight: many streams in one connection share its one window.
        try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try handle.set(CURLOPT_TCP_KEEPALIVE, 1)
        try handle.set(CURLOPT_SSL_VERIFYPEER, 1)
        try handle.set(CURLOPT_SSL_VERIFYHOST, 2)
        if let bundle = settings.certificateBundle {
            try handle.set(CURLOPT_CAINFO, bundle)
            try handle.forgetAuthorities()
        }
        if !settings.usesProxies { try handle.set(CURLOPT_NOPROXY, "*") }
        if request.isDecoding { try handle.set(CURLOPT_ACCEPT_ENCODING, "gzip") }
        try setPatience(request.patience)
        try setMessage()
        let opaque = Unmanaged.passUnretained(self).toOpaque()
        try handle.setCallback(CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA, opaque) { bytes, size, count, opaque in
            Transfer.of(opaque).receiveHeader(bytes, size * count)
        }
        try handle.setCallback(CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA, opaque) { bytes, size, count, opaque in
            Transfer.of(opaque).receiveBody(bytes, size * count)
        }
        try handle.setCallback(CURLOPT_READFUNCTION, CURLOPT_READDATA, opaque) { bytes, size, count, opaque in
            Transfer.of(opaque).provideBody(bytes, size * count)
        }
        try handle.setSeekCallback(opaque) { opaque, offset, origin in
            guard let opaque, origin == SEEK_SET else { return CURL_SEEKFUNC_CANTSEEK }
            Transfer.of(opaque).source.seek(to: Int64(offset))
            return CURL_SEEKFUNC_OK
        }
    }

    private func setPatience(_ patience: Patience) throws(CurlError) {
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, patience.connecting)
        try handle.set(CURLOPT_LOW_SPEED_TIME, patience.stalling)
        try handle.set(CURLOPT_LOW_SPEED_LIMIT, patience.slowest)
        try handle.set(CURLOPT_TIMEOUT_MS, patience.whole)
    }

    private func setMessage() throws(CurlError) {
        if let count = source.count {
            try handle.set(CURLOPT_UPLOAD, 1)
            try handle.setSize(CURLOPT_INFILESIZE_LARGE, count)
            try handle.set(CURLOPT_UPLOAD_BUFFERSIZE, 256 << 10)
        } else if request.method == "HEAD" {
            try handle.set(CURLOPT_NOBODY, 1)
        }
        try handle.set(CURLOPT_CUSTOMREQUEST, request.method)
        // Without these two lines libcurl would wait a second for servers that do not know the expectation, and name a type of its own.
        var lines = ["Expect:"]
        lines += request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        try handle.set(headers: lines)
    }

    private static func of(_ opaque: UnsafeMutableRawPointer?) -> Transfer {
        guard let opaque else { preconditionFailure("libcurl lost the transfer") }
        return Unmanaged<Transfer>.fromOpaque(opaque).takeUnretainedValue()
    }

    private func receiveHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        head.append(UnsafeRawBufferPointer(start: bytes, count: count))
        return count
    }

    /// Any number but `count` makes libcurl stop.
    private func receiveBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        if head.status == 200, request.whole != .taken {
            if request.whole == .refused { sink.refuseWhole() } else { sink.leaveWhole() }
            return -1
        }
        if head.status == 206, let part = request.part,
            head["content-range"]?.hasPrefix("bytes \(part.lowerBound)-\(part.upperBound - 1)/") != true
        {
            sink.refusePart()
            return -1
        }
        let piece = UnsafeRawBufferPointer(start: bytes, count: count)
        return sink.write(piece, isWanted: (200..<300).contains(head.status)) ? count : -1
    }

    private func provideBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        source.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: count)) ?? reelmill_read_abort()
    }
}
