package import Libav
package import MediaModel

/// A still picture that a person hands in: artwork.
package enum PictureFile {
    /// Its size in pixels, found by decoding it.
    package static func size(of path: String) throws(TranscodingError) -> ImagePlan.Size {
        let picture = try read(path)
        return ImagePlan.Size(width: picture.shape.width, height: picture.shape.height)
    }

    /// The decoded picture; the caller owns it.
    package static func read(_ path: String) throws(TranscodingError) -> Frame {
        try wrapping(.unreadable, "read the picture '\(path)'") { () throws(LibavError) in
            let demuxer = try Demuxer(path: path)
            guard let stream = demuxer.streams.first(where: { $0.kind == .video }) else {
                throw LibavError(code: LibavError.invalidData, operation: "read '\(path)'", detail: "it holds no picture", log: "")
            }
            demuxer.select([stream.index])
            let decoder = try demuxer.decoder(forStream: stream.index)
            let packet = try Packet()
            let frame = try Frame()
            while try demuxer.read(into: packet) {
                try decoder.send(packet)
                if try decoder.receive(into: frame) { return frame }
            }
            try decoder.finish()
            guard try decoder.receive(into: frame) else {
                throw LibavError(code: LibavError.invalidData, operation: "read '\(path)'", detail: "no picture comes out")
            }
            return frame
        }
    }
}
