import Foundation
import MediaModel

/// Where a bucket's requests go.
struct BucketAddress: Hashable {
    /// `https` or `http`.
    let scheme: String
    /// With the port, when it is not the scheme's own: what the `Host` header says.
    let host: String
    /// What stands before a key: `/bucket`, or nothing when the host names the bucket.
    let path: String

    init(_ settings: S3Settings, region: String) throws(TransferError) {
        let bucket = settings.bucket
        let origin: String
        if let endpoint = settings.endpoint {
            (scheme, origin) = try Self.split(endpoint)
        } else {
            (scheme, origin) = ("https", "s3.\(region).\(AmazonPartition.dnsSuffix(region: region))")
        }
        let isByHost =
            switch settings.addressing {
            case .host: true
            case .path: false
            case .automatic: settings.endpoint == nil && Self.isHostName(bucket)
            }
        host = isByHost ? "\(bucket).\(origin)" : origin
        path = isByHost ? "" : "/\(bucket)"
    }

    /// Whether a host may be called so, and a certificate for all names of one level covers it. Hosts know no capitals, and old buckets do.
    private static func isHostName(_ bucket: String) -> Bool {
        let isPlain = bucket.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        return isPlain && !bucket.hasPrefix("-") && !bucket.hasSuffix("-")
    }

    /// The settings' region where it is one of Amazon's: a server of another's may call its own as it likes.
    static func amazonRegion(_ settings: S3Settings) -> String? {
        guard let region = settings.region, let endpoint = settings.endpoint else { return settings.region }
        return URLComponents(string: endpoint)?.host?.hasSuffix(".\(AmazonPartition.dnsSuffix(region: region))") == true ? region : nil
    }

    /// The same bucket at a host that a redirect names, which may name the bucket too.
    func moved(to newHost: String, bucket: String) -> BucketAddress {
        guard newHost.hasPrefix(bucket + ".") else { return BucketAddress(scheme: scheme, host: newHost, path: "/\(bucket)") }
        // A certificate does not cover a name with dots.
        guard scheme == "https", bucket.contains(".") else { return BucketAddress(scheme: scheme, host: newHost, path: "") }
        return BucketAddress(scheme: scheme, host: String(newHost.dropFirst(bucket.count + 1)), path: "/\(bucket)")
    }

    /// Whether a bucket with these settings that lies in `region` is found here.
    func isReached(_ settings: S3Settings, region: String) -> Bool { (try? BucketAddress(settings, region: region)) == self }

    private init(scheme: String, host: String, path: String) {
        self.scheme = scheme
        self.host = host
        self.path = path
    }

    /// The path of a request, encoded; the bucket's own for an empty key.
    func target(_ key: String) -> String {
        key.isEmpty ? (path.isEmpty ? "/" : path) : "\(path)/\(URIEncoding.encodePath(key))"
    }

    /// The address of an object, as a reader without a signature would write it.
    func url(_ key: String) -> String { "\(scheme)://\(host)\(key.isEmpty ? path : target(key))" }

    private static func split(_ endpoint: String) throws(TransferError) -> (String, String) {
        // What stands before an '@' may be a password.
        let shown = endpoint.contains("@") ? "an address with a name in it" : "'\(endpoint)'"
        let fault = TransferError(
            .invalidSettings, operation: "read the endpoint", detail: "\(shown) is no 'https://host' or 'http://host:port'")
        guard let parts = URLComponents(string: endpoint), let scheme = parts.scheme, ["http", "https"].contains(scheme),
            let host = parts.host, S3Settings.isHost(host, port: parts.port), ["", "/"].contains(parts.path), parts.user == nil,
            parts.query == nil
        else { throw fault }
        let usual = scheme == "https" ? 443 : 80
        guard let port = parts.port, port != usual else { return (scheme, host) }
        return (scheme, "\(host):\(port)")
    }
}
