import CFFmpeg
package import MediaModel

/// A decoded picture or a run of samples, owned: its reference is dropped when it goes out of scope. Pixels are shared, never copied, by
/// `reference()`.
package struct Frame: ~Copyable {
    let pointer: UnsafeMutablePointer<AVFrame>

    package init() throws(LibavError) { pointer = try allocated(av_frame_alloc(), "a frame") }

    deinit {
        var pointer: UnsafeMutablePointer<AVFrame>? = pointer
        av_frame_free(&pointer)
    }

    /// Another owner of the same pixels or samples.
    package func reference() throws(LibavError) -> Frame {
        let copy = try Frame()
        try check(av_frame_ref(copy.pointer, pointer), "share a frame")
        return copy
    }

    /// Gives back what the frame holds; the frame itself can be used again.
    package func clear() { av_frame_unref(pointer) }

    /// In ticks of the decoder's packets, or of the filter graph; nil where nobody knows.
    package var presentation: Int64? {
        get { known(pointer.pointee.pts) }
        nonmutating set { pointer.pointee.pts = newValue ?? reelmill_nopts() }
    }

    /// libav's best guess at the presentation time; depends on where decoding began.
    package var bestEffortPresentation: Int64? { known(pointer.pointee.best_effort_timestamp) }

    package var shape: FrameShape {
        FrameShape(
            width: Int(pointer.pointee.width), height: Int(pointer.pointee.height), pixelFormat: pointer.pointee.format,
            sampleAspectRatio: Rational(pointer.pointee.sample_aspect_ratio))
    }

    package var samples: Int { Int(pointer.pointee.nb_samples) }
    package var sampleRate: Int { Int(pointer.pointee.sample_rate) }
    package var isInterlaced: Bool { reelmill_frame_is_interlaced(pointer) != 0 }
    /// The decoder concealed something.
    package var isDamaged: Bool { pointer.pointee.decode_error_flags != 0 || pointer.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 }

    package var color: ColorTags {
        ColorTags(
            primaries: Int(pointer.pointee.color_primaries.rawValue), transfer: Int(pointer.pointee.color_trc.rawValue),
            matrix: Int(pointer.pointee.colorspace.rawValue),
            isFullRange: pointer.pointee.color_range == AVCOL_RANGE_JPEG || pixelFormatIsFullRange)
    }

    /// The formats of JPEG are full range by name; grey is, as swscale has it, where nobody says otherwise.
    private var pixelFormatIsFullRange: Bool {
        let name = av_get_pix_fmt_name(AVPixelFormat(pointer.pointee.format)).map { String(cString: $0) } ?? ""
        let isGrey = name.hasPrefix("gray") || name.hasPrefix("ya")
        return name.hasPrefix("yuvj") || (isGrey && pointer.pointee.color_range == AVCOL_RANGE_UNSPECIFIED)
    }

    /// How the picture must be turned to stand upright, where the frame itself says so (a JPEG's EXIF does; a film's track says it
    /// elsewhere).
    package var orientation: Orientation {
        guard let data = av_frame_get_side_data(pointer, AV_FRAME_DATA_DISPLAYMATRIX), data.pointee.size >= 36 else { return .upright }
        return UnsafeRawPointer(data.pointee.data).withMemoryRebound(to: Int32.self, capacity: 9) { Orientation(displayMatrix: $0) }
    }

    /// Says what the pixels mean, over whatever the source said.
    package func setColor(_ tags: ColorTags) {
        pointer.pointee.color_primaries = AVColorPrimaries(UInt32(tags.primaries))
        pointer.pointee.color_trc = AVColorTransferCharacteristic(UInt32(tags.transfer))
        pointer.pointee.colorspace = AVColorSpace(UInt32(tags.matrix))
        pointer.pointee.color_range = tags.isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
        pointer.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
    }

    /// Readies a frame for an encoder: its time, and whether an IDR frame is asked for. The decoder's own picture type is wiped.
    package func setForEncoding(presentation: Int64, isKey: Bool) {
        pointer.pointee.pts = presentation
        reelmill_frame_set_key(pointer, isKey ? 1 : 0)
    }

    /// Side data (closed captions, GPS, encoder banners) stops here: no metadata of the source reaches a package.
    package func dropMetadata() {
        while pointer.pointee.nb_side_data > 0, let first = pointer.pointee.side_data[0] {
            av_frame_remove_side_data(pointer, first.pointee.type)
        }
        av_dict_free(&pointer.pointee.metadata)
    }

    /// Copies one 8-bit plane out, rows without padding: `width` by `height` bytes of plane 0, chroma planes as they are stored.
    package func plane(_ index: Int, width: Int, height: Int) -> [UInt8] {
        withUnsafePointer(to: &pointer.pointee.data) { data in
            withUnsafePointer(to: &pointer.pointee.linesize) { strides in
                let plane = UnsafeRawPointer(data).assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self)[index]
                let stride = Int(UnsafeRawPointer(strides).assumingMemoryBound(to: Int32.self)[index])
                guard let plane else { return [] }
                var bytes: [UInt8] = []
                bytes.reserveCapacity(width * height)
                for row in 0..<height { bytes.append(contentsOf: UnsafeBufferPointer(start: plane + row * stride, count: width)) }
                return bytes
            }
        }
    }

    /// A new, black 8-bit 4:2:0 picture to draw into; the caller owns it. Sides in pixels.
    package static func picture(width: Int, height: Int, fullRange: Bool) throws(LibavError) -> Frame {
        let frame = try Frame()
        frame.pointer.pointee.width = Int32(width)
        frame.pointer.pointee.height = Int32(height)
        frame.pointer.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        try check(av_frame_get_buffer(frame.pointer, 0), "allocate a picture of \(width)x\(height)")
        let luma: Int32 = fullRange ? 0 : 16
        withUnsafePointer(to: &frame.pointer.pointee.data) { data in
            withUnsafePointer(to: &frame.pointer.pointee.linesize) { strides in
                let planes = UnsafeRawPointer(data).assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self)
                let strides = UnsafeRawPointer(strides).assumingMemoryBound(to: Int32.self)
                for index in 0..<3 {
                    let rows = index == 0 ? height : (height + 1) / 2
                    planes[index]?.update(repeating: UInt8(index == 0 ? luma : 128), count: Int(strides[index]) * rows)
                }
            }
        }
        return frame
    }

    /// Copies an 8-bit 4:2:0 picture into this one with its top left corner at (`x`, `y`), both even.
    /// - Precondition: it lies within this one.
    package func draw(_ tile: borrowing Frame, x: Int, y: Int) {
        let (width, height) = (Int(tile.pointer.pointee.width), Int(tile.pointer.pointee.height))
        precondition(
            x >= 0 && y >= 0 && x + width <= Int(pointer.pointee.width) && y + height <= Int(pointer.pointee.height),
            "a picture drawn past the edge of another")
        for index in 0..<3 {
            let shift = index == 0 ? 0 : 1
            let rows = (height + shift) >> shift
            let columns = (width + shift) >> shift
            guard let source = tile.planePointer(index), let target = planePointer(index) else { continue }
            for row in 0..<rows {
                (target.start + (row + (y >> shift)) * target.stride + (x >> shift))
                    .update(from: source.start + row * source.stride, count: columns)
            }
        }
    }

    private func planePointer(_ index: Int) -> (start: UnsafeMutablePointer<UInt8>, stride: Int)? {
        withUnsafePointer(to: &pointer.pointee.data) { data in
            withUnsafePointer(to: &pointer.pointee.linesize) { strides in
                let plane = UnsafeRawPointer(data).assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self)[index]
                let stride = Int(UnsafeRawPointer(strides).assumingMemoryBound(to: Int32.self)[index])
                return plane.map { (start: $0, stride: stride) }
            }
        }
    }
}

