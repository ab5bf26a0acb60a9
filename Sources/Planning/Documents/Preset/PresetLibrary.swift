/// Where a preset's name leads: to `presets/` beside the manifest, then to the presets compiled into the binary.
package struct PresetLibrary: Sendable {
    /// Text of each built-in preset by its name.
    let builtIn: [String: String]

    /// The presets compiled into the binary.
    package init() {
        self.init(builtIn: BuiltInPresets.texts)
    }

    init(builtIn: [String: String]) {
        self.builtIn = builtIn
    }

    /// The same with other texts for some of them, as another release may have.
    package func replacing(_ texts: [String: String]) -> PresetLibrary {
        PresetLibrary(builtIn: builtIn.merging(texts) { _, new in new })
    }

    /// Names of the built-in presets, sorted.
    package var names: [String] { builtIn.keys.sorted() }

    /// Reads a built-in preset; nil where there is none of that name.
    package func builtIn(named name: String) -> ReadResult<PresetDocument>? {
        builtIn[name].map { PresetReader.read(DocumentFile(name: "built-in preset \(name)", text: $0), name: name, isBuiltIn: true) }
    }

    /// True where a preset is named by its path: it has a slash or a file's ending.
    static func isPath(_ name: String) -> Bool {
        let lower = name.lowercased()
        return name.contains("/") || endings.contains { lower.hasSuffix($0) }
    }

    static let endings = [".yaml", ".yml", ".json"]
}
