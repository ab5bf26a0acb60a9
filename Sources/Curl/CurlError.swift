import CCurl

/// A request that got no whole answer.
///
/// It names the method, the host and the path, never a query or a header: those may hold secrets.
package struct CurlError: Error, Sendable, Equatable {
    /// What kind of failure it is. Open: libcurl's own numbers, and those of this room, which are negative.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: Int32

        package init(rawValue: Int32) { self.rawValue = rawValue }

        init(_ code: CURLcode) { rawValue = Int32(bitPattern: code.rawValue) }

        package static let unresolvable = Code(CURLE_COULDNT_RESOLVE_HOST)
        static let unresolvableProxy = Code(CURLE_COULDNT_RESOLVE_PROXY)
        static let proxyFailed = Code(CURLE_PROXY)
        package static let unconnectable = Code(CURLE_COULDNT_CONNECT)
        /// It took longer than it may, or went slower.
        package static let timedOut = Code(CURLE_OPERATION_TIMEDOUT)
        /// The connection was closed before the first byte of an answer.
        package static let noAnswer = Code(CURLE_GOT_NOTHING)
        /// The connection was closed in the middle of the answer.
        package static let cutShort = Code(CURLE_PARTIAL_FILE)
        package static let sendFailed = Code(CURLE_SEND_ERROR)
        package static let receiveFailed = Code(CURLE_RECV_ERROR)
        package static let tlsFailed = Code(CURLE_SSL_CONNECT_ERROR)
        /// The server's certificate is not to be trusted.
        package static let untrusted = Code(CURLE_PEER_FAILED_VERIFICATION)
        /// The file with trusted certificates cannot be read.
        package static let badBundle = Code(CURLE_SSL_CACERT_BADFILE)

        /// Somebody called `cancel` or `stop`.
        package static let cancelled = Code(rawValue: -1)
        /// The body's file cannot be read, or is shorter than was said.
        package static let unreadable = Code(rawValue: -2)
        /// The answer's file cannot be written.
        package static let unwritable = Code(rawValue: -3)
        /// The answer's file does not fit on its disk, or into somebody's share of it.
        package static let diskFull = Code(rawValue: -6)
        /// The answer's body is larger than was allowed.
        package static let tooLarge = Code(rawValue: -4)
        /// All of the body came, or another part, where a part of it was asked for.
        package static let notPartial = Code(rawValue: -5)
        /// What the environment names as a proxy is no address.
        package static let badProxy = Code(rawValue: -7)
        /// A line break, or a zero, in what goes out as one line.
        package static let malformed = Code(rawValue: -8)
    }

    package let code: Code
    /// What was being done, and to what: `PUT https://host/path`.
    package let operation: String
    /// libcurl's words, or our own.
    package let detail: String

    package init(_ code: Code, operation: String, detail: String) {
        self.code = code
        self.operation = operation
        self.detail = detail
    }

    /// A failure in libcurl's words, but for those that may repeat what the environment says of a proxy: its name and password.
    /// - Parameter words: as libcurl wrote them.
    init(_ code: Code, words: String, operation: String) {
        switch code {
        case _ where words.hasPrefix("Unsupported proxy"):
            // Asked again it would be as wrong.
            self.init(
                .badProxy, operation: operation,
                detail: "what the environment names as a proxy is no address such as http://host:port; in its name and password, "
                    + "characters such as '/', '#' and '@' must be percent-encoded")
        case .unresolvableProxy, .proxyFailed: self.init(code, operation: operation, detail: Self.words(code))
        default: self.init(code, operation: operation, detail: Self.mayNameAProxy(words) ? Self.words(code) : words)
        }
    }

    private static func mayNameAProxy(_ words: String) -> Bool {
        words.lowercased().contains("proxy") && (words.contains("@") || words.contains("://"))
    }

    /// What kind of failure it is, in words that name neither a host nor a path: for requests whose very address is a secret.
    package var kind: String { code.rawValue < 0 ? "the answer cannot be had" : Self.words(code) }

    /// Whether the same request may well succeed a moment later: the network's affair, not the request's.
    package var isTransient: Bool { Self.transient.contains(code) }

    private static let transient: Set<Code> = [
        .unresolvable, .unconnectable, .timedOut, .noAnswer, .cutShort, .sendFailed, .receiveFailed, .tlsFailed,
        .unresolvableProxy, Code(CURLE_WEIRD_SERVER_REPLY), Code(CURLE_HTTP2), Code(CURLE_HTTP2_STREAM),
        Code(CURLE_SEND_FAIL_REWIND), Code(CURLE_UPLOAD_FAILED), Code(CURLE_AGAIN), Code(CURLE_BAD_CONTENT_ENCODING),
    ]

    private static func words(_ code: Code) -> String { words(CURLcode(UInt32(bitPattern: code.rawValue))) }

    static func words(_ code: CURLcode) -> String {
        guard let text = curl_easy_strerror(code) else { return "error \(code.rawValue)" }
        return String(cString: text)
    }
}

extension CurlError: CustomStringConvertible {
    package var description: String { "cannot \(operation): \(detail)" }
}
