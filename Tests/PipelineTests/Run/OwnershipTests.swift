import Cataloging
import Foundation
import MediaModel
import Planning
import TestSupport
import Testing

@testable import Pipeline

/// Which manifest a title belongs to, and what a checkout that was moved may do.
@Suite struct OwnershipTests {
    private let folder: TemporaryFolder
    private let catalog: Catalog

    init() throws {
        folder = try TemporaryFolder()
        for name in ["a", "b", "moved", "catalogs"] {
            try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
        }
        catalog = try Catalog(url: "sqlite:\(folder.file("catalogs/c.sqlite"))")
    }

    @discardableResult
    private func manifest(_ path: String, _ ids: [String], takesOver: Bool = false, catalog: String = "c") throws -> Manifest {
        let titles = ids.map { "  - { id: \($0), source: x.mov, take_over: \(takesOver) }\n" }.joined()
        try folder.write(
            """
            version: 1
            catalog: sqlite:../catalogs/\(catalog).sqlite
            publish: file:../store
            defaults: { preset: h264-fast }
            titles:
            \(titles)
            """, to: path)
        return try Documents.manifest(folder.file(path), proven: ProvenPresets(work: folder.file("work"))).manifest
    }

    private func claim(_ manifest: Manifest) throws { try catalog.claim(manifest.titles, for: manifest) }

    private func isRefused(_ manifest: Manifest, naming other: String) -> Bool {
        do {
            try claim(manifest)
            return false
        } catch let error as DocumentErrors {
            return error.diagnostics.allSatisfy { $0.message.contains(folder.file(other)) && $0.line > 0 }
        } catch { return false }
    }

    @Test func theSecondManifestIsRefusedAndNamesTheOther() throws {
        let (one, other) = (try manifest("a/m.yaml", ["x", "y"]), try manifest("b/m.yaml", ["y", "z"]))
        try claim(one)
        try claim(one)
        #expect(isRefused(other, naming: "a/m.yaml"))
        #expect(try catalog.owners(of: ["x", "y", "z"]) == ["x": "../a/m.yaml", "y": "../a/m.yaml"], "all of them or none")
    }

    @Test func takeOverMovesATitle() throws {
        let one = try manifest("a/m.yaml", ["x"])
        try claim(one)
        try claim(try manifest("b/m.yaml", ["x"], takesOver: true))
        #expect(try catalog.owners(of: ["x"]) == ["x": "../b/m.yaml"])
        #expect(isRefused(one, naming: "b/m.yaml"))
    }

    @Test func whatTheOtherDoesNotNameAnyMoreIsFree() throws {
        try claim(try manifest("a/m.yaml", ["x", "y"]))
        try manifest("a/m.yaml", ["x"])
        try claim(try manifest("b/m.yaml", ["y"]))
        #expect(isRefused(try manifest("b/m.yaml", ["x", "y"]), naming: "a/m.yaml"))
        try manifest("a/m.yaml", ["x"], catalog: "other")
        try claim(try manifest("b/m.yaml", ["x", "y"]))
    }

    @Test func aCheckoutThatWasMovedKeepsItsTitles() throws {
        try claim(try manifest("a/m.yaml", ["x", "y", "z"]))
        try FileManager.default.removeItem(atPath: folder.file("a"))
        #expect(isRefused(try manifest("b/m.yaml", ["z"]), naming: "a/m.yaml"), "it may be on another machine")
        try claim(try manifest("moved/m.yaml", ["x", "y", "w"]))
        #expect(
            try catalog.owners(of: ["x", "y", "w", "z"]) == [
                "x": "../moved/m.yaml", "y": "../moved/m.yaml", "w": "../moved/m.yaml", "z": "../a/m.yaml",
            ])
    }

    @Test func theSameFileByAnotherPathIsNoOther() throws {
        try claim(try manifest("a/m.yaml", ["x"]))
        try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: folder.file("a"))
        try claim(try Documents.manifest(folder.file("link/m.yaml"), proven: ProvenPresets(work: folder.file("work"))).manifest)
    }

    @Test func aManifestThatCannotBeReadMayNameItStill() throws {
        try claim(try manifest("a/m.yaml", ["x"]))
        try folder.write("titles: [", to: "a/m.yaml")
        #expect(isRefused(try manifest("b/m.yaml", ["x"]), naming: "a/m.yaml"))
    }
}
