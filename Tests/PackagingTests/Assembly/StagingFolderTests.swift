import Crypto
import FileSystem
import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Packaging

@Suite struct StagingFolderTests {
    @Test(arguments: [(33 << 20, 3), ((32 << 20) - 1, nil)] as [(Int, Int?)]) func aLargeFileHasPieces(size: Int, count: Int?) throws {
        let folder = try TemporaryFolder()
        let bytes = Data((0..<size).lazy.map { UInt8(truncatingIfNeeded: $0 &* 31 >> 7) })
        try folder.write(bytes, to: "large.mp4")
        var staged = try StagingFolder(folder.file("package"), onFile: {})
        try staged.makeFolder("video")
        try staged.link(folder.file("large.mp4"), as: "video/large.mp4", bytes: Int64(size), sha256: "00")
        let pieces = staged.files.first?.pieces
        #expect(pieces?.sha256.count == count)
        for (index, sha256) in (pieces?.sha256 ?? []).enumerated() {
            let start = index << 24
            let wanted = SHA256.hash(data: bytes[start..<min(start + 1 << 24, size)]).map { String(format: "%02x", $0) }.joined()
            #expect(sha256 == wanted && pieces?.bytes == 1 << 24)
        }
    }
}
