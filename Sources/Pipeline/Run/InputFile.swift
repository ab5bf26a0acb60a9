import MediaModel

/// A file that a title is made of: what people call it, and where it lies on this machine.
struct InputFile: Hashable, Sendable, Codable {
    /// As the manifest names it; an address without its query.
    var label: String
    /// Absolute.
    var path: String
}

/// Where files lie that manifests name: those of this machine where the manifest says, those from afar in the work folder.
struct FileLocations: Sendable {
    /// The work folder's path.
    let work: String

    func path(of name: String) -> String { RemoteAddress(name).map { RemoteCache.path($0, work: work) } ?? name }

    func file(_ name: String) -> InputFile { InputFile(label: RemoteAddress.shown(name), path: path(of: name)) }
}

extension TitleRequest {
    /// Its files as the manifest names them, the source first.
    var fileNames: [String] {
        var names = [source]
        for case .file(let name) in (audio ?? []).map(\.origin) { names.append(name) }
        return names + subtitles.map(\.file) + (artwork.map { [$0] } ?? [])
    }

    /// Those of them that lie elsewhere, each once.
    var remoteFiles: [RemoteAddress] {
        var seen: Set<RemoteAddress> = []
        return fileNames.compactMap(RemoteAddress.init).filter { seen.insert($0).inserted }
    }
}
