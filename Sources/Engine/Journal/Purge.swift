/// A version of a title that has become current, of which a CDN is to be told.
package struct Purge: Codable, Hashable, Sendable {
    package var title: String
    package var version: String
    /// The version's address for readers.
    package var location: String

    package init(title: String, version: String, location: String) {
        self.title = title
        self.version = version
        self.location = location
    }
}
