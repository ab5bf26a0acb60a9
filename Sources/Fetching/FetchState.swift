/// Which parts of a remote file are here: what a fetch that was broken off goes on from.
struct FetchState: Hashable, Sendable, Codable {
    let identity: RemoteIdentity
    let pieceBytes: Int64
    /// Numbers of the pieces that are on the disk.
    private(set) var done: Set<Int> = []

    /// Bytes of a piece; more where there would be too many.
    private static let usualPiece: Int64 = 8 << 20
    private static let mostPieces: Int64 = 2000

    /// - Precondition: the identity is firm.
    init(_ identity: RemoteIdentity, pieceBytes: Int64? = nil) {
        self.identity = identity
        let needed = (identity.bytes ?? 0) / Self.mostPieces + 1
        self.pieceBytes = pieceBytes ?? max(Self.usualPiece, needed)
    }

    var bytes: Int64 { identity.bytes ?? 0 }

    var isFresh: Bool { done.isEmpty }

    /// Pieces that are still to be fetched, in the file's order.
    var missing: [Int] {
        let count = Int((bytes + pieceBytes - 1) / pieceBytes)
        return (0..<count).filter { !done.contains($0) }
    }

    /// Up to here all is here.
    var front: Int64 { missing.first.map { range($0).lowerBound } ?? bytes }

    func range(_ piece: Int) -> Range<Int64> {
        let start = Int64(piece) * pieceBytes
        return start..<min(start + pieceBytes, bytes)
    }

    mutating func finish(_ piece: Int) { done.insert(piece) }
}
