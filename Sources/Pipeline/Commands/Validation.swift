import Foundation
package import MediaModel
import Planning

/// `validate`: manifests, presets, or folders of them, all faults of all files.
package enum Validation {
    /// What was looked at and what is wrong with it.
    package struct Result: Sendable {
        package var files: [String]
        package var diagnostics: [Diagnostic]
    }

    /// Writes nothing and decodes nothing.
    /// - Parameter checkFiles: also report sources and sidecars that are not there.
    package static func run(paths: [String], checkFiles: Bool) -> Result {
        var result = Result(files: [], diagnostics: [])
        var clashes = ManifestClashes()
        for path in paths {
            var isFolder: ObjCBool = false
            if unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
                let listed = DocumentFolder.files(in: path)
                result.diagnostics += listed.diagnostics
                if listed.value?.isEmpty != false, listed.diagnostics.isEmpty {
                    // A wrong folder in a CI's script would be valid for ever.
                    result.diagnostics.append(
                        Diagnostic(file: path, line: 0, column: 0, key: "", message: "there is no manifest and no preset in this folder"))
                }
                for file in listed.value ?? [] { check(file, checkFiles: checkFiles, &result, &clashes) }
            } else {
                check(path, checkFiles: checkFiles, &result, &clashes)
            }
        }
        return result
    }

    private static func check(_ path: String, checkFiles: Bool, _ result: inout Result, _ clashes: inout ManifestClashes) {
        result.files.append(path)
        let kind = DocumentKind.detect(path: path)
        switch kind.value {
        case .manifest:
            let read = ManifestReader.read(
                path: path, presets: EngineIdentity.presets, checkFiles: checkFiles, prove: PresetProof.diagnostics)
            result.diagnostics += read.diagnostics
            if let manifest = read.value?.manifest { result.diagnostics += clashes.add(manifest, file: path) }
        case .preset:
            let read = PresetReader.read(path: path)
            result.diagnostics += read.diagnostics
            if let document = read.value { result.diagnostics += PresetProof.diagnostics(document) }
        case nil:
            result.diagnostics += kind.diagnostics
        }
    }
}
