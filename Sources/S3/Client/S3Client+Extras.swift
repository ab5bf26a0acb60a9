import Curl
import MediaModel

extension S3Client {
    /// Makes a call that carries a checksum; once more without it where the server does not know that, and from then on always.
    ///
    /// The signature covers the body's SHA-256 all the same.
    /// - Parameters:
    ///   - extra: what the server would lack.
    ///   - substitute: goes out in the checksum's place.
    /// - Returns: also whether the call that was answered carried it.
    func attempt<Value>(
        _ request: S3Request, sparing extra: ServerExtra, substitute: HTTPField? = nil, reading read: (HTTPResponse) -> Value?
    ) throws(TransferError) -> (answer: S3Answer<Value>, isCarried: Bool) {
        guard let plain = request.withoutChecksum(substitute) else { return (try attempt(request, reading: read), false) }
        if lacks(extra) { return (try attempt(plain, reading: read), false) }
        let answer = try attempt(request, reading: read)
        guard case .refused(let fault) = answer, fault.isNotImplemented else { return (answer, true) }
        let second = try attempt(plain, reading: read)
        // Then it is something else in the call that the server does not know.
        if case .refused(let fault) = second, fault.isNotImplemented { return (second, false) }
        note(lackOf: extra)
        return (second, false)
    }
}

extension S3Request {
    /// nil: it carries none.
    func withoutChecksum(_ substitute: HTTPField? = nil) -> S3Request? {
        let kept = headers.filter { !["x-amz-checksum-sha256", "x-amz-checksum-algorithm"].contains($0.name) }
        guard kept.count < headers.count else { return nil }
        var request = self
        request.headers = kept + (substitute.map { [$0] } ?? [])
        return request
    }
}
