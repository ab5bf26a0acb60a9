#if REELMILL_TESTING
    import Foundation
    import MediaModel

    /// For tests, in builds for tests alone (Package.swift): another release of what titles are made with, as `REELMILL_TEST_UPGRADE`
    /// says, several parted by commas: `library:NAME` (another build of it), `engine:NUMBER` (another format), `presets:FOLDER` (files that
    /// take the place of built-in presets of their names).
    enum TestUpgrade {
        private static func word(_ name: String) -> String? {
            (ProcessInfo.processInfo.environment["REELMILL_TEST_UPGRADE"] ?? "").split(separator: ",")
                .first { $0.hasPrefix("\(name):") }.map { String($0.dropFirst(name.count + 1)) }
        }

        static func libraries(_ loaded: [LibraryIdentity]) -> [LibraryIdentity] {
            loaded.map { library in
                guard library.name == word("library") else { return library }
                return LibraryIdentity(name: library.name, version: library.version, buildID: "upgraded")
            }
        }

        static var engine: Int? { word("engine").flatMap { Int($0) } }

        static var presets: [String: String] {
            guard let folder = word("presets"), let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return [:] }
            let texts = names.filter { $0.hasSuffix(".yaml") }.map { name in
                (
                    String(name.dropLast(5)),
                    String(decoding: FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data(), as: UTF8.self)
                )
            }
            return Dictionary(texts, uniquingKeysWith: { first, _ in first })
        }
    }
#endif
