import MediaModel

/// Reads the source's colour as it was meant, and says what every rendition carries. Code points of H.273.
enum ColorPlanner {
    private static let unspecified = 2

    /// - Throws: `hdr` for PQ and HLG.
    static func tags(
        of video: VideoTrackInfo, operation: String
    ) throws(PlanningError) -> (input: ColorTags, output: ColorTags) {
        guard !video.color.isHDR else {
            let name = video.color.transfer == 16 ? "PQ (HDR10)" : "HLG"
            throw PlanningError(
                .hdr, operation: operation,
                detail: "the picture is \(name), and HDR is not built yet; hand in a master graded for SDR (BT.709)")
        }
        let input = isRGB(video) ? rgb(video) : filledIn(video)
        return (input, output(for: input))
    }

    /// BT.709 and BT.601 are carried as they are; all else is converted to BT.709. Limited range always.
    private static func output(for input: ColorTags) -> ColorTags {
        let carriesPrimaries = [1, 5, 6].contains(input.primaries)
        let carriesMatrix = [1, 5, 6].contains(input.matrix)
        // Gamma 2.2 and 2.8 are what broadcasters' SD material says of itself.
        let carriesTransfer = [1, 4, 5, 6].contains(input.transfer)
        guard carriesPrimaries, carriesMatrix, carriesTransfer else { return .bt709 }
        return ColorTags(primaries: input.primaries, transfer: input.transfer, matrix: input.matrix, isFullRange: false)
    }

    /// RGB is sRGB: BT.709's primaries, full range, and a curve that every player shows as BT.709's.
    private static func rgb(_ video: VideoTrackInfo) -> ColorTags {
        let primaries = known(video.color.primaries, in: primariesCodes) ?? 1
        return ColorTags(primaries: primaries, transfer: curve(video.color.transfer) ?? 1, matrix: 0, isFullRange: true)
    }

    private static func filledIn(_ video: VideoTrackInfo) -> ColorTags {
        let primaries = known(video.color.primaries, in: primariesCodes)
        let matrix = known(video.color.matrix, in: matrixCodes) ?? primaries.flatMap(matrixCode) ?? guess(video)
        let transfer = curve(video.color.transfer) ?? (matrix == 5 || matrix == 6 ? 6 : 1)
        let isFull = video.color.isFullRange || video.pixelFormat.hasPrefix("yuvj")
        return ColorTags(
            primaries: primaries ?? primariesCode(of: matrix), transfer: transfer, matrix: matrix, isFullRange: isFull)
    }

    /// Nobody says: high definition is BT.709; standard definition BT.601, of 625 lines (5) or of 525 (6).
    private static func guess(_ video: VideoTrackInfo) -> Int {
        let short = min(video.width, video.height)
        if short > 576 || max(video.width, video.height) > 1024 { return 1 }
        return [576, 288].contains(short) ? 5 : 6
    }

    private static func isRGB(_ video: VideoTrackInfo) -> Bool {
        let prefixes = ["rgb", "bgr", "gbr", "argb", "abgr", "0rgb", "0bgr", "x2rgb", "x2bgr", "pal8", "mono", "bayer", "xyz"]
        return prefixes.contains { video.pixelFormat.hasPrefix($0) }
    }

    private static let primariesCodes: Set = [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 22]
    /// Without 0 (RGB), which a luma and chroma format cannot be.
    private static let matrixCodes: Set = [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]
    private static let transferCodes: Set = [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17]

    private static func known(_ code: Int, in codes: Set<Int>) -> Int? { codes.contains(code) ? code : nil }

    /// sRGB's curve (13) is shown as BT.709's by every player: carried, not converted.
    private static func curve(_ code: Int) -> Int? { code == 13 ? 1 : known(code, in: transferCodes) }

    private static func matrixCode(of primaries: Int) -> Int? {
        [1: 1, 5: 5, 6: 6, 7: 7, 9: 9][primaries]
    }

    private static func primariesCode(of matrix: Int) -> Int {
        [5: 5, 6: 6, 7: 7, 9: 9, 10: 9][matrix] ?? 1
    }
}
