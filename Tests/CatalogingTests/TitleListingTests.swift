import Cataloging
import Foundation
import GRDB
import MediaModel
import Testing

/// A long list is read in many short transactions.
@Suite struct TitleListingTests {
    let scratch: Scratch
    /// Waits for nobody.
    let catalog: Catalog

    init() throws {
        scratch = try Scratch()
        catalog = try Catalog(url: scratch.url, busyTimeout: 0)
        try catalog.publish(sampleEntry())
        try ManyTitles.write(249, to: scratch.file)
    }

    @Test func pagesHoldEveryTitleOnceByName() throws {
        let titles = try CatalogReader(url: scratch.url).titles()
        #expect(titles.count == 250 && Set(titles.map(\.id)).count == 250)
        #expect(titles.map(\.id).prefix(2) == ["title-00249", "title-00248"] && titles.last?.id == "night-train")
        #expect(titles.allSatisfy { $0.images.count == 2 && $0.metadata.genres == ["drama", "thriller"] })
        var listing = try CatalogReader(url: scratch.url).listing()
        var sizes: [Int] = []
        while let page = try listing.next() { sizes.append(page.count) }
        #expect(sizes == [100, 100, 50])
    }

    /// Before, one transaction held the lock from the first title to the last.
    @Test func aWriterWaitsForNoList() throws {
        var listing = try CatalogReader(url: scratch.url, busyTimeout: 0).listing()
        let first = try listing.next()
        try catalog.publish(sampleEntry("new"))
        // One that changes its place in the order is neither lost nor there twice.
        #expect(try catalog.updateMetadata(TitleMetadata(name: "zzz", kind: .clip), of: "title-00100"))
        #expect(try catalog.updateMetadata(TitleMetadata(name: "AAA", kind: .clip), of: "title-00050"))
        _ = try catalog.removeTitles(["title-00010"])
        var ids = first?.map(\.id) ?? []
        while let page = try listing.next() { ids += page.map(\.id) }
        #expect(Set(ids).count == ids.count && ids.count == 249)
        #expect(ids.contains("title-00100") && ids.contains("title-00050") && !ids.contains("title-00010"))
    }

    @Test func aListIsReadAsyncTooWhileAWriterIsAtWork() async throws {
        let reader = try CatalogReader(url: scratch.url)
        var listing = try await reader.listing()
        var count = 0
        while let page = try await listing.next() {
            try catalog.publish(sampleEntry("new-\(count)"))
            count += page.count
        }
        #expect(count == 250)
    }

    @Test func theStateTellsWhetherTheListIsStillRight() throws {
        let reader = try CatalogReader(url: scratch.url)
        let before = try reader.listing().state
        #expect(try reader.listing().state == before)
        try catalog.publish(sampleEntry("new"))
        let after = try reader.listing().state
        #expect(after != before)
        #expect(try CatalogReader(url: scratch.url).listing().state != after)
    }
}
