internal import Foundation
internal import Hummingbird
internal import MediaModel

/// `GET /media/{title}/{version}/…`: published files, streamed from the disk.
///
/// Hummingbird's own `FileMiddleware` reads `bytes=-500` as the first 500 bytes, answers a range behind the end with a negative length and
/// has weak tags only; so the headers are worked out here, and its `FileIO` does what it does well: it streams.
struct MediaController: Sendable {
    let store: MediaStore
    let catalog: MediaCatalog
    private let files = FileIO()

    init(store: MediaStore, catalog: MediaCatalog) {
        self.store = store
        self.catalog = catalog
    }

    func add(to router: Router<BasicRequestContext>) {
        router.get("media/**", use: file)
    }

    @Sendable private func file(_ request: Request, context: BasicRequestContext) async throws -> Response {
        let path = MediaPath(request.uri.path)
        if let path, await catalog.isRemoved(path.title) { throw Problem.gone(path.title) }
        guard let path, let file = await store.file(path) else { throw Problem.notFound("no published file at \(request.uri.path)") }
        let validators = Self.validators(of: file)
        var headers: HTTPFields = [.cacheControl: "public, max-age=31536000, immutable", .acceptRanges: "bytes"]
        validators.write(to: &headers)
        if validators.areCurrent(for: request.headers) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = ContentType.of(path.file)

        // A range is a matter of GET alone (RFC 9110, 14.2); HEAD says what GET without one would.
        let asked = request.method == .get && validators.allowRange(for: request.headers) ? request.headers[.range] : nil
        switch ByteRange(header: asked, size: file.size) {
        case .whole:
            let body = try await files.loadFile(path: file.path, context: context)
            return Response(status: .ok, headers: headers, body: body)
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(file.size)"
            let body = try await files.loadFile(path: file.path, range: range, context: context)
            return Response(status: .partialContent, headers: headers, body: body)
        case .unsatisfiable:
            throw Problem(
                status: .rangeNotSatisfiable, detail: "the file has \(file.size) bytes", headers: [.contentRange: "bytes */\(file.size)"])
        }
    }

    /// Published files never change, so that size and time tell them apart for good: a strong tag.
    private static func validators(of file: MediaStore.File) -> Validators {
        let time = file.modified.timeIntervalSince1970
        let microseconds = Int64((time * 1_000_000).rounded())
        return Validators(
            tag: "\"\(String(microseconds, radix: 16))-\(String(file.size, radix: 16))\"",
            modified: HTTPDate(seconds: Int64(time.rounded(.down))))
    }
}
