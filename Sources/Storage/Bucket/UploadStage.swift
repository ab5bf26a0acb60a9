/// The order in which a package's files become visible, so that no reader ever sees a playlist whose segment is not there.
enum UploadStage: Int, CaseIterable, Sendable {
    /// Segments, init segments, pictures.
    case media
    case mediaPlaylists
    /// The multivariant playlist and the MPD.
    case multivariant
    /// `package.json`, the sign that all else is there.
    case listing

    /// - Parameter path: within the package.
    init(of path: String) {
        let isPlaylist = path.hasSuffix(".m3u8") || path.hasSuffix(".mpd")
        self =
            switch (path, isPlaylist, path.contains("/")) {
            case (PackageListing.fileName, _, _): .listing
            case (_, true, false): .multivariant
            case (_, true, true): .mediaPlaylists
            case (_, false, _): .media
            }
    }
}
