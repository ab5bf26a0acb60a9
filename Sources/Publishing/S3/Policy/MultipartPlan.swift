/// How a large object is cut into parts.
struct MultipartPlan: Hashable, Sendable {
    struct Part: Hashable, Sendable {
        /// From 1.
        var number: Int
        var offset: Int64
        var bytes: Int64
    }

    /// What S3 allows.
    static let mostParts: Int64 = 10_000
    static let leastPartBytes: Int64 = 5 << 20

    let parts: [Part]

    /// - Parameters:
    ///   - bytes: of the object, more than 0.
    ///   - preferred: bytes of a part; raised to what S3 allows, in whole MiB, so that the same object is always cut alike.
    init(bytes: Int64, preferred: Int64) {
        let needed = (bytes + Self.mostParts - 1) / Self.mostParts
        let mebibyte: Int64 = 1 << 20
        let size = max(preferred, Self.leastPartBytes, (needed + mebibyte - 1) / mebibyte * mebibyte)
        parts = stride(from: 0, to: bytes, by: Int64.Stride(size)).enumerated().map { index, offset in
            Part(number: index + 1, offset: offset, bytes: min(size, bytes - offset))
        }
    }
}

/// Which parts of an object are at the server, on their way, or yet to be sent. Knows no network.
struct MultipartState: Hashable, Sendable {
    struct Sent: Hashable, Sendable {
        var number: Int
        var etag: String
        /// Base64.
        var sha256: String?
    }

    let plan: MultipartPlan
    private var sent: [Int: Sent] = [:]
    private var inFlight: Set<Int> = []

    init(_ plan: MultipartPlan) { self.plan = plan }

    /// Takes over what an interrupted upload left: a part whose place and size are the plan's and which `isSame` knows to be ours.
    mutating func adopt(_ listed: [ListedPart], isSame: (MultipartPlan.Part, ListedPart) -> Bool) {
        let planned = Dictionary(plan.parts.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        for part in listed {
            guard let wanted = planned[part.number], wanted.bytes == part.bytes, isSame(wanted, part) else { continue }
            sent[part.number] = Sent(number: part.number, etag: part.etag, sha256: part.sha256)
        }
    }

    /// The next part to send, which is on its way from now on; nil: none is left.
    mutating func next() -> MultipartPlan.Part? {
        guard let part = plan.parts.first(where: { sent[$0.number] == nil && !inFlight.contains($0.number) }) else { return nil }
        inFlight.insert(part.number)
        return part
    }

    mutating func succeeded(_ part: Sent) {
        inFlight.remove(part.number)
        sent[part.number] = part
    }

    /// The part will be handed out again.
    mutating func failed(_ number: Int) { inFlight.remove(number) }

    var remaining: [MultipartPlan.Part] { plan.parts.filter { sent[$0.number] == nil } }

    /// What CompleteMultipartUpload is told, in order; nil: a part is missing.
    var completion: [Sent]? {
        let all = plan.parts.compactMap { sent[$0.number] }
        return all.count == plan.parts.count ? all : nil
    }
}
