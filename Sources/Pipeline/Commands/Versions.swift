import MediaModel
import Planning
import Transcoding

/// What this program is linked with, and the formats that it reads.
package enum Versions {
    /// One line a library, the program first.
    package static var text: String {
        MediaLibraries.prepare()
        return
            (["reelmill \(productVersion)"]
            + MediaLibraries.identities.map { library in
                "\(library.name) \(library.version)" + (library.buildID.isEmpty ? "" : " \(library.buildID)")
            }).joined(separator: "\n")
    }

    /// JSON Schema (draft 2020-12) of the manifest.
    package static var manifestSchema: String { ManifestSchema.json }
    /// JSON Schema (draft 2020-12) of a preset.
    package static var presetSchema: String { PresetSchema.json }
}
