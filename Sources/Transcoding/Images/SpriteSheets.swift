import Libav
import MediaModel

/// Puts tiles onto sheets, left to right, then top to bottom, and writes each sheet as soon as it is full.
final class SpriteSheets {
    private let images: ImagePlan
    private let meaning: PictureMeaning
    private let converter = StillConverter()
    private var sheet: Frame?
    private var tiles = 0

    /// - Parameter color: of the scaled pictures.
    init(images: ImagePlan, color: ColorTags) {
        self.images = images
        meaning = PictureMeaning(color: color, hasCenteredChroma: false)
    }

    private var capacity: Int { images.columns * images.rows }

    /// Draws the frame as often as the plan shows it: a short title's tiles may share one.
    func draw(_ visit: FramePass.Visit, to shelf: ImageFolder) throws(TranscodingError) {
        let picture = try visit.scaler.scaled(to: .init(width: images.tile.width, height: images.tile.height, bitDepth: 8))
        let tile: Frame
        do throws(LibavError) {
            tile = try converter.convert(picture, meaning: meaning, to: images.tile, fullRange: true)
        } catch {
            throw TranscodingError(.unsupported, "draw a sprite", "", underlying: error)
        }
        for _ in images.tileFrames where tiles < images.tileFrames.count && images.tileFrames[tiles] == visit.number {
            try place(tile, to: shelf)
        }
    }

    /// Writes the last sheet, with as many rows as it needs.
    func finish(to shelf: ImageFolder) throws(TranscodingError) {
        guard let last = sheet.take() else { return }
        try shelf.writeSheet(last, name: SpriteSheets.name((tiles - 1) / capacity))
    }

    /// The file of a sheet, counted from 0.
    static func name(_ sheet: Int) -> String { "sprite-\(sheet + 1).jpg" }

    private func place(_ tile: borrowing Frame, to shelf: ImageFolder) throws(TranscodingError) {
        let inSheet = tiles % capacity
        let open: Frame
        if let begun = sheet.take() { open = begun } else { open = try blank() }
        open.draw(tile, x: inSheet % images.columns * images.tile.width, y: inSheet / images.columns * images.tile.height)
        tiles += 1
        if inSheet + 1 == capacity {
            try shelf.writeSheet(open, name: SpriteSheets.name((tiles - 1) / capacity))
        } else {
            sheet = consume open
        }
    }

    private func blank() throws(TranscodingError) -> Frame {
        let left = min(capacity, images.tileFrames.count - tiles)
        let rows = (left + images.columns - 1) / images.columns
        do throws(LibavError) {
            let frame = try Frame.picture(
                width: images.columns * images.tile.width, height: rows * images.tile.height, fullRange: true)
            frame.setColor(StillFormat.color(fullRange: true))
            return frame
        } catch {
            throw TranscodingError(.unsupported, "begin a sprite sheet", "", underlying: error)
        }
    }
}
