internal import Foundation

/// A path below `/media/`, taken apart and found harmless: nothing in it can lead out of the version's folder by its letters.
struct MediaPath: Hashable, Sendable {
    let title: String
    let version: String
    /// Names below the version's folder; at least one.
    let names: [String]

    /// Reads the path of a request, as it was sent; nil for one that cannot mean a published file: a name that is empty, hidden, `..`,
    /// or that hides a separator, NUL or other control character behind percent signs.
    init?(_ path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 5, parts[0].isEmpty, parts[1] == "media" else { return nil }
        var names: [String] = []
        for part in parts.dropFirst(2) {
            guard let name = part.removingPercentEncoding, Self.isHarmless(name) else { return nil }
            names.append(name)
        }
        (title, version) = (names[0], names[1])
        self.names = Array(names.dropFirst(2))
        guard Self.isKey(title), Self.isVersion(version) else { return nil }
    }

    /// Relative to the version's folder.
    var file: String { names.joined(separator: "/") }

    private static func isHarmless(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && !name.hasSuffix("~")
            && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "/" && $0 != "\\" }
    }

    private static func isKey(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-" }
    }

    private static func isVersion(_ text: String) -> Bool {
        text.utf8.count == 16 && text.unicodeScalars.allSatisfy { ("0"..."9").contains($0) || ("a"..."f").contains($0) }
    }
}
