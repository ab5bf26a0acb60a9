import MediaModel

/// What a first pass leaves in the record beside its statistics.
struct MeasureRecord: Codable {
    /// Bytes that the chunk costs at a constant quality.
    var codedBytes: Int
}

/// What a finished package leaves in the record beside its folder, `package`.
struct PackageRecord: Codable {
    var package: AssetPackage
}
