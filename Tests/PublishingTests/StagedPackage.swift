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

    init(id: String = "night-train", version: String = "0123456789abcdef", files: [String: String] = usualFiles) throws {
        let folder = try TemporaryFolder()
        var listed: [PackageFile] = []
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            try folder.write(text, to: path)
            let sha256 = SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
            listed.append(PackageFile(path: path, bytes: Int64(text.utf8.count), sha256: sha256, contentType: "text/plain"))
        }
        package = AssetPackage(
            id: id, version: version, duration: Rational(8), source: PackageSource(sha256: "00", bytes: 1), video: nil,
            renditions: [], audio: [], text: [], images: [],
            provenance: Provenance(reelmill: "0", preset: "test", libraries: []), warnings: [], files: listed)
        self.folder = folder
        try writeListing(package)
    }

    var path: String { folder.path }

    /// `package.json` in the form that readers see: snake case.
    func writeListing(_ package: AssetPackage) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = .sortedKeys
        try folder.write(encoder.encode(package), to: "package.json")
    }
}
