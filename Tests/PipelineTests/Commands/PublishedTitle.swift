import Cataloging
import Foundation
import MediaModel
import Storage
import TestSupport

@testable import Pipeline

/// Small versions of the title `one`, and of others where a test says so, in a folder store, and the catalog that lists them.
struct PublishedTitle {
    let folder: TemporaryFolder
    let catalog: Catalog
    private let began = Date()

    var url: String { "sqlite:\(folder.file("catalog.sqlite"))" }
    var store: FolderStore { FolderStore(root: folder.file("store")) }
    var current: String? { get throws { try catalog.currentVersion(of: "one") } }

    init() throws {
        folder = try TemporaryFolder()
        catalog = try Catalog(url: "sqlite:\(folder.file("catalog.sqlite"))")
    }

    /// A version's name: 16 letters of one kind.
    static func version(_ letter: Character) -> String { String(repeating: letter, count: 16) }

    /// Makes a version current.
    /// - Parameters:
    ///   - day: when, in days since 1970.
    ///   - location: nil: where the store says.
    func publish(_ letter: Character, of id: String = "one", day: Double = 0, location: String? = nil) throws {
        let version = Self.version(letter)
        try write(version, of: id)
        try enter(letter, of: id, day: day, location: location, removals: try catalog.removals(of: id, version: version))
    }

    /// The catalog's part of that.
    /// - Parameter removals: what the catalog said of removals when the publication began.
    func enter(_ letter: Character, of id: String = "one", day: Double = 0, location: String? = nil, removals: Int) throws {
        let version = Self.version(letter)
        let package = AssetPackage(
            id: id, version: version, duration: Rational(8), source: PackageSource(sha256: "00", bytes: 1), video: nil,
            renditions: [], audio: [], text: [], images: [], provenance: Provenance(reelmill: "0", preset: "test", libraries: []),
            warnings: [], files: [])
        try catalog.publish(
            CatalogEntry(
                metadata: TitleMetadata(name: "One", kind: .clip), package: package,
                location: location ?? store.location(title: id, version: version), publishedAt: Int64(day * 86_400), cpuSeconds: 0,
                previousVersion: try catalog.currentVersion(of: id), removals: removals))
    }

    /// A version's files, of which the catalog need not know.
    func write(_ version: String, of id: String = "one") throws {
        try folder.write("a", to: "store/\(id)/\(version)/index.m3u8")
        let sha256 = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
        try folder.write(
            #"{"id":"\#(id)","version":"\#(version)","files":[{"path":"index.m3u8","bytes":1,"sha256":"\#(sha256)"}]}"#,
            to: "store/\(id)/\(version)/package.json")
    }

    /// Makes a folder look as if it was last written so many days before the test began.
    func age(_ path: String, days: Double) throws {
        let time = began.addingTimeInterval(-days * 86_400)
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: folder.file(path))
    }

    /// What lies in the title's folder, hidden things too, but for its lock.
    func there(_ id: String = "one") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.file("store/\(id)")).filter { $0 != ".lock" }.sorted()
    }

    /// Writes the manifest that all this is published by.
    @discardableResult
    func manifest(_ more: String = "", publish: String = "file:./store") throws -> String {
        try folder.write(
            """
            version: 1
            catalog: sqlite:./catalog.sqlite
            publish: \(publish)
            defaults: { preset: h264-fast }
            \(more)
            titles: [{ id: one, source: one.mp4 }]
            """, to: "manifest.yaml")
    }
}

/// The exit status that a command would end with, and its words.
func failure(_ body: () throws -> Void) -> (status: Int32, words: String)? {
    do {
        try body()
        return nil
    } catch {
        return (FailureReason.exitStatus(of: error), "\(error)")
    }
}