/// What a filter graph must be rebuilt for when it changes in mid-stream.
package struct FrameShape: Hashable, Sendable {
    package var width: Int
    package var height: Int
    /// libavutil's number of the format.
    package var pixelFormat: Int32
    package var sampleAspectRatio: Rational

    /// libavutil's name, such as `yuv420p`.
    package var pixelFormatName: String {
        av_get_pix_fmt_name(AVPixelFormat(pixelFormat)).map { String(cString: $0) } ?? "unknown"
    }
}

/// Facts of a pixel format that decide how it is converted.
package struct PixelFormat: Hashable, Sendable {
    package let name: String
    package let bitDepth: Int
    /// Red, green, blue, a palette, or what becomes such: no luma.
    package let isRGB: Bool
    /// Each component in a plane of its own, at least 8 bits each: what zscale reads.
    package let isPlanar: Bool
    package let hasAlpha: Bool

    package init?(_ name: String) {
        let format = av_get_pix_fmt(name)
        guard format != AV_PIX_FMT_NONE, let description = av_pix_fmt_desc_get(format) else { return nil }
        let flags = Int32(truncatingIfNeeded: description.pointee.flags)
        self.name = name
        bitDepth = Int(description.pointee.comp.0.depth)
        // Black and white of one bit, and cinema's XYZ, are no luma either: swscale makes red, green and blue of them.
        isRGB = flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) != 0 || name.hasPrefix("mono") || name.hasPrefix("xyz")
        isPlanar =
            flags & AV_PIX_FMT_FLAG_PLANAR != 0 && flags & (AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM) == 0
            && av_pix_fmt_count_planes(format) == Int32(description.pointee.nb_components)
        hasAlpha = flags & AV_PIX_FMT_FLAG_ALPHA != 0
    }
}
