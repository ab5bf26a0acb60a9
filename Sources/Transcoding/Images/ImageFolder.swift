import Libav
import MediaModel

/// The folder that the pictures are written into, and the record of them.
final class ImageFolder {
    private let path: String
    private let quality: Int
    private let converter = StillConverter()
    /// In the order in which they were written.
    private(set) var images: [PackageImage] = []

    /// - Parameter quality: 1 to 100, of every picture.
    init(_ path: String, quality: Int) {
        self.path = path
        self.quality = quality
    }

    /// Writes one picture as JPEG and as WebP, scaled to `size` in pixels.
    func writeStill(_ still: Still, kind: PackageImage.Kind, name: String, size: ImagePlan.Size) throws(TranscodingError) {
        for format in [StillFormat.jpeg, .webp] {
            let file = "\(name).\(format.fileExtension)"
            let bytes = try wrapping(.encoder, "make '\(file)'") { () throws(LibavError) in
                let frame = try converter.convert(still.frame, meaning: still.meaning, to: size, fullRange: format.isFullRange)
                return try format.encode(frame, quality: quality)
            }
            try write(bytes, kind: kind, name: file, size: size)
        }
    }

    /// Writes a sprite sheet, already in JPEG's colours.
    func writeSheet(_ sheet: borrowing Frame, name: String) throws(TranscodingError) {
        let size = ImagePlan.Size(width: sheet.shape.width, height: sheet.shape.height)
        let bytes: [UInt8]
        do throws(LibavError) {
            bytes = try StillFormat.jpeg.encode(sheet, quality: quality)
        } catch {
            throw TranscodingError(.encoder, "make '\(name)'", "", underlying: error)
        }
        try write(bytes, kind: .sprite, name: name, size: size)
    }

    func write(_ bytes: [UInt8], kind: PackageImage.Kind, name: String, size: ImagePlan.Size) throws(TranscodingError) {
        try OutputFile.write(bytes, to: "\(path)/\(name)")
        images.append(PackageImage(kind: kind, path: "images/\(name)", width: size.width, height: size.height))
    }
}
