import Testing

@testable import MediaModel

@Suite struct FilePiecesTests {
    let pieces = FilePieces(bytes: 10, sha256: ["a", "b", "c"])

    @Test func aStretchIsAPieceByItsPlaceAndItsSize() {
        #expect(pieces.sha256(offset: 0, bytes: 10, total: 25) == "a")
        #expect(pieces.sha256(offset: 10, bytes: 10, total: 25) == "b")
        #expect(pieces.sha256(offset: 20, bytes: 5, total: 25) == "c")
        #expect(pieces.sha256(offset: 20, bytes: 10, total: 30) == "c")
    }

    @Test(arguments: [(5, 10, 25), (0, 5, 25), (0, 20, 25), (20, 10, 25), (0, 10, 35), (0, 10, 20), (30, 5, 25), (-10, 10, 25)])
    func nothingElseIs(offset: Int64, bytes: Int64, total: Int64) {
        #expect(pieces.sha256(offset: offset, bytes: bytes, total: total) == nil)
    }
}
