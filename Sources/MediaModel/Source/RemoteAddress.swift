/// Where a file lies that is not on this machine: `https://host/film.mov` or `s3://bucket/key`.
package enum RemoteAddress: Hashable, Sendable {
    /// Absolute, percent-encoded, as it goes out; its query may hold a signature that is nobody's business.
    case web(String)
    /// The key is not encoded.
    case object(bucket: String, key: String)

    /// nil: a path, or an address that is not well formed (`fault` says why).
    package init?(_ text: String) {
        guard Self.isRemote(text), Self.fault(in: text) == nil else { return nil }
        if let (bucket, key) = Self.object(text) {
            self = .object(bucket: bucket, key: key)
        } else {
            self = .web(text)
        }
    }

    /// Whether it is meant as an address, right or wrong.
    package static func isRemote(_ text: String) -> Bool {
        let start = text.prefix(8).lowercased()
        return ["https://", "http://", "s3://"].contains { start.hasPrefix($0) }
    }

    /// What is wrong with an address. The text itself is not repeated: it may hold a password.
    package static func fault(in text: String) -> String? {
        if ShownAddress.holdsName(text) { return "must not hold a name and password" }
        if text.lowercased().hasPrefix("s3://") {
            guard let (bucket, _) = object(text) else { return "names no object; write s3://bucket/key" }
            return S3Settings.isExpress(bucket) ? "names a bucket of S3 Express, which cannot be read from" : nil
        }
        guard let scheme = ["https://", "http://"].first(where: { text.hasPrefix($0) }) else {
            return "must begin with https:// or s3:// in small letters"
        }
        let rest = text.dropFirst(scheme.count).prefix { $0 != "?" }
        let host = rest.prefix { $0 != "/" }
        if host.isEmpty || host == rest || rest.hasSuffix("/") { return "names no file; write https://host/path/film.mov" }
        let isPlain = text.unicodeScalars.allSatisfy { (0x21...0x7E).contains($0.value) && !"\"<>\\^`{|}#".unicodeScalars.contains($0) }
        return isPlain ? nil : "must be percent-encoded: no spaces, no letters beyond ASCII, no fragment"
    }

    private static func object(_ text: String) -> (bucket: String, key: String)? {
        guard text.hasPrefix("s3://"), case let rest = text.dropFirst(5), let slash = rest.firstIndex(of: "/") else { return nil }
        let key = rest[rest.index(after: slash)...]
        guard S3Settings.isBucketName(rest[..<slash]), !key.isEmpty, !key.hasSuffix("/") else { return nil }
        return (String(rest[..<slash]), String(key))
    }

    /// What two addresses of the same file have in common: all of it but a signature, which is another one every night.
    package var text: String {
        switch self {
        case .object(let bucket, let key): "s3://\(bucket)/\(key)"
        case .web(let url):
            switch url.firstIndex(of: "?") {
            case nil: url
            case let mark?: Self.unsigned(url[..<mark], url[url.index(after: mark)...])
            }
        }
    }

    private static func unsigned(_ path: Substring, _ query: Substring) -> String {
        func name(_ field: Substring) -> String { field.prefix { $0 != "=" }.lowercased() }
        let fields = query.split(separator: "&", omittingEmptySubsequences: false)
        // Without a signature the other words may well say which file is meant.
        guard fields.contains(where: { ["signature", "x-amz-signature", "x-goog-signature"].contains(name($0)) }) else {
            return "\(path)?\(query)"
        }
        let left = fields.filter { field in
            let name = name(field)
            return !signatures.contains(name) && !["x-amz-", "x-goog-"].contains { name.hasPrefix($0) }
        }
        return left.isEmpty ? String(path) : "\(path)?\(left.joined(separator: "&"))"
    }

    /// Of Amazon's older signatures, and those of CloudFront and Google.
    private static let signatures: Set<String> = ["signature", "expires", "awsaccesskeyid", "googleaccessid", "policy", "key-pair-id"]

    package static func == (one: RemoteAddress, other: RemoteAddress) -> Bool { one.text == other.text }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// For people: without a query.
    package var shown: String {
        switch self {
        case .web(let url): String(url.prefix { $0 != "?" })
        case .object: text
        }
    }

    /// A source as people know it: a path, or an address, however wrong, without its query, name and password.
    package static func shown(_ source: String) -> String { ShownAddress.of(source) }

    /// The file's own name.
    package var name: String { String(shown.split(separator: "/").last ?? "") }
}

/// How sources in buckets, and on servers with certificates of their own, are read. Holds no secrets.
package struct SourceSettings: Hashable, Sendable, Codable {
    /// Of `s3://` sources: `https://host[:port]`; nil: the environment's, the profile's, or Amazon's for the region.
    package var endpoint: String?
    /// nil: the environment's, the profile's, or `us-east-1`.
    package var region: String?
    package var addressing: S3Settings.Addressing = .automatic
    /// In the shared credentials and config files; nil: the environment's, or `default`.
    package var profile: String?
    /// A file with trusted certificates (PEM), for `https://` too; nil: for `s3://` the environment's or the profile's, else the system's.
    package var certificateBundle: String?

    package init() {}

    /// What a client of a bucket needs.
    package func bucket(_ name: String) -> S3Settings {
        var settings = S3Settings(bucket: name)
        settings.endpoint = endpoint
        settings.region = region
        settings.addressing = addressing
        settings.profile = profile
        settings.certificateBundle = certificateBundle
        return settings
    }
}
