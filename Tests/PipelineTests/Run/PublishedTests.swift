import Cataloging
import Foundation
import TestSupport
import Testing

@testable import Pipeline

/// A plan, which only looks at the catalog, and a run, which writes it, see the same.
@Suite struct PublishedTests {
    private let title: PublishedTitle
    private let version = PublishedTitle.version("a")

    init() throws {
        title = try PublishedTitle()
        try title.publish("a")
    }

    private func doors() throws -> [Published] {
        [Published(in: title.store, by: title.catalog), Published(in: title.store, by: try CatalogReader(url: title.url))]
    }

    @Test func bothDoorsTellWhatIsCurrent() throws {
        for published in try doors() {
            #expect(try published.isCurrent(title: "one", version: version))
            #expect(try !published.isCurrent(title: "one", version: PublishedTitle.version("b")))
            #expect(try !published.isCurrent(title: "two", version: version))
            #expect(try published.versionInPlace(of: "one") == version)
        }
    }

    @Test func whatStandsInPlaceMustBeWhole() throws {
        try FileManager.default.removeItem(atPath: title.folder.file("store/one/\(version)/index.m3u8"))
        for published in try doors() {
            let failure = failure { _ = try published.versionInPlace(of: "one") }
            #expect(failure?.status == 1 && failure?.words.contains("is not whole in the store") == true)
            #expect(try published.isCurrent(title: "one", version: version), "that is the catalog's to say")
        }
    }

    @Test func withoutACatalogNothingIsCurrent() throws {
        let published = Published(in: title.store, by: nil)
        #expect(try !published.isCurrent(title: "one", version: version))
        #expect(failure { _ = try published.versionInPlace(of: "one") }?.status == 1)
    }
}
