/// The `styp` box (ISO/IEC 14496-12, 8.16.2) that begins every media segment; libavformat writes none.
package enum SegmentType {
    /// Brands: a DASH media segment (`msdh`), which is a CMAF segment (`cmfs`) of exactly one CMAF fragment (`cmff`),
    /// ISO/IEC 23000-19, 7.2. No `msix`, for there is no `sidx`.
    package static let box: [UInt8] = Formats.box(
        "styp", Array("msdh".utf8), UInt32(0).bigEndianBytes, Array("msdhcmfscmff".utf8))
}
