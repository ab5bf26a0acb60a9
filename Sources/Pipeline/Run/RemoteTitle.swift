import MediaModel

/// A title some of whose files lie elsewhere.
extension TitleRequest {
    /// Each once, the source first.
    var remoteFiles: [RemoteAddress] {
        let files = Preparation.files(of: self)
        let all = [files.source] + files.sounds + files.sidecars + (files.artwork.map { [$0] } ?? [])
        var seen: Set<RemoteAddress> = []
        return all.compactMap(RemoteAddress.init).filter { seen.insert($0).inserted }
    }

    /// The same title with files of this machine.
    /// - Parameter path: where an address's file lies.
    func here(_ path: (RemoteAddress) -> String) -> TitleRequest {
        func local(_ file: String) -> String { RemoteAddress(file).map(path) ?? file }
        var title = self
        title.source = local(source)
        title.artwork = artwork.map(local)
        title.audio = audio?.map { sound in
            guard case .file(let file) = sound.origin else { return sound }
            var sound = sound
            sound.origin = .file(local(file))
            return sound
        }
        title.subtitles = subtitles.map { text in
            var text = text
            text.file = local(text.file)
            return text
        }
        return title
    }
}
