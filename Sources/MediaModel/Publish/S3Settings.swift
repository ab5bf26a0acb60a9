/// Where and how packages are put into a bucket of Amazon S3, or of anything that speaks its protocol. Holds no secrets.
package struct S3Settings: Hashable, Sendable, Codable {
    /// How the bucket's name stands in an address.
    package enum Addressing: String, Hashable, Sendable, Codable {
        /// By host at Amazon unless the name has dots, which its certificate does not cover, or capitals or `_`, which no host has; by path
        /// at an endpoint of another.
        case automatic
        /// `https://bucket.host/key`
        case host
        /// `https://host/bucket/key`
        case path
    }

    /// What a server checks bodies against, beside the signature's own hash of them.
    package enum Checksum: String, Hashable, Sendable, Codable {
        case sha256
        /// `Content-MD5`, for servers that know no better.
        case md5
    }

    /// How the store is asked, once something was written, whether it holds what it was sent.
    package enum Confirmation: String, Hashable, Sendable, Codable {
        /// A `HEAD` of every object.
        case head
        /// One listing for all segments and pictures that the server has checked against their SHA-256 as it took them, and a `HEAD` of
        /// everything else: half as many requests, for stores that are slow or far.
        case list
    }

    package var bucket: String
    /// Before each title's folder; without slashes at its ends, empty for none.
    package var prefix: String
    /// `https://host[:port]`; nil: the environment's, the profile's, or Amazon's for the region.
    package var endpoint: String?
    /// nil: the environment's, the profile's, or `us-east-1`.
    package var region: String?
    /// The address that readers know the prefix by, such as a CDN's, without a slash at its end; nil: the bucket's own.
    package var baseURL: String?
    package var addressing: Addressing = .automatic
    /// `x-amz-storage-class`
    package var storageClass: String?
    /// `x-amz-acl`, such as `public-read`
    package var acl: String?
    /// `x-amz-server-side-encryption`: `AES256` or `aws:kms`
    package var serverSideEncryption: String?
    /// `x-amz-server-side-encryption-aws-kms-key-id`
    package var encryptionKey: String?
    /// `x-amz-tagging`
    package var tags: [String: String] = [:]
    /// Playlists and MPDs are sent gzip-encoded, with `Content-Encoding`.
    package var gzip = false
    package var checksum: Checksum = .sha256
    package var confirmation: Confirmation = .head
    /// `If-None-Match: *` on every write, so that two runs never overwrite each other. Off for servers that refuse it.
    package var conditionalWrites = true
    /// A file with trusted certificates (PEM); nil: the environment's, the profile's, or the system's.
    package var certificateBundle: String?
    /// In the shared credentials and config files; nil: the environment's, or `default`.
    package var profile: String?
    /// Requests in flight.
    package var concurrency = 16
    /// From this size on an object is sent in parts.
    package var multipartThreshold = FilePieces.threshold
    /// Bytes of a part, more when there would be too many.
    package var partBytes = FilePieces.usualBytes
    /// From this size on an object is copied inside the store in parts; S3 copies 5 GiB at most at once.
    package var copyThreshold: Int64 = 1 << 30

    /// Seconds for which a server may say nothing before a request is tried again.
    package var stallSeconds = 30

    package init(bucket: String, prefix: String = "") {
        self.bucket = bucket
        self.prefix = prefix
    }
}

extension S3Settings {
    /// `s3://bucket/prefix`; nil for anything else, or a bucket's name that none can have.
    package init?(url: String) {
        let scheme = "s3://"
        guard url.hasPrefix(scheme) else { return nil }
        let parts = url.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        guard let bucket = parts.first, Self.isBucketName(bucket) else { return nil }
        var folders = parts.dropFirst()
        if folders.last == "" { folders = folders.dropLast() }
        guard folders.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return nil }
        self.init(bucket: String(bucket), prefix: folders.joined(separator: "/"))
    }

    /// `s3://bucket/prefix`
    package var url: String { prefix.isEmpty ? "s3://\(bucket)" : "s3://\(bucket)/\(prefix)" }

    /// Whether an address may name this host and port, once it is decoded: `%0A` in one would be a line break.
    package static func isHost(_ host: String, port: Int?) -> Bool {
        let plain = { (character: Character) in character.isASCII && (character.isLetter || character.isNumber) }
        // An IPv6 address may name a network with '%'.
        let signs = host.contains(":") ? ".-_:[]%" : ".-_"
        return !host.isEmpty && host.allSatisfy { plain($0) || signs.contains($0) } && (1...65535).contains(port ?? 443)
    }

    /// S3 Express has another way of signing, no checksums of whole objects and no `Content-MD5`: nothing here would work there.
    package static func isExpress(_ bucket: some StringProtocol) -> Bool { bucket.hasSuffix("--x-s3") }

    /// Lower-case letters, digits, dots and hyphens, 3 to 63 of them, a letter or digit at each end; older buckets have `_` and capitals.
    package static func isBucketName(_ name: some StringProtocol) -> Bool {
        let plain = { (character: Character) in character.isASCII && (character.isLetter || character.isNumber) }
        guard (3...63).contains(name.count), let first = name.first, let last = name.last, plain(first), plain(last) else { return false }
        return name.allSatisfy { plain($0) || $0 == "." || $0 == "-" || $0 == "_" }
    }
}
