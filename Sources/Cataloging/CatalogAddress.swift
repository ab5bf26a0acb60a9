/// Where a catalog is kept. So far always an SQLite file.
package struct CatalogAddress: Hashable, Sendable {
    /// Path of the database file, as given: absolute, or relative to the working folder.
    package let path: String

    /// Reads `sqlite:/absolute/path`, `sqlite:relative/path` or `sqlite:///absolute/path`. The path is taken letter by letter:
    /// no percent signs are decoded.
    package init(_ url: String) throws(CatalogError) {
        let scheme = "sqlite:"
        guard url.hasPrefix(scheme) else {
            let advice =
                url.hasPrefix("postgres")
                ? "'\(url)': PostgreSQL catalogs are not there yet; use sqlite:PATH"
                : "'\(url)' is not the address of a catalog; write sqlite:PATH, such as sqlite:./catalog.sqlite"
            throw CatalogError(.badAddress, operation: "open", detail: advice)
        }
        var path = url.dropFirst(scheme.count)
        if path.hasPrefix("//") {
            path = path.dropFirst(2)
            guard path.hasPrefix("/") else {
                throw CatalogError(
                    .badAddress, operation: "open", detail: "'\(url)' names a host; write sqlite:PATH or sqlite:///ABSOLUTE/PATH")
            }
        }
        guard !path.isEmpty, path != "/", !path.contains("\0") else {
            throw CatalogError(.badAddress, operation: "open", detail: "'\(url)' names no file; write sqlite:PATH")
        }
        self.path = String(path)
    }
}
