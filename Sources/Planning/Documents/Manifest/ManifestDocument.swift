package import MediaModel

/// A manifest as read, with the presets that its titles name.
package struct ManifestDocument: Sendable {
    package var manifest: Manifest
    /// Each distinct preset once, in the order in which titles name them, with its places, so that an encoder's refusal finds its line.
    package var presets: [PresetDocument]

    package init(manifest: Manifest, presets: [PresetDocument]) {
        self.manifest = manifest
        self.presets = presets
    }
}
