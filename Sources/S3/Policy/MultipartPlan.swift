/// How a large object is cut into parts.
package struct MultipartPlan: Hashable, Sendable {
    package struct Part: Hashable, Sendable {
        /// From 1.
        package var number: Int
        package var offset: Int64
        package var bytes: Int64
    }

    /// What S3 allows.
    static let mostParts: Int64 = 10_000
    static let leastPartBytes: Int64 = 5 << 20

    package let parts: [Part]

    /// - Parameters:
    ///   - bytes: of the object, more than 0.
    ///   - preferred: bytes of a part; raised to what S3 allows, in whole MiB, so that the same object is always cut alike.
    package init(bytes: Int64, preferred: Int64) {
        let size = Self.partBytes(of: bytes, preferred: preferred)
        parts = stride(from: 0, to: bytes, by: Int64.Stride(size)).enumerated().map { index, offset in
            Part(number: index + 1, offset: offset, bytes: min(size, bytes - offset))
        }
    }

    /// Bytes of each part but the last.
    package static func partBytes(of bytes: Int64, preferred: Int64) -> Int64 {
        let needed = (bytes + mostParts - 1) / mostParts
        let mebibyte: Int64 = 1 << 20
        return max(preferred, leastPartBytes, (needed + mebibyte - 1) / mebibyte * mebibyte)
    }
}

/// Which parts of an object are at the server, and which are yet to be sent. Knows no network.
package struct MultipartState: Hashable, Sendable {
    package struct Sent: Hashable, Sendable {
        package var number: Int
        package var etag: String
        /// Base64.
        package var sha256: String?

        package init(number: Int, etag: String, sha256: String? = nil) {
            self.number = number
            self.etag = etag
            self.sha256 = sha256
        }
    }

    package let plan: MultipartPlan
    private var sent: [Int: Sent] = [:]

    package init(_ plan: MultipartPlan) { self.plan = plan }

    /// Takes over what an interrupted upload left, if all of it is ours: every part has the place and the size that the plan gives it, and
    /// `isSame` knows its content. An upload that was begun for other bytes carries their checksum, and would bring it into the object.
    /// - Returns: false, and nothing was taken over, when there is no part or one is not ours.
    package mutating func adopt<Failure: Error>(
        _ listed: [ListedPart], isSame: (MultipartPlan.Part, ListedPart) throws(Failure) -> Bool
    ) throws(Failure) -> Bool {
        for part in listed {
            guard let wanted = plan.parts.first(where: { $0.number == part.number }), wanted.bytes == part.bytes,
                try isSame(wanted, part)
            else { return false }
        }
        for part in listed { succeeded(Sent(number: part.number, etag: part.etag, sha256: part.sha256)) }
        return !listed.isEmpty
    }

    package mutating func succeeded(_ part: Sent) { sent[part.number] = part }

    /// What is yet to be sent, in order.
    package var remaining: [MultipartPlan.Part] { plan.parts.filter { sent[$0.number] == nil } }

    /// What CompleteMultipartUpload is told, in order; nil: a part is missing.
    package var completion: [Sent]? {
        let all = plan.parts.compactMap { sent[$0.number] }
        return all.count == plan.parts.count ? all : nil
    }
}
