import Curl
package import MediaModel
package import S3
import Synchronization

/// Files on other machines: what they are, and how they come here. Any number of threads may use one at the same time.
package final class RemoteFiles: Sendable {
    private let settings: SourceSettings
    private let surroundings: Surroundings
    private let isStopped: @Sendable () -> Bool
    private let clients = Mutex(Clients())

    /// Opened when they are first needed.
    private struct Clients {
        var web: HTTPClient?
        var buckets: [String: S3Client] = [:]
    }

    /// - Parameters:
    ///   - surroundings: where credentials, and an endpoint, a region and certificates that the settings leave out, are looked for.
    ///   - isStopped: looked at several times a second; once it says true, everything ends with `TransferError.Code.cancelled`.
    package init(
        _ settings: SourceSettings, surroundings: Surroundings = .current, isStopped: @escaping @Sendable () -> Bool = { false }
    ) {
        self.settings = settings
        self.surroundings = surroundings
        self.isStopped = isStopped
    }

    /// What the file is now. Reads nothing of it.
    package func look(_ address: RemoteAddress) throws(TransferError) -> RemoteIdentity {
        var policy = RetryPolicy()
        policy.attempts = 5
        return try Fetch(reader: reader(address, policy), file: "", isStopped: isStopped).look()
    }

    /// Brings the file to `file`, whole or not at all; a fetch that was broken off is gone on with.
    /// - Parameter identity: what `look` said.
    /// - Returns: what it was when it came, and its SHA-256 in lower-case hex.
    package func fetch(
        _ address: RemoteAddress, _ identity: RemoteIdentity, to file: String
    ) throws(TransferError) -> (identity: RemoteIdentity, sha256: String) {
        try Fetch(reader: reader(address, RetryPolicy()), file: file, isStopped: isStopped).run(identity)
    }

    private func reader(_ address: RemoteAddress, _ policy: RetryPolicy) throws(TransferError) -> any RemoteReader {
        switch address {
        case .web(let url):
            return AddressReader(url: url, requests: PlainRequests(client: try web(), policy: policy, isStopped: isStopped))
        case .object(let bucket, let key): return ObjectReader(key: key, client: try client(bucket))
        }
    }

    private func web() throws(TransferError) -> HTTPClient {
        try clients.withLock { clients throws(TransferError) in
            if let web = clients.web { return web }
            var http = HTTPClient.Settings()
            http.certificateBundle = settings.certificateBundle
            do throws(CurlError) {
                let web = try HTTPClient(http)
                clients.web = web
                return web
            } catch {
                throw TransferError(.inputOutput, operation: "fetch", detail: "\(error)")
            }
        }
    }

    private func client(_ bucket: String) throws(TransferError) -> S3Client {
        try clients.withLock { clients throws(TransferError) in
            if let client = clients.buckets[bucket] { return client }
            let client = try S3Client(settings.bucket(bucket), surroundings, isStopped: isStopped)
            clients.buckets[bucket] = client
            return client
        }
    }
}
