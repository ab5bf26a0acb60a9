import Foundation
import TestSupport
import Testing

@testable import Engine

/// Results are whole or not there.
@Suite struct FolderArtefactStoreTests {
    private struct Note: Codable, Equatable { var count: Int }

    private let folder: TemporaryFolder
    private let store: FolderArtefactStore

    init() throws {
        folder = try TemporaryFolder()
        store = try FolderArtefactStore(root: folder.path)
    }

    private func key(_ name: String = "one") throws -> TaskKey {
        try TaskKey("test", of: [name], tools: TaskKey.Tools(format: 1, [String]()))
    }

    private func made(_ content: String) throws -> String {
        let path = try store.begin()
        try Data(content.utf8).write(to: URL(fileURLWithPath: "\(path)/00001.m4s"))
        return path
    }

    @Test func whatIsCommittedIsThereUnderItsKey() throws {
        let key = try key()
        #expect(!store.holds(key, as: Note.self))
        #expect(store.record(key, as: Note.self) == nil)
        try store.commit(try made("bytes"), as: key, record: Note(count: 3))
        #expect(store.holds(key, as: Note.self))
        #expect(store.record(key, as: Note.self) == Note(count: 3))
        #expect(try String(contentsOfFile: "\(store.folder(key))/00001.m4s", encoding: .utf8) == "bytes")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/tmp").isEmpty)
        #expect(!store.holds(try self.key("two"), as: Note.self))
    }

    @Test func whatIsDiscardedOrLeftInTheMakingIsNot() throws {
        let key = try key()
        store.discard(try made("bytes"))
        _ = try made("left by a run that was killed")
        #expect(!store.holds(key, as: Note.self))
        try store.removeLeftovers(Leftovers(takesOwn: true))
        #expect(try folder.listing().isEmpty)
        try store.removeLeftovers(Leftovers(takesOwn: true))
    }

    @Test(arguments: ["", "{", #"{"count":"three"}"#])
    func anUnreadableRecordIsAResultNeverMade(_ text: String) throws {
        let key = try key()
        try store.commit(try made("old"), as: key, record: Note(count: 1))
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(store.folder(key))/record.json"))
        #expect(store.record(key, as: Note.self) == nil)
        #expect(!store.holds(key, as: Note.self))
        // The task runs again, and its result takes the place.
        try store.commit(try made("new"), as: key, record: Note(count: 2))
        #expect(store.record(key, as: Note.self) == Note(count: 2))
        #expect(try String(contentsOfFile: "\(store.folder(key))/00001.m4s", encoding: .utf8) == "new")
    }

    @Test func whatIsNotWhatWasWrittenIsDamaged() throws {
        let key = try key()
        #expect(!store.isDamaged(key), "what is not there is only missing")
        try store.commit(try made("bytes"), as: key, record: Note(count: 1))
        #expect(!store.isDamaged(key))
        let file = URL(fileURLWithPath: "\(store.folder(key))/00001.m4s")
        try Data("bytez".utf8).write(to: file)
        #expect(store.isDamaged(key) && !store.isDamaged(key) { $0 != "00001.m4s" })
        try Data("byte".utf8).write(to: file)
        #expect(store.isDamaged(key) { _ in false }, "its size tells without reading")
        try store.drop(key)
        #expect(!store.holds(key, as: Note.self) && !store.isDamaged(key))
        try store.commit(try made("bytes"), as: key, record: Note(count: 1))
        try FileManager.default.removeItem(atPath: "\(store.folder(key))/record.json")
        #expect(store.isUnreadable(key) && store.isDamaged(key))
    }

    @Test func whoComesSecondWithTheSameResultChangesNothing() throws {
        let key = try key()
        try store.commit(try made("first"), as: key, record: Note(count: 1))
        try store.commit(try made("second"), as: key, record: Note(count: 1))
        #expect(try String(contentsOfFile: "\(store.folder(key))/00001.m4s", encoding: .utf8) == "first")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/tmp").isEmpty)
    }

    @Test func aFolderWithAListOfItsOwnIsProvenByTheList() throws {
        let store = try FolderArtefactStore(
            root: folder.file("listed"), listed: FolderArtefactStore.ListedFolder(folder: "package", list: "list.json"))
        let key = try key()
        let path = try store.begin()
        for name in ["a.txt", "package/b.txt", "package/list.json"] {
            try folder.write("words", to: "\(path.dropFirst(folder.path.count + 1))/\(name)")
        }
        try store.commit(path, as: key, record: Note(count: 1))
        #expect(store.hasFile("package", in: key) && !store.hasFile("other", in: key))
        try Data("wordz".utf8).write(to: URL(fileURLWithPath: "\(store.folder(key))/package/b.txt"))
        #expect(!store.isDamaged(key))
        try Data("wordz".utf8).write(to: URL(fileURLWithPath: "\(store.folder(key))/package/list.json"))
        #expect(store.isDamaged(key))
    }

    @Test func whatARemovalFreesIsWhatHasNoOtherName() throws {
        let key = try key()
        try store.commit(try made("bytes"), as: key, record: Note(count: 1))
        #expect(store.freesBytes(key))
        try FileManager.default.linkItem(atPath: "\(store.folder(key))/00001.m4s", toPath: folder.file("other name"))
        #expect(!store.freesBytes(key))
        let record = try store.bytes(of: key) - 5
        #expect(try store.remove(key) == record)
        #expect(try store.all().isEmpty)
    }
}
