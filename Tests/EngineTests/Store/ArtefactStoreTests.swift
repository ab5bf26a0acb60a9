import Foundation
import TestSupport
import Testing

@testable import Engine

/// What every kind of store promises to tasks.
@Suite struct ArtefactStoreTests {
    enum Kind: CaseIterable { case folder, memory }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func store(_ kind: Kind) throws -> any ArtefactStore {
        switch kind {
        case .folder: try FolderArtefactStore(root: folder.file("artefacts"))
        case .memory: try MemoryArtefactStore()
        }
    }

    private func key(_ name: String) throws -> TaskKey { try TaskKey("test", of: [name], tools: TaskKey.Tools(format: 1, [String]())) }

    private func made(_ content: String, in store: any ArtefactStore) throws -> String {
        let path = try store.begin()
        try Data(content.utf8).write(to: URL(fileURLWithPath: "\(path)/00001.m4s"))
        return path
    }

    @Test(arguments: Kind.allCases) func aResultIsWholeOrNotThere(_ kind: Kind) throws {
        let (store, key) = (try store(kind), try key("one"))
        #expect(!store.holds(key, as: [String].self) && !store.isDamaged(key) && !store.isUnreadable(key))
        store.discard(try made("half", in: store))
        #expect(!store.holds(key, as: [String].self))
        try store.commit(try made("bytes", in: store), as: key, record: ["a fact"])
        #expect(store.record(key, as: [String].self) == ["a fact"])
        #expect(store.hasFile("00001.m4s", in: key) && !store.hasFile("00002.m4s", in: key))
        #expect(try String(contentsOfFile: "\(store.folder(key))/00001.m4s", encoding: .utf8) == "bytes")
        let other = try self.key("two")
        #expect(!store.isDamaged(key) && !store.holds(other, as: [String].self))
    }

    @Test(arguments: Kind.allCases) func whoComesSecondChangesNothing(_ kind: Kind) throws {
        let (store, key) = (try store(kind), try key("one"))
        try store.commit(try made("first", in: store), as: key, record: [1])
        try store.commit(try made("second", in: store), as: key, record: [1])
        #expect(try String(contentsOfFile: "\(store.folder(key))/00001.m4s", encoding: .utf8) == "first")
    }

    @Test(arguments: Kind.allCases) func whatIsDroppedOrRemovedIsGone(_ kind: Kind) throws {
        let store = try store(kind)
        let keys = try ["one", "two"].map(key)
        for key in keys { try store.commit(try made("bytes", in: store), as: key, record: [1]) }
        #expect(Set(try store.all().map(\.key)) == Set(keys))
        #expect(try store.bytes(of: keys[0]) >= 5 && store.freesBytes(keys[0]))
        try store.drop(keys[0])
        #expect(try store.remove(keys[1]) >= 5)
        #expect(try store.all().isEmpty && !store.holds(keys[0], as: [Int].self))
        try store.drop(keys[0])
    }

    @Test(arguments: Kind.allCases) func manyMayWriteAtOnce(_ kind: Kind) async throws {
        let (store, key) = (try store(kind), try key("one"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { try store.commit(try made("bytes", in: store), as: key, record: [1]) }
            }
            try await group.waitForAll()
        }
        #expect(store.holds(key, as: [Int].self) && !store.isDamaged(key))
    }
}
