import Foundation
import MediaModel

/// The manifests and presets below a folder.
package enum DocumentFolder {
    /// Every `.yaml`, `.yml` and `.json` file below `folder` that looks like a manifest or a preset, sorted, named as `folder` is.
    /// Hidden folders are left out; so are files of other programs. One that cannot be read is a diagnostic.
    package static func files(in folder: String) -> ReadResult<[String]> {
        var found: [String] = []
        var faults = Faults(file: folder)
        var waiting = [folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder]
        while let current = waiting.popLast() {
            let names: [String]
            do {
                names = try FileManager.default.contentsOfDirectory(atPath: current)
            } catch {
                faults.add([
                    Diagnostic(file: current, line: 0, column: 0, key: "", message: "cannot be listed: \(error.localizedDescription)")
                ])
                continue
            }
            for name in names where !name.hasPrefix(".") {
                let path = current == "/" ? "/\(name)" : "\(current)/\(name)"
                if isFolder(path) {
                    waiting.append(path)
                } else if PresetLibrary.endings.contains(where: { name.lowercased().hasSuffix($0) }), looksLikeOurs(path) {
                    found.append(path)
                }
            }
        }
        return ReadResult(value: found.sorted(), diagnostics: faults.diagnostics)
    }

    /// A link to a folder is not followed: it could lead back up.
    private static func isFolder(_ path: String) -> Bool {
        let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        return type == .typeDirectory
    }

    /// By its keys; a file whose syntax is broken counts by the words at its lines' beginnings, so that it is not passed over in silence.
    private static func looksLikeOurs(_ path: String) -> Bool {
        guard let file = DocumentFile.read(path: path).value else { return false }
        if let root = DocumentTree.readAll(file).root {
            return root.keys.contains("version") && DocumentKind.kind(of: root.keys) != nil || root.keys.contains("titles")
        }
        let lines = file.text.split(whereSeparator: \.isNewline)
        return lines.contains { $0.hasPrefix("titles:") } || lines.contains { $0.hasPrefix("  rungs:") }
            || (file.isJSON && file.text.contains("\"titles\""))
    }
}
