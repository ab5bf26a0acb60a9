import Crypto
import Foundation
import MediaModel
import TestSupport

/// A small package as a packager stages it: a few files and the `package.json` that lists them.
struct StagedPackage {
    let folder: TemporaryFolder
    let package: AssetPackage

    static let usualFiles = [
        "index.m3u8": "#EXTM3U", "video/360p/init.mp4": "init", "video/360p/00001.m4s": "one", "video/360p/00002.m4s": "two",
    ]

    /// - Parameter pieceBytes: files that are larger have pieces of this size; nil: none has.
    init(
        id: String = "night-train", version: String = "0123456789abcdef", files: [String: String] = usualFiles, pieceBytes: Int? = nil
    ) throws {
        let folder = try TemporaryFolder()
        var listed: [PackageFile] = []
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            try folder.write(text, to: path)
            let bytes = Array(text.utf8)
            var file = PackageFile(path: path, bytes: Int64(bytes.count), sha256: Self.sha256(bytes), contentType: "text/plain")
            if let pieceBytes, bytes.count > pieceBytes {
                let pieces = stride(from: 0, to: bytes.count, by: pieceBytes).map { bytes[$0..<min($0 + pieceBytes, bytes.count)] }
                file.pieces = FilePieces(bytes: Int64(pieceBytes), sha256: pieces.map { Self.sha256(Array($0)) })
            }
            listed.append(file)
        }
        package = AssetPackage(
            id: id, version: version, duration: Rational(8), source: PackageSource(sha256: "00", bytes: 1), video: nil,
            renditions: [], audio: [], text: [], images: [],
            provenance: Provenance(reelmill: "0", preset: "test", libraries: []), warnings: [], files: listed)
        self.folder = folder
        try writeListing(package)
    }

    private static func sha256(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined() }

    var path: String { folder.path }

    /// `package.json` in the form that readers see: snake case.
    func writeListing(_ package: AssetPackage) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = .sortedKeys
        try folder.write(encoder.encode(package), to: "package.json")
    }
}
