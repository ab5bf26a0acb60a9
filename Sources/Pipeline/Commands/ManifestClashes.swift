import MediaModel

/// Titles that two manifests name for one catalog, seen without it.
struct ManifestClashes {
    private struct Owner {
        var file: String
        var manifest: String
        var place: String
        var takesOver: Bool
    }

    private var owners: [String: Owner] = [:]

    /// - Parameters:
    ///   - manifest: one more of those that are checked together.
    ///   - file: as the user named it.
    /// - Returns: a fault for each title that an earlier one names.
    mutating func add(_ manifest: Manifest, file: String) -> [Diagnostic] {
        var faults: [Diagnostic] = []
        for title in manifest.titles {
            let key = "\(manifest.catalog)\n\(title.id)"
            let own = Owner(file: file, manifest: manifest.path, place: title.place, takesOver: title.takesOver)
            guard let first = owners[key] else {
                owners[key] = own
                continue
            }
            // The same file may be named twice, and a title may be on its way from one to the other.
            guard first.manifest != manifest.path, !first.takesOver, !title.takesOver else { continue }
            let numbers = title.place.split(separator: ":").map { Int($0) ?? 0 }
            faults.append(
                Diagnostic(
                    file: file, line: numbers.first ?? 0, column: numbers.last ?? 0, key: "titles.id",
                    message: "the title '\(title.id)' is also in \(first.file):\(first.place), on the same catalog; take it out of one, "
                        + "or write 'take_over: true' where it shall move to"))
        }
        return faults
    }
}
