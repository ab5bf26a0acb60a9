import Testing

@testable import Fetching

@Suite struct FetchStateTests {
    @Test func piecesCoverTheFileExactly() {
        var state = FetchState(RemoteIdentity(bytes: 25, etag: "a"), pieceBytes: 10)
        #expect(state.missing.map(state.range) == [0..<10, 10..<20, 20..<25])
        state.finish(1)
        #expect(state.missing == [0, 2] && !state.isFresh && state.front == 0)
        state.finish(0)
        #expect(state.front == 20)
        state.finish(2)
        #expect(state.missing.isEmpty && state.front == 25)
        #expect(FetchState(RemoteIdentity(bytes: 20, etag: "a"), pieceBytes: 10).missing.count == 2)
    }

    @Test func largeFilesHaveLargerPieces() {
        let small = FetchState(RemoteIdentity(bytes: 100 << 20, etag: "a"))
        let large = FetchState(RemoteIdentity(bytes: 1 << 40, etag: "a"))
        #expect(small.pieceBytes == 8 << 20)
        #expect(large.missing.count <= 2000)
        #expect(large.missing.last.map { large.range($0).upperBound } == 1 << 40)
    }
}
