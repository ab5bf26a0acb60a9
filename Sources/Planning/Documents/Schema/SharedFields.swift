/// Keys that manifests and presets have in common.
enum SharedFields {
    /// Editors look here for the schema of a JSON file.
    static var editorSchema: Field {
        Field("$schema", .text(.free), "The JSON Schema that an editor completes this file by; not read by reelmill.")
    }
}
