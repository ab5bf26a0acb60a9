import MediaModel

/// The folder in which a version is laid out before it is published, and the list of what is in it.
struct StagingFolder {
    static let document = "package.json"
    private static let ownNames: Set<String> = ["audio", "images", "index.m3u8", "manifest.mpd", document, "text", "video"]

    let path: String
    private(set) var files: [PackageFile] = []
    private let onFile: () -> Void

    /// Makes the folder, empty: what an interrupted run left there is removed, anything else is an error.
    /// - Parameter onFile: called after each file.
    init(_ path: String, onFile: @escaping () -> Void) throws(PackagingError) {
        self.path = path
        self.onFile = onFile
        try Files.makeFolder(path)
        let names = try Files.names(in: path)
        if let stranger = names.first(where: { !Self.ownNames.contains($0) && !$0.hasPrefix(".") }) {
            throw PackagingError(.fileSystem, path, "holds '\(stranger)', which is no part of a package; name an empty folder")
        }
        for name in names { try Files.remove("\(path)/\(name)") }
    }

    func makeFolder(_ relative: String) throws(PackagingError) {
        try Files.makeFolder("\(path)/\(relative)")
    }

    /// Gives `source` a second name here. The caller has read it: size and checksum are facts.
    mutating func link(_ source: String, as relative: String, bytes: Int64, sha256: String) throws(PackagingError) {
        try Files.link(source, to: "\(path)/\(relative)")
        try add(relative, bytes: bytes, sha256: sha256)
    }

    /// Links and measures at once; returns the bytes.
    @discardableResult
    mutating func linkMeasured(_ source: String, as relative: String) throws(PackagingError) -> [UInt8] {
        let bytes = try Files.read(source)
        try link(source, as: relative, bytes: Int64(bytes.count), sha256: Files.sha256(bytes))
        return bytes
    }

    mutating func write(_ text: String, as relative: String) throws(PackagingError) {
        let bytes = Array(text.utf8)
        try Files.write(bytes, to: "\(path)/\(relative)")
        try add(relative, bytes: Int64(bytes.count), sha256: Files.sha256(bytes))
    }

    private mutating func add(_ relative: String, bytes: Int64, sha256: String) throws(PackagingError) {
        let pieces = bytes >= FilePieces.threshold ? try Files.pieces(of: "\(path)/\(relative)") : nil
        files.append(PackageFile(path: relative, bytes: bytes, sha256: sha256, contentType: ContentType.of(relative), pieces: pieces))
        onFile()
    }
}
