import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite struct GzipTests {
    /// What the `gzip` program makes of our bytes.
    func decoded(_ bytes: [UInt8]) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes, to: "text.gz")
        try Program.demand("gzip", ["-d", path])
        return try folder.bytes(of: "text")
    }

    @Test func whatComesOutIsWhatWentIn() throws {
        var texts = ["", "a", "aa", "aaa", String(repeating: "a", count: 70_000), String(repeating: "abc", count: 30_000)]
        texts.append((1...2000).map { "#EXTINF:6.006,\n\($0).m4s\n" }.joined())
        for text in texts { #expect(try decoded(Gzip.encode(Array(text.utf8))) == Array(text.utf8)) }
    }

    @Test func anyBytes() throws {
        var generator = SystemRandomNumberGenerator()
        for count in [1, 255, 256, 4096, 100_000] {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let few = bytes.map { $0 & 3 }
            #expect(try decoded(Gzip.encode(bytes)) == bytes)
            #expect(try decoded(Gzip.encode(few)) == few)
        }
    }

    @Test func aPlaylistBecomesSmall() {
        let playlist = (1...1000).map { "#EXTINF:6.006,\n0000\($0).m4s\n" }.joined()
        #expect(Gzip.encode(Array(playlist.utf8)).count * 4 < playlist.utf8.count)
    }
}
