import Foundation
import Libav
import MediaModel
import TestSupport
import Testing

struct LoadedLibrariesTests {
    @Test func namesEveryLibraryOfFFmpegOnce() {
        let names = LoadedLibraries.all.map(\.name)
        #expect(names.starts(with: ["libavutil", "libavcodec", "libavformat", "libavfilter", "libswscale", "libswresample"]))
        #expect(Set(names).count == names.count)
        for library in LoadedLibraries.all { #expect(!library.version.isEmpty && !library.version.hasPrefix("0."), "\(library)") }
    }

    /// The judge is binutils, or `file`; either reads the same note from the file on disk.
    @Test(arguments: ["libavcodec", "libavutil", "libx264"])
    func buildIdsAreThoseOfTheLoadedFiles(_ name: String) throws {
        guard let library = LoadedLibraries.all.first(where: { $0.name == name }) else { return }
        let map = try #require(try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/maps")).readToEnd())
        let mapped = String(decoding: map, as: UTF8.self).split(separator: "\n")
            .compactMap { $0.split(separator: " ").last.map(String.init) }.first { $0.contains("/\(name).so") }
        let path = try #require(mapped)
        let judged = try ["readelf -n", "file -L"].map { command in
            let words = command.split(separator: " ").map(String.init)
            return try Program.run(words[0], Array(words.dropFirst()) + [path])
        }.first { $0.status == 0 }
        guard let judged else { return }
        #expect(judged.output.contains(library.buildID))
        #expect(library.buildID.count == 40 || library.buildID.count == 32 || library.buildID.count == 16)
    }

    @Test func anEncodersVersionIsThatOfItsFile() {
        for library in LoadedLibraries.all where library.name == "libx264" {
            #expect(Int(library.version) != nil, "the ABI number behind .so: \(library.version)")
        }
    }
}
