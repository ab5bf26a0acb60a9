internal import Cataloging

/// The catalog, opened once for each kind of question, because the questions of one connection wait for each other: a list of a hundred
/// thousand titles holds up nobody who asks for one, for a file, or whether all is well.
struct CatalogReaders: Sendable {
    let titles: CatalogReader
    let listing: CatalogReader
    let health: CatalogReader
    let media: MediaCatalog

    init(url: String) throws(CatalogError) {
        titles = try CatalogReader(url: url)
        listing = try CatalogReader(url: url)
        health = try CatalogReader(url: url, busyTimeout: HealthController.patience)
        media = try MediaCatalog(CatalogReader(url: url, busyTimeout: MediaCatalog.patience))
    }
}
