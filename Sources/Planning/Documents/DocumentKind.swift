import MediaModel

/// What a file is, by its keys: `validate` takes both.
package enum DocumentKind: Hashable, Sendable {
    case manifest
    case preset

    /// A manifest has `titles`, a preset `video` or `audio`; a file with neither goes by the most of its keys.
    package static func detect(path: String) -> ReadResult<DocumentKind> {
        let file = DocumentFile.read(path: path)
        guard let file = file.value else { return ReadResult(value: nil, diagnostics: file.diagnostics) }
        let (root, diagnostics) = DocumentTree.readAll(file)
        guard let root else { return ReadResult(value: nil, diagnostics: diagnostics) }
        if let kind = kind(of: root.keys) { return ReadResult(value: kind, diagnostics: []) }
        var faults = Faults(file: path)
        faults.add(root.place, "", "is neither a manifest (key titles) nor a preset (keys video and audio)")
        return ReadResult(value: nil, diagnostics: diagnostics + faults.diagnostics)
    }

    /// nil where no key is one of ours, but for those that everyone uses.
    static func kind(of keys: [String]) -> DocumentKind? {
        // A finished package's own file has `video` and `audio` too.
        if keys.contains("format_version") { return nil }
        if keys.contains("titles") { return .manifest }
        let everyones: Set = ["version", "description", "$schema"]
        func known(_ shape: RecordShape) -> Int { keys.filter { shape.keys.contains($0) && !everyones.contains($0) }.count }
        let (manifest, preset) = (known(ManifestSchema.root), known(PresetSchema.root))
        if manifest == 0, preset == 0 { return nil }
        return manifest > preset ? .manifest : .preset
    }
}
