import Curl
import FileSystem
import MediaModel
import S3

/// Brings a published package's files to where their bytes can be looked at.
protocol PackageReader: Sendable {
    /// For messages.
    var address: String { get }
    /// - Parameters:
    ///   - path: within the package.
    ///   - limit: bytes that it may have; a wrong server shall not fill the disk.
    ///   - file: where it may be put.
    /// - Returns: where it is now; nil: there is no such file.
    /// - Throws: `TransferError.Code.tooLarge` when more than `limit` bytes would have to be brought.
    func read(_ path: String, limit: Int64, into file: String) throws(TransferError) -> FileRange?
    /// Ends what is under way.
    func stop()
}

struct FolderReader: PackageReader {
    var folder: String
    var address: String { folder }

    func read(_ path: String, limit: Int64, into file: String) throws(TransferError) -> FileRange? {
        let path = "\(folder)/\(path)"
        guard let status = try FileStatus(at: path), status.kind == .file else { return nil }
        return FileRange(path, offset: 0, bytes: status.bytes)
    }

    func stop() {}
}

struct BucketReader: PackageReader {
    var client: S3Client
    var prefix: String
    var address: String { client.settings.url }

    func read(_ path: String, limit: Int64, into file: String) throws(TransferError) -> FileRange? {
        let key = prefix.isEmpty ? path : "\(prefix)/\(path)"
        return try client.download(key, limit: limit, to: file).map { FileRange(file, offset: 0, bytes: $0) }
    }

    func stop() { client.stop() }
}

struct WebReader: PackageReader {
    /// Without the name and password that may stand in it.
    let address: String
    /// What requests go to; nobody else's business either.
    private let base: String
    /// Goes with every file, as a signature for a whole folder does; nobody else's business.
    private let query: Substring
    private let requests: PlainRequests

    init(url: String, certificateBundle: String?, isStopped: @escaping @Sendable () -> Bool) throws(TransferError) {
        let path = url.prefix { $0 != "?" }
        let base = String(path.hasSuffix("/") ? path.dropLast() : path)
        let shown = ShownAddress.of(base)
        (self.base, address) = (base, shown)
        query = url[path.endIndex...]
        var settings = HTTPClient.Settings()
        settings.certificateBundle = certificateBundle
        do throws(CurlError) {
            requests = PlainRequests(
                client: try HTTPClient(settings), isStopped: isStopped, words: { "\($0)".replacing(base, with: shown) })
        } catch {
            throw TransferError(.unreachable, operation: "verify", detail: "\(error)")
        }
    }

    func read(_ path: String, limit: Int64, into file: String) throws(TransferError) -> FileRange? {
        let name = URIEncoding.encodePath(path)
        var request = HTTPRequest("GET", "\(base)/\(name)\(query)", destination: .file(path: file, offset: 0, limit: limit))
        request.isDecoding = true
        let answer = try requests.send(request, operation: "verify")
        switch answer.status {
        case 200: return FileRange(file, offset: 0, bytes: answer.bodyBytes)
        case 404, 410: return nil
        default:
            throw TransferError(.refused, operation: "verify", detail: "\(address)/\(name): status \(answer.status)")
        }
    }

    func stop() { requests.client.stop() }
}
