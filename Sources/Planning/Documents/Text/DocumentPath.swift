import Foundation

/// Paths as documents write them, made absolute.
enum DocumentPath {
    /// An absolute path without `.` and `..`; a relative one starts at the current folder.
    static func absolute(_ path: String) -> String {
        resolve(path, in: FileManager.default.currentDirectoryPath)
    }

    /// An absolute path without `.` and `..`; a relative one starts at `folder`, which is absolute.
    static func resolve(_ path: String, in folder: String) -> String {
        var parts: [Substring] = path.hasPrefix("/") ? [] : folder.split(separator: "/")
        for part in path.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// The folder that a path lies in, as the user would write it: `.` for a bare name.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last part of a path without its ending: `h264-fast` of `presets/h264-fast.yaml`.
    static func stem(of path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return String(name) }
        return String(name[..<dot])
    }

    /// What keeps a file from being read, in words; nil if nothing does.
    static func fault(ofFile path: String) -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return "there is no file '\(path)'" }
        if isFolder(path) { return "'\(path)' is a folder; a file is wanted" }
        return FileManager.default.isReadableFile(atPath: path) ? nil : "'\(path)' may not be read by this user"
    }

    /// What keeps a source or a sidecar from being read: it is read more than once, from any place, which a pipe or a device is not good
    /// for.
    static func fault(ofSource path: String) -> String? {
        if let fault = fault(ofFile: path) { return fault }
        let place = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let type = try? FileManager.default.attributesOfItem(atPath: place)[.type] as? FileAttributeType else { return nil }
        return type == .typeRegular ? nil : "'\(path)' is a pipe or a device; a plain file is wanted"
    }

    /// The names of the files in a folder; none where there is no such folder.
    static func names(in folder: String) -> [String] {
        guard isFolder(folder) else { return [] }
        // A folder that cannot be listed has no names to suggest; opening one of its files says why.
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// The name in the same folder that a missing file's name is nearest to. Large folders are not searched: a batch may miss thousands.
    static func neighbour(of path: String) -> (given: String, nearest: String)? {
        let names = names(in: folder(of: path))
        guard names.count <= 500, let given = path.split(separator: "/").last.map(String.init) else { return nil }
        return NearestWord.to(given, in: names).map { (given, $0) }
    }

    /// Links are followed. Only a folder has an entry `.`, and asking for it takes no pointer.
    static func isFolder(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/.") }
}
